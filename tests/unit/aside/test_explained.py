"""What a comment beside a finding explains is set aside; what is no reason, or of something else, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.names.explained import EXPLAINED, explanation, lines_of
from linter.config.model import Config, SuppressionPolicy
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity, Status
from linter.recipe import load_rules

ROOT_WORDS = ("root", "uid", "runAs*", "host network*")


def said(
    tmp_path: Path,
    text: str,
    name: str = "a.yaml",
    words: tuple[str, ...] = ROOT_WORDS,
    *,
    near: bool = False,
) -> str:
    """The explanation of the line that ends with `<<`, which is no part of the file."""
    lines = text.strip("\n").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.endswith("<<")]
    lines[at] = lines[at].removesuffix("<<").rstrip()
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    return explanation(lines_of(tmp_path, name), at + 1, words, near=near)


@pytest.mark.parametrize(
    "text",
    [
        "runAsUser: 0  # must be root, the snapshots are its <<",
        "# k3s writes its files as root, which we need to read.\nrunAsUser: 0 <<",
        "# Needs root to change the owner.\nsecurityContext:\n  runAsUser: 0 <<",
        "a:\n  # needs root: it binds port 53\n  - name: x\n    user: 0 <<",
        "# The entrypoint must start\n# as root and then drops.\nuser:\n\n  runAsUser: 0 <<",
        "# Why: the daemon needs the hostNetwork.\n\nkind: Pod\nmetadata:\n  name: x\nspec:\n  hostNetwork: true <<",
        "# It needs the host network.\n---\nkind: Pod\nspec:\n  hostNetwork: true <<",
        "{{/* must run as root to write */}}\nrunAsUser: 0 <<",
        "# runs as root: https://github.com/acme/app/issues/77\nrunAsUser: 0 <<",
        "# Runs as root since the socket is root's. TODO: a proxy.\nrunAsUser: 0 <<",
        "hostNetwork: true # required for mDNS <<",  # the line itself says of what
        "# Runs as root to avoid a copy of the files.\nrunAsUser: 0 <<",
        "runAsUser: 0 # Run as root to install packages <<",
        "# root, as required by the driver\nrunAsUser: 0 <<",
        "# Has to be root on these nodes.\nrunAsUser: 0 <<",
        "# Required by the driver of the tape\nrunAsUser: 0 <<",  # of the one thing below it
        "# Writes the cache. Needed for the shared volume.\nrunAsUser: 0 <<",
        "# It would break the snapshots not to be root.\nrunAsUser: 0 <<",
        "# Host network pods avoid a chargeable gateway.\nhostNetwork: true <<",
        "# Share the host's network so rules land in the node's own tables.\nhostNetwork: true <<",
        "# Required to see the host's network stack.\nhostNetwork: true <<",
        "add:\n  # root's capabilities are needed to read the log\n  - AUDIT_READ\n  - AUDIT_CONTROL <<",
        "# Root here is a convenience so kubelet can write to it.\nrunAsUser: 0 <<",
        # what quotes the setting is said of each that is so
        "# The cluster needs hostNetwork: true on every node.\na:\n  hostNetwork: true\nb:\n  hostNetwork: true <<",
        # what is good about what the line has, and what fails without it
        "# hostNetwork keeps the caller's address;\nhostNetwork: true <<",
        "# Without hostNetwork the discovery of speakers fails.\nhostNetwork: true <<",
        "# The daemon writes its snapshots as root.\nrunAsUser: 0 <<",
        "# The entrypoint starts as root and drops privileges by itself.\nrunAsUser: 0 <<",
        "# The image has uid 100, but the share is owned root:root.\nrunAsUser: 0 <<",
        "# There is no other portable way than root.\nrunAsUser: 0 <<",
        "spec: <<\n  a: 1\n  # the daemon has to be root, or it cannot read\n  # runAsNonRoot: true\n  b: 1",
    ],
)
def test_a_reason_beside_it_explains(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "runAsUser: 0 <<",
        "# Avoid root where the image lets you.\nrunAsUser: 0 <<",
        "# runs as root\nrunAsUser: 0 <<",  # says what is there, not why
        # of another element
        "- name: a\n  # root is needed to read the log\n  x: 1\n- name: b <<",
        "add:\n  # root is needed to read the log\n  - AUDIT_READ\n  # and\n  - AUDIT_CONTROL <<",
        # of what is missing the same is the case for it
        "# Without a non-root user the cluster's policy fails.\n- name: app <<",
        "# hostNetwork fails on some nodes.\nhostNetwork: true <<",
        "# The gateway may require root for its sockets.\nrunAsUser: 0 <<",
        "# The server does not really need root.\nrunAsUser: 0 <<",
        "# It is no longer required to be root here.\nrunAsUser: 0 <<",
        "# Root: it creates the necessary folders and users.\nrunAsUser: 0 <<",
        "# By the password of the app (no root creds needed).\nrunAsUser: 0 <<",
        # of what?
        "# needed by the driver\nsecurityContext:\n  runAsUser: 0 <<",
        "# needed by the driver\n- {runAsUser: 0, runAsGroup: 0} <<",
        "# The driver of the tape is needed here.\nrunAsUser: 0 <<",
        # of another root
        "# The job needs the root token, which it revokes.\nrunAsUser: 0 <<",
        "# It must be able to write to the root directory.\nrunAsUser: 0 <<",
        "# Needs the files below /root for its cache.\nrunAsUser: 0 <<",
        "# see https://example.org/root/a and why it is needed\nrunAsUser: 0 <<",
        f"# It {'really ' * 1_000}needs to be root\nrunAsUser: 0 <<",  # nobody writes that
        # conditions, and what others have to do
        "# Run as root if required by the volume.\nrunAsUser: 0 <<",
        "# Set the uid if you need another one.\nrunAsUser: 0 <<",
        "# The uid, adjust it as necessary.\nrunAsUser: 0 <<",
        "# The container must not run as root.\nrunAsUser: 0 <<",
        "# This uid has to be changed on other nodes.\nrunAsUser: 0 <<",
        "# We need to review which uid this has.\nrunAsUser: 0 <<",
        "# Runs as root since version 1.24 of it.\nrunAsUser: 0 <<",
        "# The uid of the process (required)\nrunAsUser: 0 <<",
        "# We break the cycle by starting as root.\nrunAsUser: 0 <<",
        "# TODO: must not run as root\nrunAsUser: 0 <<",
        "# for now it needs to be root\nrunAsUser: 0 <<",
        "# bad: the container needs root\nrunAsUser: 0 <<",
        "# needs root\n\n  b: 1\nc:\n  runAsUser: 0 <<",  # of what is above it
        "- name: a\n  # needs the host network for mDNS\n  hostNetwork: true\n- name: b\n  hostNetwork: true <<",
        "a:\n  # must be root to write here\n  b: 1\nc: 0 <<",
        "# It must be root. That is its job.\nkind: Pod\n---\nkind: Pod\nspec:\n  runAsUser: 0 <<",  # another object's
        "# runAsUser: 0\n# needs: root\nrunAsUser: 1 <<",  # commented out
        "# The chart needs this. It runs as root.\nrunAsUser: 0 <<",  # two sentences, and two things
        'cmd: "x # must be root to write" <<',
        "runAsUser: 0 # required <<",
        "runAsUser: 0 # warning: needed for the snapshots <<",
        "# It needs a non-root user.\nrunAsUser: 0 <<",
        # of what was commented out elsewhere, and of other things that were
        "spec: <<\n  a: 1\nother:\n  # needs to be root to write\n  # runAsNonRoot: true\n  b: 1",
        "spec: <<\n  a: 1\n  # needs to be root to write\n  # image: b\n  b: 1",
        "spec: <<\n  a: 1\n  # needs to be root to write\n  b: 1",
    ],
)
def test_what_is_no_reason_for_it(tmp_path: Path, text: str) -> None:
    assert not said(tmp_path, text)


PRIVILEGED = ("privileged",)
CONTAINER = """
# {head}
kind: Pod
spec:
  # {pod}
  containers:
    # {container}
    - name: dind
      # {context}
      securityContext:
        # {above}
        privileged: true # {behind} <<
