"""What messages say that a volume does: that no container mounts it, where that is sure."""

from __future__ import annotations

import pytest

from linter.formats.kubernetes.read import read
from linter.text import SourceText

POD = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: a
      image: a:1
      volumeMounts: [{name: %s, mountPath: /x}]
  volumes:
    - {name: tools, hostPath: {path: /usr/bin}}
"""


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        (POD % "tools", "mounts"),
        (POD % "other", "names, without a container that mounts it,"),
        (POD % "'{{ .Values.name }}'", "mounts"),
        (POD % "'${NAME}'", "mounts"),
        (POD.replace("volumeMounts: [{name: %s, mountPath: /x}]", "volumeMounts: {{ .mounts }}"), "mounts"),
    ],
)
def test_a_volume_that_no_container_mounts(text: str, verb: str) -> None:
    (pod,) = read(SourceText("pod.yaml", text)).root.manifests[0].pods
    (volume,) = pod.volumes
    assert volume.verb == verb
