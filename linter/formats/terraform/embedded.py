"""Kubernetes inside Terraform: manifests and kubernetes_* resources become documents of their own."""

from __future__ import annotations

from linter.formats.document import Document


def attach(document: Document) -> None:
    """Add the embedded documents of a Terraform document to it."""
    del document
