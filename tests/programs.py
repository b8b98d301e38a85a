"""Tests that need a program which may not be there are skipped with the reason."""

import pytest

from linter.adapters import kustomize
from linter.adapters.program import locate

needs_helm = pytest.mark.skipif(locate("helm") is None, reason="there is no helm on the search path")
needs_kustomize = pytest.mark.skipif(
    kustomize.program() is None, reason="there is neither kustomize nor kubectl"
)
needs_trivy = pytest.mark.skipif(locate("trivy") is None, reason="there is no trivy on the search path")
