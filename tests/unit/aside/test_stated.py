"""What manifests say in words of what they are for and where they are from, and what stages and folders show of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.examples import EXAMPLES
from linter.aside.names.placenames import ARCHIVED, TESTS, VENDORED, WORKPLACE
from linter.config.model import Config
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity
from tests.unit.aside.trees import write

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
LISTS = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- server.yaml\n"


def reason(top: Path, path: str, text: str) -> str:
    write(top, {path: text})
    return Scope(top).reason(path)


def commented(*lines: str) -> str:
    return "---\n" + "".join(f"# {line}".rstrip() + "\n" for line in lines) + "\n" + DEPLOYMENT


@pytest.mark.parametrize(
    "lines",
    [
        ("Dev-only SFTP server for the storage's tests.",),
        ("A server to try backups on.", "", "NOT for production."),
        ("PostgreSQL — LOCAL DEVELOPMENT ONLY.",),
        ("A bucket (for local development only)",),
        ("This is not intended for production use.",),
        ("This deployment is not suitable for production!",),
        ("Keys. DO NOT use these values in production.",),
        ("The cluster has no bucket, so this gives one. Never deploy this", "to production."),
        ("A mail server; for testing purposes only",),
        ("Throw-away database for the walk through the upgrade",),
        ("A certificate for ease of use.", "This is not meant to be used in production!"),
    ],
)
def test_what_is_for_developers_by_its_own_words(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert reason(tmp_path, "deploy/server.yaml", commented(*lines)) == WORKPLACE


@pytest.mark.parametrize(
    "lines",
    [
        ("PostgreSQL, also used for local development.",),
        ("Dev-only settings are in overlays/dev.",),
        ("The server. Dev-only passwords have another file.",),
        ("For production, use the operator.",),
        ("Production only.",),
        ("emptyDir is not for production traffic of this size, so a volume it is.",),
        ("Not for production without a certificate: see the overlay.",),
        ("Do not use the default password in production.",),
        ("Not only for testing.",),
        ("For testing connections from outside.",),
        ("The production server.",),
        ("The default password is not meant to be used in production.",),
    ],
)
def test_what_only_speaks_of_development_counts(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert reason(tmp_path, "deploy/server.yaml", commented(*lines)) == ""


def test_words_count_at_the_head_of_manifests_outside_charts_and_stages(tmp_path: Path) -> None:
    said = commented("NOT for production.")
    assert reason(tmp_path, "deploy/late.yaml", DEPLOYMENT + "# NOT for production.\n") == ""
    assert reason(tmp_path, "overlays/staging/server.yaml", said) == ""
    assert reason(tmp_path, "clusters/shop-prod/server.yaml", said) == ""
    write(tmp_path, {"chart/Chart.yaml": "name: chart\nversion: 1.0.0\n"})
    assert reason(tmp_path, "chart/templates/server.yaml", said) == ""
    assert reason(tmp_path, "deploy/values.yaml", said) == ""


def test_a_kustomization_speaks_for_what_it_lists(tmp_path: Path) -> None:
    write(tmp_path, {"deploy/kustomization.yaml": "# Dev-only bucket. Not for production.\n" + LISTS})
    assert reason(tmp_path, "deploy/server.yaml", DEPLOYMENT) == WORKPLACE
    assert reason(tmp_path, "deploy/other.yaml", DEPLOYMENT) == ""
    write(tmp_path, {"deploy/kustomization.yaml": "# The bucket.\n" + LISTS + "# Not for production.\n"})
    assert reason(tmp_path, "deploy/server.yaml", DEPLOYMENT) == ""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            "Vendored manifest is upstream v0.1.2, byte-for-byte:\n#   https://x.org/v0.1.2/server.yaml",
            VENDORED,
        ),
        ("Copied verbatim from https://x.org/server.yaml", VENDORED),
        ("An unmodified copy of upstream's server.yaml", VENDORED),
        ("vendored: https://x.org/server.yaml\n# do NOT edit: upstream's; fetch it anew", VENDORED),
        ("do NOT edit: vendored from https://x.org/server.yaml and patched by make", ""),
        ("do NOT edit: generated from https://x.org/server.yaml", ""),
        ("Vendored copy of upstream's server.yaml, simplified", ""),
        ("Copied verbatim from https://x.org/server.yaml, except for the namespace", ""),
        ("Vendored from https://x.org/server.yaml", ""),  # and changed since, for what it says
        ("Mirrors upstream; the weights are unchanged. Single delta: server.yaml has a port", ""),
        ("The verbatim log goes to server.yaml", ""),
    ],
)
def test_copies_to_the_byte(tmp_path: Path, said: str, found: str) -> None:
    assert reason(tmp_path, "a/server.yaml", f"# {said}\n{DEPLOYMENT}") == found
    write(tmp_path, {"b/kustomization.yaml": f"# {said}\n{LISTS}"})
    assert reason(tmp_path, "b/server.yaml", DEPLOYMENT) == found
    assert reason(tmp_path, "b/other.yaml", DEPLOYMENT) == ""


def test_a_kustomization_that_names_no_file_does_not_say_which_is_a_copy(tmp_path: Path) -> None:
    lists = LISTS + "- ours.yaml\n"
    write(tmp_path, {"a/kustomization.yaml": f"# server.yaml is copied verbatim from upstream\n{lists}"})
    assert reason(tmp_path, "a/server.yaml", DEPLOYMENT) == VENDORED
    assert reason(tmp_path, "a/ours.yaml", DEPLOYMENT) == ""


def test_a_test_at_the_top_says_so_twice(tmp_path: Path) -> None:
    assert reason(tmp_path, "test-queue.yaml", commented("Small deployment for the queue's test")) == TESTS
    assert reason(tmp_path, "test-shop.yaml", commented("The shop")) == ""
    assert reason(tmp_path, "queue.yaml", commented("Small deployment for the queue's test")) == ""


START = "k3d cluster create dev\necho 'kubectl apply -k gitops/infra/controllers-local; make gitops/apps/local/db'\n"


def test_a_local_stage_that_a_script_starts_a_cluster_for(tmp_path: Path) -> None:
    for name in ("apps/base", "apps/home", "infra/controllers", "clusters"):
        (tmp_path / "gitops" / name).mkdir(parents=True)
    paths = ("gitops/apps/local/db/db.yaml", "gitops/infra/controllers-local/mqtt/mqtt.yaml")
    for path in paths:
        assert reason(tmp_path, path, DEPLOYMENT) == ""  # it may as well be a computer at home
    write(tmp_path, {"scripts/setup.sh": START})
    for path in paths:
        assert Scope(tmp_path).reason(path) == WORKPLACE
    assert reason(tmp_path, "gitops/clusters/local/x.yaml", DEPLOYMENT) == ""
    write(
        tmp_path,
        {"scripts/setup.sh": START + "kubectl apply -k gitops/clusters/local gitops/infra/storage-local\n"},
    )
    assert reason(tmp_path, "gitops/clusters/local/x.yaml", DEPLOYMENT) == ""  # the only cluster
    assert reason(tmp_path, "gitops/infra/storage-local/x.yaml", DEPLOYMENT) == ""  # of no other stage


def test_dogfood_of_a_program_and_of_a_company(tmp_path: Path) -> None:
    assert reason(tmp_path, "dogfood/client/pod.yaml", DEPLOYMENT) == ""
    (tmp_path / "go.mod").touch()
    assert Scope(tmp_path).reason("dogfood/client/pod.yaml") == WORKPLACE
    assert reason(tmp_path, "infrastructure/dogfood/pod.yaml", DEPLOYMENT) == ""  # where it is in use


def test_a_test_in_a_module_of_terraform_is_no_stage(tmp_path: Path) -> None:
    assert reason(tmp_path, "cluster/test/job.yaml", DEPLOYMENT) == ""
    write(tmp_path, {"cluster/main.tf": ""})
    assert Scope(tmp_path).reason("cluster/test/job.yaml") == TESTS
    write(tmp_path, {"cluster/test/main.tf": ""})
    assert Scope(tmp_path).reason("cluster/test/job.yaml") == ""


NUMBERED = ("000-Namespace.yaml", "010-ServiceAccount.yaml", "040-Crd-access.yaml", "050-Deployment.yaml")


@pytest.mark.parametrize(("group", "found"), [("access.strimzi.io", VENDORED), ("shop.example.org", "")])
def test_the_numbered_files_by_which_a_program_is_released(tmp_path: Path, group: str, found: str) -> None:
    top = tmp_path / "platform"
    write(top, {f"kafka/install/{name}": DEPLOYMENT for name in NUMBERED})
    write(
        top,
        {"kafka/install/040-Crd-access.yaml": f"kind: CustomResourceDefinition\nspec:\n  group: {group}\n"},
    )
    assert Scope(top).reason("kafka/install/050-Deployment.yaml") == found
    assert reason(top, "kafka/install/topics.yaml", DEPLOYMENT) == ""
    write(top, {"README.md": "# Strimzi Kafka Access Operator\n"})
    assert Scope(top).reason("kafka/install/010-ServiceAccount.yaml") == ""  # in its own repository


PROBE = RuleInfo(
    "probe", "t", "reliability", Severity.MEDIUM, Confidence.HIGH, "default", "any", *[""] * 4, hygiene=True
)


@pytest.mark.parametrize(
    ("subject", "rule", "found"),
    [
        ("monitoring/Pod/tracing-example-app#/spec", "probe", EXAMPLES),
        ("Pod/sample-web#/spec", "probe", EXAMPLES),
        ("monitoring/Pod/tracing-example-app#/spec", "privileged", ""),
        ("monitoring/Deployment/tracing-example-app#/spec", "probe", ""),
        ("Pod/sampler#/spec", "probe", ""),
    ],
)
def test_pods_that_are_examples_by_their_name(subject: str, rule: str, found: str) -> None:
    place = Location("deploy/pod.yaml", 1, 1, 1, 2)
    one = Finding(rule, Severity.HIGH, Confidence.HIGH, "m", place, subject=subject)
    (told,) = set_aside([one], Scope(Path("/repo")), lambda _: Config(), {"probe": PROBE})
    assert told.reason == found


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ("==========", "DEPRECATED — historical reference only.", "==========", "The settings before."),
            ARCHIVED,
        ),
        (("DEPRECATED.", "", "Do not start a new deployment from this file."), ARCHIVED),
        (("Obsolete: no longer deployed, see the new server.",), ARCHIVED),
        (("This file is now deprecated (kept for reference).",), ARCHIVED),
        (("DEPRECATED: use the preset `root` instead.",), ""),  # and is deployed until somebody does
        (("The server that is no longer deployed by hand.",), ""),
        (("@param storageClass DEPRECATED: use another.", "", "Do not use it in new deployments."), ""),
        (("Deprecated users are no longer asked for.",), ""),
    ],
)
def test_what_is_kept_as_history(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    for path in ("examples/values.aws.legacy.yaml", "deploy/server.yaml"):
        write(tmp_path, {path: commented(*lines)})
        assert Scope(tmp_path).reason_but_secrets(path) == said


def test_what_is_kept_as_history_and_used_counts(tmp_path: Path) -> None:
    over = commented("DEPRECATED — historical reference only.")
    paths = ("deploy/server.yaml", "chart/values.yaml", "chart/templates/server.yaml")
    write(tmp_path, {"deploy/kustomization.yaml": LISTS, **dict.fromkeys(paths, over)})
    assert [Scope(tmp_path).reason_but_secrets(path) for path in paths] == ["", "", ""]


_FIXTURE = """# Deployments

