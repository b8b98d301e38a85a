"""Manifests of earlier releases and APIs, and what a release of a chart gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope
from linter.aside.copies.releases import EARLIER


@pytest.mark.parametrize(
    ("names", "earlier"),
    [
        (("m/v4.1.4-eksbuild.1/x.yaml", "m/v4.1.4-eksbuild.3/x.yaml"), 1),
        (("d/csi-1.9.yaml", "d/csi-1.10.yaml", "d/csi-1.14.yaml", "d/csi-1.17.yaml"), 3),
        # three may be for three versions of what they connect to
        (("d/csi-1.9.yaml", "d/csi-1.10.yaml", "d/csi-1.14.yaml", "d/csi-dev.yaml"), 0),
        # each is for clusters of that version
        (tuple(f"d/scaler-k8s-1.{minor}.yaml" for minor in (28, 29, 30, 31)), 0),
        # two parts of one release
        (("d/v1.2.3-1.yaml", "d/v1.2.3-2.yaml"), 0),
    ],
)
def test_what_was_packed_before_and_a_series_of_minor_versions_are_earlier(
    tmp_path: Path, names: tuple[str, ...], earlier: int
) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    scope = Scope(tmp_path)
    assert [scope.reason(name) == EARLIER for name in names] == [n < earlier for n in range(len(names))]


def test_the_newest_release_counts(tmp_path: Path) -> None:
    names = ("r/op-1.9.0.yaml", "r/op-1.10.0.yaml", "r/op-1.10.1-rc1.yaml", "r/other-1.0.0.yaml")
    for name in (
        *names,
        "charts/v4.8.0/x.yaml",
        "charts/v4.9.0/x.yaml",
        "d/5.1.1/Dockerfile",
        "d/6.0.0/Dockerfile",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    scope = Scope(tmp_path)
    assert [scope.reason(name) for name in names] == [EARLIER, "", "", ""]
    assert [scope.reason(f"charts/{v}/x.yaml") for v in ("v4.8.0", "v4.9.0")] == [EARLIER, ""]
    for name in ("m/v3.9.0-eksbuild.2/x.yaml", "m/v4.1.4-eksbuild.3/x.yaml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    assert scope.reason("m/v3.9.0-eksbuild.2/x.yaml") == EARLIER
    for name in ("o/scheduler-v3.0-beta1.yaml", "o/scheduler-v3.0.0.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [scope.reason(f"o/scheduler-v{v}.yaml") for v in ("3.0-beta1", "3.0.0")] == [EARLIER, ""]
    for name in ("n/v2_1_3_full.yaml", "n/v2_2_0_full.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [scope.reason(f"n/{v}_full.yaml") for v in ("v2_1_3", "v2_2_0")] == [EARLIER, ""]
    assert scope.reason("d/5.1.1/Dockerfile") == ""  # one image for each is built
    for name in ("g/1.9/x.yaml", "g/1.37/x.yaml", "g/1.37/v2.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [scope.reason(f"g/{name}/x.yaml") for name in ("1.9", "1.37")] == [EARLIER, ""]
    for name in ("f/csi-v1.3.0.yaml", "f/csi-v4.16.0/driver.yaml"):  # files at first, later folders
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert scope.reason("f/csi-v1.3.0.yaml") == EARLIER
    names = (
        "i/install_v2_0_0_rc0.yaml",
        "i/install_v2_0_0_rc4.yaml",
        "i/install_v1_9_0.yaml",
        "i/x_v1_v2.yaml",
    )
    (tmp_path / "i").mkdir()
    for name in names:
        (tmp_path / name).touch()
    assert [scope.reason(name) for name in names] == [EARLIER, "", "", ""]
    names = ("1.5", "1.5.1", "1.8.0-rc1", "1.8.0", "1.9.0-alpha.2", "next")
    for name in names:
        (tmp_path / "h" / name).mkdir(parents=True)
    assert [scope.reason(f"h/{name}/x.yaml") for name in names] == [EARLIER, EARLIER, EARLIER, "", "", ""]


def test_the_last_candidate_counts_and_versions_of_two_numbers_do(tmp_path: Path) -> None:
    names = (
        "i/install_v2_0_0_rc0.yaml",
        "i/install_v2_0_0_rc4.yaml",
        "i/install_v1_9_0.yaml",
        "i/x_v1_v2.yaml",
    )
    folders = ("j/3.0-beta1/x.yaml", "j/3.31.0/x.yaml", "j/4.0-beta2/x.yaml", "j/4.0_rc/x.yaml")
    for name in (*names, *folders):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    scope = Scope(tmp_path)
    assert [scope.reason(name) for name in names] == [EARLIER, "", "", ""]
    assert [scope.reason(name) for name in folders] == [EARLIER, "", "", EARLIER]


def test_what_an_older_api_needs(tmp_path: Path) -> None:
    names = (
        "crd/v1beta1/jobs.yaml",
        "crd/v1/jobs.yaml",
        "crd/v1beta1/gone.yaml",
        "o/install-v1beta1.yaml",
        "o/install.yaml",
        "o/alone-v1beta1.yaml",
        "volcano/v1beta1/jobs.yaml",
        "volcano/bases/jobs.yaml",
        "olm/1.7.0/manifests/jobs.crd.yaml",
        "olm/1.7.0/manifests/acme.clusterserviceversion.yaml",
        "plain/1.7.0/manifests/jobs.crd.yaml",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    scope = Scope(tmp_path)
    assert [scope.is_older_api(name) for name in names] == [
        True,
        False,
        False,
        True,
        False,
        False,
        True,
        False,
        True,
        True,
        False,
    ]
