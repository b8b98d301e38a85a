"""Namespaces of clusters that Talos sets up."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.clusters.talos import TALOS
from linter.aside.leads.namings import Namings
from linter.config.model import Config
from linter.finding import Status
from tests.unit.aside.trees import INFOS, finding

_TALHELPER = "clusterName: home\nnodes:\n  - hostname: one\n    controlPlane: true\n"
_MACHINE = "machine:\n  type: controlplane\ncluster:\n  apiServer:\n    disablePodSecurityPolicy: true\n"
_ENFORCED = """    admissionControl:
      - name: PodSecurity
        configuration:
          defaults:
            enforce: baseline
"""


def _is_of_talos(root: Path, path: str = "apps/web/namespace.yaml", **files: str) -> bool:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Scope(root).is_of_talos(path, Namings(root))


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("talconfig.yaml", "apps/web/namespace.yaml", True),
        ("talos/talconfig.yaml", "apps/web/namespace.yaml", True),
        ("kubernetes/bootstrap/talos/talconfig.yaml", "kubernetes/apps/web/namespace.yaml", True),
        ("talos/talconfig.yaml", "namespace.yaml", True),
        ("iac/talos/talconfig.yaml", "apps/web/namespace.yaml", True),
        ("talos/main/talconfig.yaml", "apps/web/namespace.yaml", True),
        ("talos/main/nodes/talconfig.yaml", "apps/web/namespace.yaml", False),
        ("clusters/home/talos/talconfig.yaml", "clusters/home/apps/namespace.yaml", True),
        ("clusters/home/talos/talconfig.yaml", "clusters/cloud/apps/namespace.yaml", False),
        ("other/talconfig.yaml", "apps/web/namespace.yaml", False),
    ],
)
def test_talhelper_has_a_standard_enforced(tmp_path: Path, name: str, path: str, expected: bool) -> None:
    assert _is_of_talos(tmp_path, path, **{name: _TALHELPER}) is expected


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("cluster:\n  proxy:\n    disabled: true\n", True),
        ("# takes admissionControl out\nmachine: {}\n", True),
        ("cluster:\n  apiServer:\n    admissionControl: []\n", False),
        ("cluster:\n  apiServer:\n    admissionControl:\n      $patch: delete\n", False),
        ("- op: remove\n  path: /cluster/apiServer/admissionControl\n", False),
        (_ENFORCED, True),
        (_ENFORCED.replace("baseline", "privileged"), False),
        (_ENFORCED.replace("enforce", "warn"), False),
        ("", False),  # who knows
    ],
)
def test_a_patch_may_take_it_out_again(tmp_path: Path, patch: str, expected: bool) -> None:
    files = {"talos/talconfig.yaml": _TALHELPER, "talos/patches/controller/one.yaml": patch}
    assert _is_of_talos(tmp_path, **files) is expected


def test_a_patch_may_lie_elsewhere(tmp_path: Path) -> None:
    text = f'{_TALHELPER}patches:\n  - "@../shared/one.yaml"\n'
    assert not _is_of_talos(tmp_path / "a", **{"talos/talconfig.yaml": text})  # it is not there
    patch = {"shared/one.yaml": "machine: {}\n"}
    assert _is_of_talos(tmp_path / "b", **patch, **{"talos/talconfig.yaml": text})
    patch = {"shared/one.yaml": "cluster:\n  apiServer:\n    admissionControl: []\n"}
    assert not _is_of_talos(tmp_path / "c", **patch, **{"talos/talconfig.yaml": text})


def test_a_configuration_of_machines_has_to_say_it(tmp_path: Path) -> None:
    assert not _is_of_talos(tmp_path / "a", **{"talos/controlplane.yaml.j2": _MACHINE})
    assert _is_of_talos(tmp_path / "b", **{"talos/controlplane.yaml.j2": _MACHINE + _ENFORCED})
    assert not _is_of_talos(tmp_path / "c", **{"cluster/controlplane.yaml": _MACHINE + _ENFORCED})
    # a chart of that name says nothing, and what is above it is asked
    files = {"apps/talos/values.yaml": "replicas: 1\n", "talconfig.yaml": _TALHELPER}
    assert _is_of_talos(tmp_path / "d", **files)


def test_only_namespaces_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "talconfig.yaml").write_text(_TALHELPER)
    rule = "pod-security-admission-missing"
    given = [finding("apps/a.yaml", rule=rule), finding("apps/a.yaml")]
    found = set_aside(given, Scope(tmp_path), lambda path: Config(), INFOS)
    assert [f.status for f in found] == [Status.ASIDE, Status.ACTIVE]
    assert found[0].reason == TALOS
    named = Scope(tmp_path, files=frozenset({str(tmp_path / "apps" / "a.yaml")}))
    assert {f.status for f in set_aside(given, named, lambda path: Config(), INFOS)} == {Status.ACTIVE}


_GENERATED = """data "talos_machine_configuration" "this" {
  machine_type   = "controlplane"
  config_patches = [templatefile("${path.module}/machine/plane.yaml.tftpl", { ip = var.ip })]
}
"""
_PLANE = "machine:\n  certSANs: [${ip}]\ncluster:\n  proxy:\n    disabled: true\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tofu/talos/machine.tf": _GENERATED}, True),
        ({"terraform/machine.tf": _GENERATED}, True),
        ({"talos/machine.tf": _GENERATED}, True),
        ({"other/machine.tf": _GENERATED}, True),  # wherever it lies, if nothing speaks against it
        ({"other/machine.tf": _GENERATED + "locals { all = var.config_patches }\n"}, False),
        ({"tofu/talos/machine.tf": "# " + _GENERATED}, False),
        ({"tofu/talos/machine.tf": _GENERATED.replace("${path.module}/machine", "../machine")}, False),
        ({"tofu/talos/machine.tf": _GENERATED + "locals { all = var.config_patches }\n"}, False),
        (
            {
                "tofu/talos/machine.tf": _GENERATED
                + 'locals {\n  a = { admissionControl = { "$patch" = "delete" } }\n}\n'
            },
            False,
        ),
        (
            {
                "tofu/talos/machine.tf": _GENERATED,
                "tofu/talos/patches/a.yaml": _MACHINE + "    admissionControl: []\n",
            },
            False,
        ),
        ({"tofu/talos/machine.tf": _GENERATED, "tofu/talos/patches/a.yaml": _MACHINE + _ENFORCED}, True),
    ],
)
def test_the_provider_for_terraform_has_a_standard_enforced(
    tmp_path: Path, files: dict[str, str], expected: bool
) -> None:
    plane = f"{next(iter(files)).rpartition('/')[0]}/machine/plane.yaml.tftpl"
    assert _is_of_talos(tmp_path, **{plane: _PLANE, **files}) is expected


_MODULE = """module "talos" {
  source  = "hcloud-talos/talos/hcloud"
  version = "2.21.0"
  PATCHES
}

