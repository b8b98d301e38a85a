"""Generated corpora of realistic size: a manifest of 1.7 KB, a Dockerfile and a module of 1 KB; every file differs."""

from __future__ import annotations

from pathlib import Path

_MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: server-{n}
  namespace: team-{team}
  labels: {{app: server-{n}, tier: serving}}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: server-{n}}}
  template:
    metadata:
      labels: {{app: server-{n}, tier: serving}}
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile: {{type: RuntimeDefault}}
      containers:
        - name: server
          image: registry.example.org/serving/server:1.{n}.0
          args: ["--model=/models/m{n}", "--port=8000", "--max-tokens=4096"]
          ports:
            - {{name: http, containerPort: 8000}}
          env:
            - name: MODEL_PATH
              value: /models/m{n}
            - name: HF_TOKEN
              valueFrom:
                secretKeyRef: {{name: hub, key: token}}
          securityContext:
            allowPrivilegeEscalation: {escalation}
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          resources:
            requests: {{cpu: "4", memory: 16Gi, nvidia.com/gpu: 1}}
            limits: {{memory: 16Gi, nvidia.com/gpu: 1}}
          readinessProbe:
            httpGet: {{path: /health, port: http}}
          volumeMounts:
            - {{name: models, mountPath: /models, readOnly: true}}
            - {{name: shm, mountPath: /dev/shm}}
      volumes:
        - name: models
          persistentVolumeClaim: {{claimName: models}}
        - name: shm
          emptyDir: {{medium: Memory, sizeLimit: 2Gi}}
"""
_DOCKERFILE = """FROM registry.example.org/base/cuda:12.4.{n} AS build
ARG VERSION={n}
WORKDIR /src
RUN apt-get update && apt-get install -y --no-install-recommends git build-essential \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN make wheel VERSION=$VERSION && for f in dist/*.whl; do sha256sum "$f"; done

FROM registry.example.org/base/runtime:{n}.0
COPY --from=build /src/dist/ /tmp/dist/
RUN pip install --no-cache-dir /tmp/dist/*.whl && rm -r /tmp/dist
RUN curl -fsSL https://example.org/tool-{n}.tar.gz -o /tmp/t.tgz && tar -xzf /tmp/t.tgz -C /opt
ENV MODEL=m{n} MAX_TOKENS=4096
EXPOSE 8000
USER 10001
CMD ["serve", "--port", "8000"]
"""
_MODULE = """resource "aws_s3_bucket" "data_{n}" {{
  bucket = "training-data-{n}"
}}

resource "aws_s3_bucket_public_access_block" "data_{n}" {{
  bucket                  = aws_s3_bucket.data_{n}.id
  block_public_acls       = {flag}
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}

resource "aws_security_group" "gpu_{n}" {{
  name        = "gpu-{n}"
  description = "Serving nodes"

  ingress {{
    description = "API"
    from_port   = 8000
    to_port     = 8000
    protocol    = "tcp"
    cidr_blocks = ["10.{n_mod}.0.0/16"]
  }}
}}

resource "aws_instance" "gpu_{n}" {{
  ami                    = "ami-0{n:08}"
  instance_type          = "g5.12xlarge"
  vpc_security_group_ids = [aws_security_group.gpu_{n}.id]
  monitoring             = true

  metadata_options {{
    http_tokens = "required"
  }}

  root_block_device {{
    encrypted = true
  }}
}}
"""


def manifests(folder: Path, count: int) -> None:
    """Deployments, one in four with a flaw."""
    folder.mkdir()
    for n in range(count):
        text = _MANIFEST.format(
            n=n, team=n % 7, replicas=1 + n % 3, escalation="true" if n % 4 == 0 else "false"
        )
        (folder / f"server-{n:05}.yaml").write_text(text)


def dockerfiles(folder: Path, count: int) -> None:
    """Two-stage builds."""
    folder.mkdir()
    for n in range(count):
        (folder / f"Dockerfile.{n:04}").write_text(_DOCKERFILE.format(n=n))


def terraform(folder: Path, count: int) -> None:
    """Modules of one file each, one in four with a flaw."""
    for n in range(count):
        place = folder / f"module-{n:04}"
        place.mkdir(parents=True)
        text = _MODULE.format(n=n, n_mod=n % 250, flag="false" if n % 4 == 0 else "true")
        (place / "main.tf").write_text(text)
