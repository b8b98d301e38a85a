"""Our own syntax, in every format."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from suppressing import TODAY, Mark, finding, policy, read

from linter.config import Config, ConfigSuppression, PathGlob, RuleConfig, SuppressionPolicy
from linter.finding import Status, number
from linter.formats.document import Document
from linter.suppress.apply import Trusted
from linter.suppress.collect import collect
from linter.suppress.layout import layout_of
from linter.suppress.mark import mark_all
from linter.suppress.ours import directives
from linter.suppress.since import identities
from linter.text import SourceText

POD = """\
# a pod
apiVersion: v1
kind: Pod
metadata:
  name: trainer
spec:
  containers:
  # tarecheck: ignore[privileged-container] needs the device until=2027-01-31 by=team-ml
  - name: a
    image: x
    securityContext:
      privileged: true
  - name: b
    image: y
    securityContext:
      privileged: true  # tarecheck: ignore[privileged-container]: second one
---
apiVersion: v1
kind: Pod
"""


def test_above_a_container_and_at_the_end_of_a_line(mark: Mark) -> None:
    outcome = mark("pod.yaml", POD, "privileged-container limits-missing")
    assert outcome.suppressed("privileged-container") == [9, 10, 11, 12, 16]
    assert outcome.suppressed("limits-missing") == []
    assert outcome.reason("privileged-container") == "needs the device (until 2027-01-31, by team-ml)"
    assert outcome.told == []


def test_above_the_first_line_of_a_manifest(mark: Mark) -> None:
    text = "a: 1\n---\n# tarecheck: ignore[limits-missing] why\napiVersion: v1\nkind: Pod\nspec:\n  x: 1\n---\nb: 1\n"
    assert mark("p.yaml", text, "limits-missing").suppressed("limits-missing") == [4, 5, 6, 7]


def test_above_a_key_covers_its_value_only(mark: Mark) -> None:
    text = "spec:\n  # tarecheck: ignore[limits-missing] why\n  securityContext:\n    a: 1\n    b: 2\n  other: 3\n"
    assert mark("p.yaml", text, "limits-missing").suppressed("limits-missing") == [3, 4, 5]


def test_at_the_end_of_a_head_line_covers_what_it_heads(mark: Mark) -> None:
    text = "spec:\n  containers: # tarecheck: ignore[limits-missing] why\n  - name: a\n    image: b\n  other: 3\n"
    assert mark("p.yaml", text, "limits-missing").suppressed("limits-missing") == [2, 3, 4]
    text = "spec:\n  - name: a # tarecheck: ignore[limits-missing] why\n    image: b\n  - name: c\n"
    assert mark("p.yaml", text, "limits-missing").suppressed("limits-missing") == [2]


def test_the_whole_file(mark: Mark) -> None:
    text = "# licence\n\n# tarecheck: ignore-file[limits-missing, root-user] generated\n\na: 1\nb: 2\n"
    outcome = mark("p.yaml", text, "limits-missing")
    assert outcome.suppressed("limits-missing") == [1, 2, 3, 4, 5, 6]
    assert [(rule, line) for rule, _, line in outcome.told] == [("unused-suppression", 3)]
    late = mark("p.yaml", "a: 1\n# tarecheck: ignore-file[limits-missing] x\nb: 2\n", "limits-missing")
    assert late.suppressed("limits-missing") == []
    assert "must stand above the first line" in late.told[0][1]


def test_several_comments_above_one_line(mark: Mark) -> None:
    text = "a: 1\n# tarecheck: ignore[limits-missing] one\n# words\n# tarecheck: ignore[root-user] two\nb: 1\nc: 1\n"
    outcome = mark("p.yaml", text, "limits-missing root-user")
    assert outcome.suppressed("limits-missing") == outcome.suppressed("root-user") == [5]


def test_a_blank_line_parts_a_comment_from_what_follows(mark: Mark) -> None:
    outcome = mark("p.yaml", "a: 1\n# tarecheck: ignore[root-user] x\n\nb: 1\n", "root-user")
    assert outcome.suppressed("root-user") == []
    assert "Nothing follows it" in outcome.told[0][1]


def test_a_peers_id_means_our_rule(mark: Mark) -> None:
    for name in ("CKV_K8S_16", "checkov:CKV_K8S_16", "KSV-0017", "trivy:AVD-KSV-0017", "ksv017", "C-0057"):
        text = f"# tarecheck: ignore[{name}] x\nb: 1\n"
        assert mark("p.yaml", text, "privileged-container").suppressed("privileged-container") == [2], name


DOCKERFILE = """\
FROM a AS build
RUN <<EOF
# tarecheck: ignore[root-user] a heredoc's line
x
EOF
# tarecheck: ignore[root-user] why
RUN a \\
  # tarecheck: ignore[floating-base-image] inside
  && b \\
  && c