[`server.yaml`](server.yaml) and the sibling [`chart/`](../chart/) use an older API. Do not apply them to
a current cluster.

- privileged containers

These assumptions make it a historical test fixture, not a deployment profile.

## Still used

`gateway.yaml` is applied.
"""


@pytest.mark.parametrize(
    ("readme", "said"),
    [
        (_FIXTURE, ARCHIVED),
        ("# Old\n\nThe manifests in this folder are no longer used.\n", ARCHIVED),
        ("# Old\n\nThese files are deprecated. They are kept for reference.\n", ARCHIVED),
        ("# A\n\n`server.yaml` is deprecated, do not apply it.\n", ARCHIVED),
        (_FIXTURE.replace("historical test fixture", "demanding deployment"), ""),
        (_FIXTURE.replace("a current cluster.", "a cluster before the CRDs are there."), ARCHIVED),
        (_FIXTURE.replace("them to\na current cluster.", "them before the CRDs."), ""),
        ("# Old\n\nThese files are deprecated, but still deployed. They are kept for reference.\n", ""),
        ("# Old\n\nThese files are deprecated.\n", ""),
        ("# Old\n\nThe scripts in this folder are no longer used.\n", ""),
        (
            "# A\n\nHow to deploy.\n\n## Old\n\nThe files in this folder are no longer used.\n",
            "",
        ),  # the old ones
        ("# A\n\n`server.yaml` replaces the deprecated example `old.yaml`. Do not apply it.\n", ""),
        ("# A\n\nApply `server.yaml`, a legacy example. Do not apply it twice.\n", ""),
        ("# A\n\n```\n`server.yaml` is deprecated, do not apply it.\n```\n", ""),
    ],
)
def test_what_is_history_by_the_readme_beside_it(tmp_path: Path, readme: str, said: str) -> None:
    write(tmp_path, {"deploy/README.md": readme, "deploy/server.yaml": DEPLOYMENT})
    assert Scope(tmp_path).reason_but_secrets("deploy/server.yaml") == said


def test_what_another_readme_says_or_a_kustomization_lists_counts(tmp_path: Path) -> None:
    files = ("deploy/gateway.yaml", "deploy/parts/server.yaml", "deploy/values.yaml", "server.yaml")
    write(tmp_path, {"README.md": _FIXTURE, "deploy/README.md": _FIXTURE, **dict.fromkeys(files, DEPLOYMENT)})
    assert {Scope(tmp_path).reason_but_secrets(path) for path in files} == {""}
    write(tmp_path, {"used/README.md": _FIXTURE, "used/kustomization.yaml": LISTS})
    assert reason(tmp_path, "used/server.yaml", DEPLOYMENT) == ""
    assert Scope(tmp_path).reason_but_secrets("used/server.yaml") == ""
