"""What a rule says of one resource and another's finding says already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import Run, run

__all__ = ["run"]

CLUSTER = """resource "google_container_cluster" "gpu" {
  name = "gpu"
}
resource "google_container_node_pool" "l4" {
  cluster = google_container_cluster.gpu.name
  node_config {
    machine_type = "g2-standard-12"
    MODE
  }
}
"""
EXPLICIT = 'workload_metadata_config {\n      mode = "GCE_METADATA"\n    }'


@pytest.mark.parametrize(("mode", "status"), [("", "duplicate"), (EXPLICIT, "active")])
def test_pools_of_a_cluster_without_workload_identity(
    mode: str, status: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(CLUSTER.replace("MODE", mode))
    result = run("scan", ".", "--isolated", "--exit-zero", "-f", "json", "--show-suppressed")
    report = json.loads(result.out)
    told = {f["rule"]: f["status"] for f in (*report["findings"], *report["not_counted"])}
    assert told["gke-workload-identity-off"] == "active"
    assert told.get("gke-node-metadata-not-gke", "duplicate") == status