USER root
# tarecheck: ignore[limits-missing] the stage
FROM b
USER root
"""


def test_dockerfile(mark: Mark) -> None:
    outcome = mark("Dockerfile", DOCKERFILE, "root-user floating-base-image limits-missing")
    assert outcome.suppressed("root-user") == [7, 8, 9, 10]
    assert outcome.suppressed("floating-base-image") == [9]
    assert outcome.suppressed("limits-missing") == [13, 14]


TERRAFORM = """\
# tarecheck: ignore[no-encryption] scratch
resource "aws_s3_bucket" "é" {
  bucket = "a # tarecheck: ignore[public-bucket]"
  # tarecheck: ignore[public-bucket] why
  acl    = "x"
  policy = <<EOT
# tarecheck: ignore[public-bucket]
EOT
  versioning { # tarecheck: ignore[public-bucket] block
    enabled = true
  }
  tags = {} // tarecheck: ignore[public-bucket] line
}
/* tarecheck: ignore[no-encryption] boxed */
resource "b" "c" {
}
resource "d" "e" {}
"""


def test_terraform(mark: Mark) -> None:
    outcome = mark("main.tf", TERRAFORM, "no-encryption public-bucket")
    assert outcome.suppressed("no-encryption") == [*range(2, 14), 15, 16]
    assert outcome.suppressed("public-bucket") == [5, 9, 10, 11, 12]
    assert outcome.told == []


def test_a_hash_within_yaml_text_is_no_comment() -> None:
    text = (
        "a: 'x # no'\nb: \"y # no\n  # no\"\nc: |  # yes1\n  # no\n  z # no\n# yes2\nd: x#no\ne: z # yes3 # same\n"
        "f: >-\n  # no\n\n  # no\n# yes4\ng: [a, 'b # no', c] # yes5\nh: it's # yes6\n"
    )
    found = [comment.text for comment in layout_of(read("p.yaml", text)).comments]
    assert found == ["# yes1", "# yes2", "# yes3 # same", "# yes4", "# yes5", "# yes6"]


def test_comments_of_a_template_and_of_a_broken_file() -> None:
    text = 'a: {{ .Values.x }} # one\n{{- if .y }}\nb: "{{ z }} # no" # two\n{{- end }}\n'
    assert [c.text for c in layout_of(read("templates/p.yaml", text)).comments] == ["# one", "# two"]
    broken = Document(SourceText("p.yaml", "a: 1 # one\nb: [\n---\n# two\nc: '# no'\n"), "kubernetes")
    assert [c.text for c in layout_of(broken).comments] == ["# one", "# two"]


_LINES = ["a: 1", "b: 'x # y'", "# c", "d: |", "  # e", "- f", "  g: h # i", "---", "", 'k: "l', "    # m"]


@given(st.lists(st.sampled_from(_LINES), max_size=12))
def test_removing_comments_never_changes_what_yaml_says(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    try:
        before = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        return
    stripped = text
    for comment in reversed(layout_of(Document(SourceText("p.yaml", text), "kubernetes")).comments):
        stripped = stripped[: comment.span.start] + stripped[comment.span.end :]
        assert comment.text.startswith("#")
    assert list(yaml.safe_load_all(stripped)) == before


@pytest.mark.parametrize(
    ("text", "rules", "reason", "until", "by"),
    [
        ("# tarecheck: ignore[a]", ("a",), "", None, ""),
        ("# tarecheck: ignore[a, b] why not", ("a", "b"), "why not", None, ""),
        ("# tarecheck:ignore[a] - why, until=2027-01-31", ("a",), "why", datetime.date(2027, 1, 31), ""),
        (
            "# tarecheck: ignore[a] by=ops until=2027-01-31 why",
            ("a",),
            "why",
            datetime.date(2027, 1, 31),
            "ops",
        ),
        ("// tarecheck: ignore[a] a=b, c", ("a",), "a=b, c", None, ""),
        ("/* tarecheck: ignore[a] why */", ("a",), "why", None, ""),
    ],
)
def test_grammar(
    text: str, rules: tuple[str, ...], reason: str, until: datetime.date | None, by: str
) -> None:
    (found,) = directives(text)
    assert (found.rules, found.reason, found.until, found.by, found.fault) == (rules, reason, until, by, "")


@pytest.mark.parametrize(
    "text", ["# tarecheck: ignore", "# tarecheck: ignore[]", "# tarecheck: ignore[a] until=soon"]
)
def test_what_is_not_understood_is_told(mark: Mark, text: str) -> None:
    outcome = mark("p.yaml", f"{text}\na: 1\n", "root-user")
    assert outcome.suppressed("root-user") == []
    assert [rule for rule, _, _ in outcome.told] == ["unused-suppression"]
    assert "not understood" in outcome.told[0][1]


def test_two_directives_in_one_comment() -> None:
    found = list(directives("# tarecheck: ignore[a] one # tarecheck: ignore[b] two"))
    assert [(d.rules, d.reason) for d in found] == [(("a",), "one"), (("b",), "two")]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for found in directives("# tarecheck: ignore[a]" + text):
        assert "\n" not in found.reason


def test_annotation(mark: Mark) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n"
        "    tarecheck.dev/ignore.privileged-container: needs it until=2027-01-01\n"
        "spec:\n  containers: []\n---\napiVersion: v1\nkind: Pod\n"
    )
    outcome = mark("p.yaml", text, "privileged-container limits-missing")
    assert outcome.suppressed("privileged-container") == list(range(1, 9))
    assert outcome.suppressed("limits-missing") == []
    assert outcome.reason("privileged-container") == "needs it (until 2027-01-01)"


def test_annotation_of_a_pod_template_covers_the_template(mark: Mark) -> None:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  replicas: 1\n  template:\n"
        "    metadata:\n      annotations:\n        tarecheck.dev/ignore.privileged-container: why\n"
        "    spec:\n      containers: []\n"
    )
    assert mark("p.yaml", text, "privileged-container").suppressed("privileged-container") == list(
        range(9, 13)
    )


# What suppressions are worth


def test_unused(mark: Mark) -> None:
    text = "# tarecheck: ignore[root-user, limits-missing] why\na: 1\n"
    outcome = mark("p.yaml", text, "limits-missing")
    assert outcome.told == [("unused-suppression", "The suppression of 'root-user' matches no finding.", 1)]
    assert mark("p.yaml", text, "limits-missing", complete=False).told == []
    enabled = frozenset({"limits-missing", "unused-suppression"})
    assert mark("p.yaml", text, "limits-missing", enabled=enabled).told == []


def test_unknown_rule_with_the_nearest_match(mark: Mark) -> None:
    outcome = mark("p.yaml", "# tarecheck: ignore[privileged-contaner] why\na: 1\n", "root-user")
    (told,) = outcome.told
    assert told[1] == (
        "The suppression names no rule 'privileged-contaner'; nearest is 'privileged-container'."
    )


def test_expired(mark: Mark) -> None:
    outcome = mark("p.yaml", "# tarecheck: ignore[root-user] why until=2026-11-24\na: 1\n", "root-user")
    assert outcome.suppressed("root-user") == []
    assert outcome.told == [
        ("expired-suppression", "The suppression of 'root-user' expired on 2026-11-24.", 1)
    ]
    today = mark("p.yaml", "# tarecheck: ignore[root-user] why until=2026-11-25\na: 1\n", "root-user")
    assert today.suppressed("root-user") == [2]


def test_without_reason(mark: Mark) -> None:
    text = "# tarecheck: ignore[root-user]\na: 1\n"
    lax = mark("p.yaml", text, "root-user")
    assert lax.suppressed("root-user") == [2]
    assert [rule for rule, _, _ in lax.told] == ["suppression-without-reason"]
    strict = mark("p.yaml", text, "root-user", Config(suppressions=SuppressionPolicy(require_reason=True)))
    assert strict.suppressed("root-user") == []
    assert [rule for rule, _, _ in strict.told] == ["suppression-without-reason"]


@pytest.mark.parametrize(
    ("until", "counts"), [("", False), ("until=2026-12-25", True), ("until=2026-12-26", False)]
)
def test_max_days(mark: Mark, until: str, counts: bool) -> None:
    config = Config(suppressions=SuppressionPolicy(max_days=30))
    outcome = mark("p.yaml", f"# tarecheck: ignore[root-user] why {until}\na: 1\n", "root-user", config)
    assert outcome.suppressed("root-user") == ([2] if counts else [])
    assert [rule for rule, _, _ in outcome.told] == ([] if counts else ["expired-suppression"])


def test_locked_rules_stay(mark: Mark) -> None:
    policy = SuppressionPolicy(
        locked=frozenset({"root-user"}), ignore=(ConfigSuppression(rules=("root-user",), reason="x"),)
    )
    outcome = mark(
        "p.yaml", "# tarecheck: ignore[root-user] why\na: 1\n", "root-user", Config(suppressions=policy)
    )
    assert outcome.suppressed("root-user") == []
    assert "is locked" in outcome.told[0][1]


def test_no_inline_ignores(mark: Mark) -> None:
    config = Config(suppressions=SuppressionPolicy(inline=False))
    outcome = mark("p.yaml", "# tarecheck: ignore[root-user]\na: 1\n", "root-user", config)
    assert outcome.suppressed("root-user") == []
    assert outcome.told == []


def test_by_configuration(mark: Mark) -> None:
    globs = (PathGlob("/repo", "docs/**"),)
    rules = Config(rules={"root-user": RuleConfig(ignore=globs)})
    assert mark("docs/p.yaml", "a: 1\n", "root-user limits-missing", rules).suppressed("root-user") == [1]
    assert mark("p.yaml", "a: 1\n", "root-user", rules).suppressed("root-user") == []
    for selector in ("root-user", "DL3002", "hadolint:DL3002", "root-*", "privilege", "all"):
        entry = ConfigSuppression(rules=(selector,), paths=globs, addresses=("s",), reason="old")
        config = Config(suppressions=SuppressionPolicy(ignore=(entry,)))
        outcome = mark("docs/p.yaml", "a: 1\n", "root-user", config)
        assert outcome.suppressed("root-user") == [1], selector
        assert outcome.reason("root-user").startswith("old (")
    expired = ConfigSuppression(paths=globs, reason="old", until=datetime.date(2020, 1, 1))
    config = Config(suppressions=SuppressionPolicy(ignore=(expired,)))
    assert mark("docs/p.yaml", "a: 1\n", "root-user", config).suppressed("root-user") == []


def test_policy_from_a_reference_knows_only_its_own_suppressions() -> None:
    def marked(
        path: str, text: str, trusted: Trusted | None, renames: dict[str, str] | None = None
    ) -> list[int]:
        document = read(path, text)
        found = [finding("root-user", path, line) for line in range(1, text.count("\n") + 1)]
        result = mark_all(
            found, {path: collect([document])}, lambda _: policy(), Path("/repo"), date=TODAY, trusted=trusted
        )
        hidden.append(identities(number(result), Status.SUPPRESSED))
        told.extend(f.message for f in result if f.rule == "unused-suppression")
        return [f.location.line for f in result if f.status is Status.SUPPRESSED]

    hidden: list[frozenset[str]] = []
    told: list[str] = []
    base = "# tarecheck: ignore[root-user] agreed\na: 1\n"
    assert marked("p.yaml", base, None) == [2]
    trusted = Trusted(hidden[0], {})
    # the fixture's findings differ by their ordinal alone, as two alike in one object would
    assert marked("p.yaml", base, trusted) == [2]
    assert marked("p.yaml", "# tarecheck: ignore-file[root-user] mine\na: 1\nb: 1\n", trusted) == [2]
    assert marked("q.yaml", base, trusted) == []
    assert "at the reference" in told[-1]
    assert marked("q.yaml", base, Trusted(hidden[0], {"q.yaml": "p.yaml"})) == [2]


def test_a_file_made_to_hang_does_not(mark: Mark) -> None:
    many = "# tarecheck: ignore[root-user] x\n" * 30_000 + "a: 1\n"
    assert len(collect([Document(SourceText("p.yaml", many), "kubernetes")])) == 2000
    broken = "a: [\n---\n# tarecheck: ignore[root-user] x\n" * 5_000
    collect([Document(SourceText("p.yaml", broken), "kubernetes")])
    long = "a:\n" + "  - b: 1 # tarecheck: ignore[root-user] x\n" * 20_000
    collect([Document(SourceText("p.yaml", long), "kubernetes")])
    assert collect([Document(SourceText("Dockerfile", "# tarecheck: ignore[x]\0\n"), "dockerfile")]) == ()