"""
REASON = "Privileged is required for Docker in Docker, the namespace is exempt."
PLACES = ("head", "pod", "container", "context", "above", "behind")


@pytest.mark.parametrize(("place", "explains"), [(place, place not in PLACES[:2]) for place in PLACES])
def test_what_is_critical_is_explained_by_what_stands_nearest(
    tmp_path: Path, place: str, explains: bool
) -> None:
    text = CONTAINER.format_map(dict.fromkeys(PLACES, "x") | {place: REASON})
    assert bool(said(tmp_path, text, words=PRIVILEGED, near=True)) == explains
    assert said(tmp_path, text, words=PRIVILEGED)


@pytest.mark.parametrize(
    "text",
    [
        "privileged: true # needed for the logs <<",  # the comment itself must say what is needed
        "# WARNING: this requires privileged access to the node\nprivileged: true <<",
        "# TODO: needs privileged only because of the old driver\nprivileged: true <<",
        "# Insecure, but it needs privileged for the mounts.\nprivileged: true <<",
        "# runs as a privileged container\nprivileged: true <<",
        "# the namespace must stay enforce=privileged for it\nprivileged: true <<",
        "# This sidecar must work non-privileged too.\nprivileged: true <<",
        "# It needs to listen on privileged ports.\nprivileged: true <<",
        "# Required by the driver of the disks\nprivileged: true <<",
        "# privileged: true\nprivileged: true <<",
    ],
)
def test_what_is_critical_and_not_explained(tmp_path: Path, text: str) -> None:
    assert not said(tmp_path, text, words=PRIVILEGED, near=True)


def test_tls_that_was_commented_out_with_the_reason(tmp_path: Path) -> None:
    text = (
        "kind: Ingress\nspec: <<\n  rules:\n    - host: a.example.org\n"
        "#  the certificate is covered in the ingress of auth\n"
        "  # tls:\n  #   - hosts:\n  #     - {{ .Values.host }}\n{{- end }}\n"
    )
    words = ("tls", "certificate*")
    assert said(tmp_path, text, words=words)
    assert not said(tmp_path, text.replace("covered in", "not the same as in"), words=words)


@pytest.mark.parametrize(
    ("comment", "capability", "explains"),
    [
        ("It requires CAP_SYS_PTRACE to read /proc.", "SYS_PTRACE", True),
        ("It requires this capability to read /proc.", "SYS_PTRACE", True),
        ("It needs NET_ADMIN and SYS_PTRACE.", '"SYS_PTRACE"', True),
        ("It needs NET_ADMIN to set up its routes.", "SYS_ADMIN", False),
    ],
)
def test_a_capability_is_not_explained_by_what_another_is_for(
    tmp_path: Path, comment: str, capability: str, explains: bool
) -> None:
    text = f"# {comment}\nsecurityContext:\n  capabilities:\n    add:\n      - {capability} <<"
    assert bool(said(tmp_path, text, words=("capabilit*", "CAP_*", "SYS_*", "NET_*"))) == explains


@pytest.mark.parametrize(
    ("rule", "comment", "explains"),
    [
        ("rbac-secrets-access", "The controller needs to watch secrets, whatever their name.", True),
        ("rbac-secrets-access", "Alerts of Secret/Role access here are accepted.", True),
        ("rbac-secrets-access", "Required, as any secret may be named in a backup.", True),
        ("rbac-secrets-access", "The controller needs read access to the signing secret.", False),
        (
            "rbac-namespace-secrets-access",
            "Users choose the names, so resourceNames could not have them.",
            True,
        ),
        ("rbac-modify-bindings", "Scanners' alerts of Secret/Role access here are accepted.", True),
        ("image-tag-latest", "The registry has no tags, so that we take what is there.", True),
        ("image-tag-latest", "The image must be the same, keep its tag in step with the API.", False),
        ("rbac-node-proxy", "It needs nodes/proxy for the statistics of the kubelets.", True),
        ("rbac-node-proxy", "The auth proxy needs these to ask for tokens.", False),
        ("sensitive-host-path", "It has to read the logs of the node.", True),
        ("sensitive-host-path", "It has to run on each node.", False),
        ("sensitive-host-path", "It runs at night so the node isn't busy with uploads.", False),
        ("memory-limit-missing", "No limit, since the kernel would kill the compiler.", True),
        ("memory-limit-missing", "No CPU limit, since it must not be throttled.", False),
        ("image-tag-latest", "The CronJob tracks :latest, pulled at each run.", True),
        ("compose-auth-disabled", "AuthorHub with all services that are required.", False),
        ("compose-auth-disabled", "No authentication, since only the loopback has it.", True),
        ("gpu-visible-devices-override", "The device plugin sets it to void, breaking the encoder.", True),
        ("gpu-visible-devices-override", "Needed so that the GPU is seen.", False),
        ("gpu-privileged", "There is no device plugin in WSL2, so the node's device has to be opened.", True),
        ("gpu-privileged", "privileged is needed for the GPU", False),
        ("readiness-probe-missing", "The liveness probe must wait for the index.", False),
        (
            "ingress-tls-missing",
            "See http://www.apache.org/licenses/LICENSE-2.0 Unless required by applicable law",
            False,
        ),
    ],
)
def test_the_words_of_the_rules(tmp_path: Path, rule: str, comment: str, explains: bool) -> None:
    words = load_rules().infos[rule].explained_by
    assert bool(said(tmp_path, f"# {comment}\nkind: Any\nspec: <<", words=words)) == explains


RULE = "rules:\n  # {}\n  - apiGroups:\n      - ''\n    resources:\n      - secrets <<\n{}    verbs:\n      - get\n"
REQUIRED = "Required while https://git.example.org/acme/proxy/issues/7"


def test_what_requires_the_rule_of_a_role_requires_its_one_resource(tmp_path: Path) -> None:
    words = ("secrets",)
    assert said(tmp_path, RULE.format(REQUIRED, ""), words=words)
    assert said(tmp_path, f"- verbs: [get]  # a\n# {REQUIRED}\n- resources: ['secrets'] <<", words=words)
    assert not said(tmp_path, RULE.format(REQUIRED, "      - configmaps\n"), words=words)
    assert not said(tmp_path, RULE.format("Of the proxy", ""), words=words)
    assert not said(tmp_path, RULE.format(REQUIRED, ""), words=words, near=True)
    assert not said(tmp_path, f"# {REQUIRED}\n- name: a\n  keeps:\n    - secrets <<", words=words)


def test_terraform_and_its_blocks(tmp_path: Path) -> None:
    text = """
