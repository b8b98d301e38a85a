"""Roles that the API server itself makes, by their names: a `system:` before a name makes no role the cluster's own."""

from __future__ import annotations

from typing import Any

ADMIN = "cluster-admin"
_FOR_USERS = frozenset((ADMIN, "admin", "edit", "view"))  # a Role of that name is somebody's own
_FOR_EVERYBODY = (
    "system:aggregate-to-admin",
    "system:aggregate-to-edit",
    "system:aggregate-to-view",
    "system:basic-user",
    "system:cluster-trust-bundle-discovery",
    "system:discovery",
    "system:monitoring",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
)
_FOR_COMPONENTS = (
    "extension-apiserver-authentication-reader",
    "system::leader-locking-kube-controller-manager",
    "system::leader-locking-kube-scheduler",
    "system:auth-delegator",
    "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
    "system:certificates.k8s.io:kube-apiserver-client-approver",
    "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
    "system:certificates.k8s.io:kubelet-serving-approver",
    "system:certificates.k8s.io:legacy-unknown-approver",
    "system:heapster",
    "system:kube-aggregator",
    "system:kube-controller-manager",
    "system:kube-dns",
    "system:kube-scheduler",
    "system:kubelet-api-admin",
    "system:node",
    "system:node-bootstrapper",
    "system:node-problem-detector",
    "system:node-proxier",
    "system:persistent-volume-provisioner",
    "system:volume-scheduler",
)
_CONTROLLERS = (  # after `system:controller:`
    "attachdetach-controller",
    "bootstrap-signer",
    "certificate-controller",
    "cloud-provider",
    "clusterrole-aggregation-controller",
    "cronjob-controller",
    "daemon-set-controller",
    "deployment-controller",
    "device-taint-eviction-controller",
    "disruption-controller",
    "endpoint-controller",
    "endpointslice-controller",
    "endpointslicemirroring-controller",
    "ephemeral-volume-controller",
    "expand-controller",
    "generic-garbage-collector",
    "horizontal-pod-autoscaler",
    "job-controller",
    "kube-apiserver-serving-clustertrustbundle-publisher",
    "legacy-service-account-token-cleaner",
    "namespace-controller",
    "node-controller",
    "persistent-volume-binder",
    "pod-garbage-collector",
    "pv-protection-controller",
    "pvc-protection-controller",
    "replicaset-controller",
    "replication-controller",
    "resource-claim-controller",
    "resourcequota-controller",
    "root-ca-cert-publisher",
    "route-controller",
    "selinux-warning-controller",
    "service-account-controller",
    "service-cidrs-controller",
    "service-controller",
    "statefulset-controller",
    "storage-version-migrator-controller",
    "storageversion-garbage-collector",
    "taint-eviction-controller",
    "token-cleaner",
    "ttl-after-finished-controller",
    "ttl-controller",
    "validatingadmissionpolicy-status-controller",
    "volumeattributesclass-protection-controller",
)
_SYSTEM = frozenset(
    (*_FOR_EVERYBODY, *_FOR_COMPONENTS, *(f"system:controller:{name}" for name in _CONTROLLERS))
)


def is_builtin(role: Any) -> bool:
    """Whether a Role or ClusterRole has the name of one that the API server itself makes."""
    name = role.metadata.name
    return isinstance(name, str) and (name in _SYSTEM or (name in _FOR_USERS and role.type_key != "Role"))


def is_cluster_admin(role: Any) -> bool:
    """Whether it is the API server's own role that allows everything; no other of them does."""
    name = role.metadata.name
    return isinstance(name, str) and name == ADMIN and role.type_key != "Role"
