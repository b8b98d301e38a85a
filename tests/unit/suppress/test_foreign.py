"""The peers' own suppressions, each from its documented grammar."""

from __future__ import annotations

import pytest
from suppressing import Mark

from linter.config import Config, SuppressionPolicy
from linter.suppress.bridgecrew import checkov_id

BUCKET = 'resource "aws_s3_bucket" "a" {\n  bucket = "b"\n  acl = "c"\n}\nresource "x" "y" {}\n'


# Trivy and tfsec


@pytest.mark.parametrize(
    "comment",
    [
        "#trivy:ignore:AVD-AWS-0132",
        "# trivy:ignore:aws-0132",
        "// trivy:ignore:AWS-0132",
        "/* trivy:ignore:AWS-0132 */",
        "# trivy:ignore:AVD-AWS-0132 - no key yet",
        "#tfsec:ignore:AWS-0132",
        "#trivy:ignore:*",
        "#trivy:ignore:avd-aws-01*",
        "#trivy:ignore:azure-x #trivy:ignore:AWS-0132",
        "#trivy:ignore:AWS-0132:exp:2026-12-31",
        "#trivy:ignore:AVD-AWS-9999\n#trivy:ignore:AVD-AWS-0132",
    ],
)
def test_trivy_above_a_resource(mark: Mark, comment: str) -> None:
    count = comment.count("\n") + 1
    outcome = mark("main.tf", f"{comment}\n{BUCKET}", "no-encryption root-user")
    assert outcome.suppressed("no-encryption") == [count + n for n in range(1, 5)]
    assert outcome.told == []


@pytest.mark.parametrize(
    "comment",
    [
        "#trivy:ignore:AWS-0086",
        "# ?? not-trivy:ignore:AWS-0132",
        "#trivy:ignore:AWS-0132[bucket=b]",  # for one attribute value: not ours to say
        "#trivy:ignore:AWS-0132:ws:prod",  # for one workspace
        "#trivy:ignore:AWS-0132:exp:someday",
        "# see trivy:ignore docs",
    ],
)
def test_trivy_that_does_not_hold(mark: Mark, comment: str) -> None:
    outcome = mark("main.tf", f"{comment}\n{BUCKET}", "no-encryption")
    assert outcome.suppressed("no-encryption") == []
    assert outcome.told == []


@pytest.mark.parametrize(
    "comment",
    [
        "#tfsec:ignore:aws-s3-block-public-acls",
        "#trivy:ignore:aws-s3-block-public-acls:exp:2026-12-31",
        "#tfsec:ignore:aws-s3-block-*",
        "# tarecheck: ignore[aws-s3-block-public-acls] a web site",
    ],
)
def test_long_names_of_trivy_and_tfsec(mark: Mark, comment: str) -> None:
    outcome = mark("main.tf", f"{comment}\n{BUCKET}", "public-bucket no-encryption")
    assert outcome.suppressed("public-bucket") == [2, 3, 4, 5]
    assert outcome.suppressed("no-encryption") == []


def test_trivy_past_its_date_is_told(mark: Mark) -> None:
    # Trivy: a finding is shown again from the day named on
    for day, holds in (("2026-11-25", False), ("2026-11-26", True)):
        outcome = mark("main.tf", f"#trivy:ignore:AWS-0132:exp:{day}\n{BUCKET}", "no-encryption")
        assert bool(outcome.suppressed("no-encryption")) is holds
        assert [rule for rule, _, _ in outcome.told] == ([] if holds else ["expired-suppression"])


def test_trivy_on_the_line_itself_and_in_a_dockerfile(mark: Mark) -> None:
    text = BUCKET.replace('acl = "c"', 'acl = "c" #trivy:ignore:AWS-0132')
    assert mark("main.tf", text, "no-encryption").suppressed("no-encryption") == [3]
    text = "FROM a\n#trivy:ignore:DS002 builder\nUSER root\nUSER root\n"
    outcome = mark("Dockerfile", text, "root-user")
    assert outcome.suppressed("root-user") == [3]
    assert outcome.reason("root-user") == "builder"


# Checkov


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("#checkov:skip=CKV_AWS_145:no key = yet", "no key = yet"),
        ("# checkov:skip=CKV_AWS_20,CKV_AWS_145: words", "words"),
        ("# bridgecrew:skip=CKV_AWS_145", "suppressed for checkov"),
        ("// cortex:skip=CKV_AWS_145:x", "x"),
    ],
)
def test_checkov_within_a_block(mark: Mark, comment: str, reason: str) -> None:
    text = BUCKET.replace('  acl = "c"\n', f'  {comment}\n  acl = "c"\n')
    outcome = mark("main.tf", text, "no-encryption")
    assert outcome.suppressed("no-encryption") == [1, 2, 3, 4, 5]
    assert outcome.reason("no-encryption") == reason


def test_checkov_by_the_name_that_its_platform_gives_a_check() -> None:
    assert checkov_id("BC_AWS_KUBERNETES_4") == "CKV_AWS_37"
    assert checkov_id("CKV_AWS_37") == "CKV_AWS_37"
    assert checkov_id("BC_AWS_KUBERNETES_999") == "BC_AWS_KUBERNETES_999"


