docker/Dockerfile:1:6: error: Base image 'nvcr.io/nvidia/pytorch:latest' is referenced by the tag 'latest', not by a digest. [floating-base-image, high]
docker/Dockerfile:2:5: error: ENV 'API_KEY' holds a secret. [secret-in-env, critical]
k8s/pod.yaml:9:9: error: Container 'trainer' runs privileged: a break-out is root on the node. [privileged-container, critical]
k8s/pod.yaml:11:18: warning: Container 'trainer' asks for 8 GPUs and no memory. [gpu-pod-without-memory, medium]
