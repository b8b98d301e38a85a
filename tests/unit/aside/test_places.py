"""Places that only what lies around them tells: test beds, developers' clusters, lists that switch something off."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.leads.listedoff import LISTED_OFF
from linter.aside.names.placenames import RENDERED, TESTS, WORKPLACE
from linter.config.model import Config
from tests.unit.aside.test_stated import DEPLOYMENT
from tests.unit.aside.trees import INFOS, finding, write

COMMENT = "    # minikube has a docker daemon of its own\n"


def pulled(policy: str, comment: str = "") -> str:
    return f"{DEPLOYMENT}spec:\n  containers:\n  - image: web:v4\n{comment}    imagePullPolicy: {policy}\n"


def reason(top: Path, path: str) -> str:
    return Scope(top).reason(path)


def test_manifests_beside_the_machines_of_a_test(tmp_path: Path) -> None:
    write(tmp_path, {"cicd/calico/Vagrantfile": "", "cicd/calico/yaml/pod.yaml": ""})
    assert reason(tmp_path, "cicd/calico/yaml/pod.yaml") == ""  # somebody may try there what is deployed
    write(tmp_path, {"cicd/calico/rmconfig.sh": ""})
    assert reason(tmp_path, "cicd/calico/yaml/pod.yaml") == TESTS
    assert reason(tmp_path / "cicd" / "calico", "yaml/pod.yaml") == ""  # it is what was asked for
    assert reason(tmp_path, "cicd/deploy/pod.yaml") == ""


def test_a_row_of_test_beds_is_of_tests_in_a_programs_source(tmp_path: Path) -> None:
    for name in ("calico", "flannel", "cilium"):
        write(tmp_path, {f"cicd/{name}/Vagrantfile": "", f"cicd/{name}/validation.sh": ""})
    assert reason(tmp_path, "cicd/eks/pod.yaml") == ""
    write(tmp_path, {"go.mod": "module example.org/balancer\n"})
    assert reason(tmp_path, "cicd/eks/pod.yaml") == TESTS
    assert reason(tmp_path, "deploy/pod.yaml") == ""


def test_pipelines_that_deploy_count(tmp_path: Path) -> None:
    write(tmp_path, {"go.mod": "module example.org/shop\n"})
    for stage in ("eu", "us", "asia"):
        write(tmp_path, {f"cicd/{stage}/validate.sh": "", f"cicd/{stage}/destroy.sh": ""})
    assert reason(tmp_path, "cicd/eu/pod.yaml") == ""


@pytest.mark.parametrize("name", ["monitor.yaml", "platform.yaml"])
def test_images_that_are_never_pulled_on_a_developers_cluster(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"k8s/platform.yaml": pulled("Never")})
    assert reason(tmp_path, "k8s/platform.yaml") == ""  # they may be carried to the nodes
    write(tmp_path, {"k8s/monitor.yaml": pulled("Never", COMMENT)})
    assert reason(tmp_path, f"k8s/{name}") == WORKPLACE


def test_what_builds_for_developers_tells_it_too(tmp_path: Path) -> None:
    other = "  - image: db\n"
    write(
        tmp_path,
        {
            "k8s/skaffold.yaml": "",
            "k8s/web.yaml": pulled("Never"),
            "k8s/some.yaml": pulled("Never") + other,
            "k8s/db.yaml": pulled("IfNotPresent", COMMENT),
            "clusters/home/web.yaml": pulled("Never", COMMENT),
        },
    )
    assert reason(tmp_path, "k8s/web.yaml") == WORKPLACE
    for path in ("k8s/some.yaml", "k8s/db.yaml", "clusters/home/web.yaml"):
        assert reason(tmp_path, path) == "", path


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("dev-scripts/manifests/minio.yaml", WORKPLACE),
        ("dev_scripts/minio.yaml", WORKPLACE),
        ("scripts/minio.yaml", ""),
        ("docker-compose.dev.yaml", WORKPLACE),
        ("deploy/compose-development.override.yml", WORKPLACE),
        ("deploy/compose.devices.yml", ""),
        ("deploy/compose.production.yml", ""),
        ("rbac/examples/built-output/role.yaml", RENDERED),
        ("rbac/exmaple/build-output/role.yaml", RENDERED),
        ("rbac/built-output/role.yaml", ""),
        ("examples/output/elasticsearch.yaml", ""),  # where logs go
    ],
)
def test_names(path: str, why: str) -> None:
    assert reason(Path("/repo"), path) == why


def test_what_the_list_of_a_cluster_switches_off(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "clusters/home/addons.yaml": "search:\n  enabled: false\nmail:\n  enabled: true\nchat: {}\n",
            "clusters/work/addons.yaml": "mail: {enabled: false}\n",
            "clusters/home/other.yaml": "chat: {enabled: false}\n",
        },
    )

    def why(path: str) -> str:
        return Scope(tmp_path).reason_but_secrets(path)

    assert why("clusters/home/addons/search/values.yaml") == LISTED_OFF
    assert why("clusters/work/addons/mail/values.yaml") == LISTED_OFF
    for path in ("home/addons/mail", "home/addons/chat", "work/addons/search", "home/addons/store/search"):
        assert why(f"clusters/{path}/values.yaml") == "", path
    path = "clusters/home/addons/search/values.yaml"
    found = set_aside(
        [finding(path), finding(path, rule="key")], Scope(tmp_path), lambda path: Config(), INFOS
    )
    assert [one.reason for one in found] == [LISTED_OFF, ""]


@pytest.mark.parametrize("folder", ["iperf", "old", "attic"])
def test_what_a_kustomization_lists_is_used_whatever_it_is_called(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {f"apps/{folder}/set.yaml": DEPLOYMENT})
    assert reason(tmp_path, f"apps/{folder}/set.yaml")
    write(tmp_path, {"apps/kustomization.yaml": f"resources:\n  # - ./{folder}\n  - ./web\n"})
    assert reason(tmp_path, f"apps/{folder}/set.yaml")
    write(tmp_path, {"apps/kustomization.yaml": f"resources:\n  - ./{folder}\n  - ./web\n  - x\n"})
    assert reason(tmp_path, f"apps/{folder}/set.yaml") == ""


@pytest.mark.parametrize(("name", "counts"), [("attic", True), ("redis", False)])
def test_a_program_may_be_called_as_archives_are(tmp_path: Path, name: str, counts: bool) -> None:
    write(tmp_path, {"charts/attic/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n"})
    write(tmp_path, {"charts/attic/templates/pod.yaml": DEPLOYMENT})
    assert (reason(tmp_path, "charts/attic/templates/pod.yaml") == "") is counts