def test_checkov_outside_of_any_block_is_none(mark: Mark) -> None:
    assert (
        mark("main.tf", f"#checkov:skip=CKV_AWS_145\n{BUCKET}", "no-encryption").suppressed("no-encryption")
        == []
    )


def test_checkov_in_a_dockerfile_covers_it_all(mark: Mark) -> None:
    outcome = mark("Dockerfile", "FROM a\n# checkov:skip=CKV_DOCKER_8:needs root\nUSER root\n", "root-user")
    assert outcome.suppressed("root-user") == [1, 2, 3]


def test_checkov_comments_mean_nothing_in_manifests(mark: Mark) -> None:
    text = "# checkov:skip=CKV_K8S_16:x\napiVersion: v1\nkind: Pod\n"
    assert mark("p.yaml", text, "privileged-container").suppressed("privileged-container") == []


# hadolint


@pytest.mark.parametrize(
    "comment", ["# hadolint ignore=DL3006,DL3002", "#hadolint   ignore = DL3002 , DL3006 # words"]
)
def test_hadolint_next_line(mark: Mark, comment: str) -> None:
    outcome = mark("Dockerfile", f"FROM a\n{comment}\nUSER root\nUSER root\n", "root-user")
    assert outcome.suppressed("root-user") == [3]


@pytest.mark.parametrize("between", ["\n", "# words\n", "# hadolint ignore=DL3006\n"])
def test_hadolint_binds_to_the_next_physical_line_only(mark: Mark, between: str) -> None:
    outcome = mark("Dockerfile", f"FROM a\n# hadolint ignore=DL3002\n{between}USER root\n", "root-user")
    assert outcome.suppressed("root-user") == []


def test_hadolint_within_a_continued_instruction_does_nothing(mark: Mark) -> None:
    text = "FROM a\nRUN b \\\n# hadolint ignore=DL3002\n  && c\n"
    assert mark("Dockerfile", text, "root-user").suppressed("root-user") == []


def test_hadolint_global_and_stage(mark: Mark) -> None:
    text = "FROM a\nUSER root\n# hadolint global ignore=DL3002\nFROM b\n"
    assert mark("Dockerfile", text, "root-user").suppressed("root-user") == [1, 2, 3, 4]
    text = "FROM a\nUSER root\n# hadolint stage ignore=DL3002\nFROM b\nUSER root\nFROM c\n"
    assert mark("Dockerfile", text, "root-user").suppressed("root-user") == [4, 5]
    text = "FROM a\n# hadolint stage ignore=DL3002\nUSER root\n"
    assert mark("Dockerfile", text, "root-user").suppressed("root-user") == []


# BuildKit


def test_buildkit_at_the_top_and_above_an_instruction(mark: Mark) -> None:
    text = "# check=skip=InvalidBaseImage,Other;error=true\nFROM a\nUSER root\n"
    outcome = mark("Dockerfile", text, "floating-base-image root-user")
    assert outcome.suppressed("floating-base-image") == [1, 2, 3]
    assert outcome.suppressed("root-user") == []
    text = "FROM a\n# check=skip=InvalidBaseImage\nFROM b\nUSER x\n"
    assert mark("Dockerfile", text, "floating-base-image").suppressed("floating-base-image") == [3]
    text = "# check=skip=all\nFROM a\n"
    assert mark("Dockerfile", text, "floating-base-image").suppressed("floating-base-image") == [1, 2]
    text = "# check=error=true\nFROM a\n"
    assert mark("Dockerfile", text, "floating-base-image").suppressed("floating-base-image") == []


# Annotations


def annotated(*lines: str) -> str:
    written = "".join(f"    {line}\n" for line in lines)
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n{written}spec:\n  containers: []\n"


@pytest.mark.parametrize(
    ("lines", "rule", "reason"),
    [
        (["checkov.io/skip1: CKV_K8S_16=a = b"], "privileged-container", "a = b"),
        (["bridgecrew.io/skip2: CKV_K8S_16"], "privileged-container", "suppressed for checkov"),
        (["ignore-check.kube-linter.io/privileged-container: why"], "privileged-container", "why"),
        (
            ['ignore-check.kube-linter.io/privileged-container: ""'],
            "privileged-container",
            "suppressed for kube-linter",
        ),
        (["kube-linter.io/ignore-all: why"], "privileged-container", "why"),
        (
            ["kube-score/ignore: pod-x, container-security-context-privileged"],
            "privileged-container",
            "suppressed for kube-score",
        ),
        (["kube-score/ignore: container-resources"], "storage-limit", "suppressed for kube-score"),
        (['polaris.fairwinds.com/exempt: "true"'], "limits-missing", "suppressed for polaris"),
        (
            ['polaris.fairwinds.com/runAsPrivileged-exempt: "True"'],
            "privileged-container",
            "suppressed for polaris",
        ),
        (
            ["kubescape.io/skip-controls: C-0016, C-0057", "kubescape.io/skip-reason: agreed"],
            "privileged-container",
            "agreed",
        ),
        (
            ["kubescape.io/skip-controls: C-0057", 'kubescape.io/skip-expiry: "2026-12-31T23:59:59Z"'],
            "privileged-container",
            "suppressed for kubescape (until 2026-12-31)",
        ),
    ],
)
def test_annotations(mark: Mark, lines: list[str], rule: str, reason: str) -> None:
    text = annotated(*lines)
    outcome = mark("p.yaml", text, f"{rule} root-user")
    assert outcome.suppressed(rule) == list(range(1, len(text.splitlines()) + 1))
    assert outcome.suppressed("root-user") == []
    assert outcome.reason(rule) == reason
    assert outcome.told == []