data "local_file" "key" {
  filename = "${path.root}/key.txt"
}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("PATCHES", "", True),
        ("PATCHES", "talos_control_plane_extra_config_patches = var.patches", False),
        (
            "PATCHES",
            'extra_patches = ["cluster: {apiServer: {admissionControl: []}}"]',
            False,
        ),
        ("PATCHES", "extra_patches = [data.local_file.key.content]", False),
        ("PATCHES", 'kube_api_extra_args = { disable-admission-plugins = "PodSecurity" }', False),
        ("hcloud-talos/talos/hcloud", "example/talos/hcloud", False),
        ("hcloud-talos/talos/hcloud", "github.com/hcloud-talos/terraform-hcloud-talos?ref=v2.21.0", True),
    ],
)
def test_a_module_has_it_generated(tmp_path: Path, old: str, new: str, expected: bool) -> None:
    assert _is_of_talos(tmp_path, **{"terraform/main.tf": _MODULE.replace(old, new)}) is expected


_SCRIPT = "#!/bin/sh\ntalosctl gen config home https://10.0.0.2:6443 --output /tmp/generated\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"setup/create.sh": _SCRIPT}, True),
        ({"tofu/modules/machines/m.tf": 'data "talos_machine_configuration" "this" {\n}\n'}, True),
        (
            {"setup/create.sh": _SCRIPT, "talos/plane.yaml.tpl": "machine:\n  type: controlplane\n"},
            True,
        ),  # a patch
        ({"setup/create.sh": "#!/bin/sh\ntalosctl health\n"}, False),
        ({"README.md": f"```\n{_SCRIPT}```\n"}, False),  # for those who read it
        (
            {"setup/create.sh": _SCRIPT, "setup/patch.yaml": _MACHINE + _ENFORCED},
            False,
        ),  # who knows what it changes
        (
            {"setup/create.sh": _SCRIPT, "edge/create.sh": "#!/bin/sh\nkubeadm init\n"},
            False,
        ),  # which of the clusters?
    ],
)
def test_steps_make_the_configuration(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    assert _is_of_talos(tmp_path, **files) is expected