# needs root, as the driver does
resource "kubernetes_pod" "other" {
}

# It must be root to write to the node.
resource "kubernetes_pod" "this" {
  spec {
    run_as_user = 0 <<
  }
}
"""
    assert said(tmp_path, text, "main.tf") == "It must be root to write to the node."
    assert not said(tmp_path, text.replace("# It must be root to write to the node.\n", ""), "main.tf")


def test_other_files_and_what_is_not_there(tmp_path: Path) -> None:
    assert not said(tmp_path, "# needs root to write\nUSER root <<", "Makefile")
    assert not explanation(lines_of(tmp_path, "gone.yaml"), 1, ROOT_WORDS)
    (tmp_path / "short.yaml").write_text("a: 1\n")
    assert not explanation(lines_of(tmp_path, "short.yaml"), 9, ROOT_WORDS)


@pytest.mark.parametrize(
    ("severity", "config", "counts"),
    [
        (Severity.HIGH, Config(), False),
        (Severity.CRITICAL, Config(), False),
        (Severity.CRITICAL, Config(everywhere=True), True),
        (Severity.HIGH, Config(everywhere=True), True),
        (Severity.HIGH, Config(profile="strict"), True),
        (Severity.HIGH, Config(select=("uid",)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(inline=False)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(max_days=30)), True),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(require_reason=True)), False),
        (Severity.HIGH, Config(suppressions=SuppressionPolicy(locked=frozenset(("uid",)))), True),
    ],
)
def test_when_the_word_of_a_comment_counts(
    tmp_path: Path, severity: Severity, config: Config, counts: bool
) -> None:
    found = judged(tmp_path, severity, config, "privilege")
    assert (found.status is Status.ACTIVE) == counts
    assert found.reason == ("" if counts else EXPLAINED)


def test_no_reason_makes_a_secret_none(tmp_path: Path) -> None:
    assert judged(tmp_path, Severity.HIGH, Config(), "secrets").status is Status.ACTIVE


def judged(tmp_path: Path, severity: Severity, config: Config, category: str) -> Finding:
    """A finding that a comment explains."""
    (tmp_path / "a.yaml").write_text("# must be root to read the snapshots\nrunAsUser: 0\n")
    info = RuleInfo(
        "uid",
        "t",
        category,
        severity,
        Confidence.HIGH,
        "default",
        "any",
        "",
        "",
        "",
        "",
        explained_by=ROOT_WORDS,
    )
    finding = Finding("uid", severity, Confidence.HIGH, "m", Location("a.yaml", 2, 1, 2, 2))
    (found,) = set_aside([finding], Scope(tmp_path), lambda _: config, {"uid": info})
    return found


MODE_WORDS = ("writable", "write", "UID")


def test_dockerfiles_are_asked_too(tmp_path: Path) -> None:
    text = "FROM ubuntu:24.04\n# Pods get a random UID, which must be able to write here.\nRUN chmod 777 /index <<"
    for name in ("Dockerfile", "api.Dockerfile", "Dockerfile.api"):
        assert said(tmp_path, text, name, MODE_WORDS)
    assert not said(tmp_path, text, "Makefile", MODE_WORDS)
    inside = (
        "FROM ubuntu:24.04\nRUN mkdir /index && \\\n    # any UID must write here\n    chmod 777 /index <<"
    )
    assert said(tmp_path, inside, "Dockerfile", MODE_WORDS)
    assert not said(
        tmp_path, inside.replace("any UID must write", "make it writable"), "Dockerfile", MODE_WORDS
    )