@pytest.mark.parametrize(
    "lines",
    [
        ["checkov.io/skip1: CKV_K8S_16,CKV_K8S_11"],  # Checkov: one id an annotation
        ['polaris.fairwinds.com/exempt: "yes"'],
        ["kube-score/enable: container-security-context-privileged"],
        ["kubescape.io/skip-controls: C-0057", "kubescape.io/skip-expiry: soon"],
        ['kubescape.io/skip-controls: ""'],
    ],
)
def test_annotations_that_do_not_hold(mark: Mark, lines: list[str]) -> None:
    outcome = mark("p.yaml", annotated(*lines), "privileged-container")
    assert outcome.suppressed("privileged-container") == []


# Policy


def test_foreign_ones_can_be_switched_off(mark: Mark) -> None:
    config = Config(suppressions=SuppressionPolicy(honor_foreign=False))
    outcome = mark("Dockerfile", "FROM a\n# hadolint ignore=DL3002\nUSER root\n", "root-user", config)
    assert outcome.suppressed("root-user") == []


def test_the_policy_on_reasons_and_dates_holds_for_them_too(mark: Mark) -> None:
    text = "FROM a\n# hadolint ignore=DL3002\nUSER root\n"
    outcome = mark(
        "Dockerfile", text, "root-user", Config(suppressions=SuppressionPolicy(require_reason=True))
    )
    assert outcome.suppressed("root-user") == []
    assert [rule for rule, _, _ in outcome.told] == ["suppression-without-reason"]
    # one that is not ours to judge is not spoken of
    assert (
        mark("Dockerfile", text, "limits-missing", Config(suppressions=SuppressionPolicy(max_days=3))).told
        == []
    )


# tflint


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# tflint-ignore: terraform_module_pinned_source # ours\n" + BUCKET, [2, 3, 4, 5]),
        ("# tflint-ignore-file: other_rule, terraform_module_pinned_source\n" + BUCKET, list(range(1, 7))),
        (BUCKET + "# tflint-ignore-file: terraform_module_pinned_source\n", []),
        ("# tflint-ignore: other_rule\n" + BUCKET, []),
    ],
)
def test_tflint(mark: Mark, text: str, lines: list[int]) -> None:
    outcome = mark("main.tf", text, "no-encryption root-user")
    assert outcome.suppressed("no-encryption") == lines


# Scanners of secrets: what is theirs to judge on one line

SECRET = "kind: Secret\napiVersion: v1\nstringData:\n  first: a{}\n  second: b\n"


@pytest.mark.parametrize(
    "comment",
    [
        "# gitleaks:allow",
        "#gitleaks:allow",
        "# notsecret",
        "# pragma: allowlist secret",
        "# pragma: whitelist secret",
        "# trufflehog:ignore",
        "# ggignore",
        "# made up for tests - gitleaks:allow",
        "# gitleaks:allow # notsecret only for dev",
    ],
)
def test_marks_of_scanners_of_secrets_cover_their_line(mark: Mark, comment: str) -> None:
    outcome = mark("s.yaml", SECRET.format(f"  {comment}"), "secret-written privileged-container")
    assert outcome.suppressed("secret-written") == [4]
    assert outcome.suppressed("privileged-container") == []
    assert outcome.told == []


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "# notsecrets",
        "# is that notsecret-y?",
        "# see `gitleaks:allow`",
        "# pragma: allowlist",
        "# pragma: no cover",
        "\n  # gitleaks:allow",  # on a line of its own it says nothing of the next one
    ],
)
def test_what_is_no_mark_of_them(mark: Mark, comment: str) -> None:
    assert mark("s.yaml", SECRET.format(f"  {comment}"), "secret-written").suppressed("secret-written") == []


def test_the_line_below_a_mark_that_says_so(mark: Mark) -> None:
    text = SECRET.format("\n  # pragma: allowlist nextline secret")
    assert mark("s.yaml", text, "secret-written").suppressed("secret-written") == [6]


def test_marks_on_what_holds_secrets_do_not_cover_them(mark: Mark) -> None:
    text = SECRET.format("").replace("stringData:", "stringData:  # gitleaks:allow")
    assert mark("s.yaml", text, "secret-written").suppressed("secret-written") == [3]
