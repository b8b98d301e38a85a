"""A rule file to start from: for each input language one that works and can be changed step by step."""

from __future__ import annotations

from linter.cel import suggest
from linter.errors import UsageError
from linter.formats.classify import FORMATS, load_format
from linter.patterns import lazy_regex

_ID = lazy_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_HEAD = """id: {rule_id}
title: {title}
category: correctness   # privilege secrets encryption gpu resources supply-chain network reliability correctness
severity: medium        # critical high medium low info
confidence: high
for: {subject}          # names below: tarecheck rules fields {subject}
"""
_TAIL = """why: What goes wrong, for whom.
fix: What to write instead.
examples:
"""

# format -> (subject, condition and place, examples)
_BODIES: dict[str, tuple[str, str, str]] = {
    "kubernetes": (
        "container",
        "when: container.securityContext.privileged\nat: container.securityContext.privileged\n"
        "message: \"Container '{container.name}' runs privileged.\"\n",
        """  - bad: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example}
      spec:
        containers:
          - name: app
            image: registry.example.org/app:1.0
            securityContext:
              privileged: true
    finds: "privileged: true"
  - good: |
      apiVersion: v1
      kind: Pod
      metadata: {name: example}
      spec:
        containers:
          - name: app
            image: registry.example.org/app:1.0
""",
    ),
    "dockerfile": (
        "from",
        'when: from.image.tag == "latest"\nat: from\nmessage: "The base image has the tag latest."\n',
        """  - bad: |
      FROM registry.example.org/base:latest
    finds: "FROM registry.example.org/base:latest"
  - good: |
      FROM registry.example.org/base:1.0
""",
    ),
    "terraform": (
        "resource",
        "types: [aws_ebs_volume]\nwhen: self.encrypted != true\nat: self.encrypted\n"
        "message: \"Volume '{resource.name}' is not encrypted.\"\n",
        """  - bad: |
      resource "aws_ebs_volume" "data" {
        availability_zone = "eu-central-1a"
        encrypted         = false
      }
    finds: encrypted         = false
  - good: |
      resource "aws_ebs_volume" "data" {
        availability_zone = "eu-central-1a"
        encrypted         = true
      }
""",
    ),
    "compose": (
        "service",
        "when: service.privileged\nat: service.privileged\nmessage: \"Service '{service.name}' runs privileged.\"\n",
        """  - bad: |
      services:
        app:
          image: registry.example.org/app:1.0
          privileged: true
    finds: "privileged: true"
  - good: |
      services:
        app:
          image: registry.example.org/app:1.0
""",
    ),
}


def scaffold(rule_id: str, subject: str, format_name: str) -> str:
    """The text of a new rule. Raises `UsageError` for a name that can't be one."""
    if not _ID.fullmatch(rule_id):
        raise UsageError(
            f"'{rule_id}' is no rule id", "lower-case words joined by hyphens, such as floating-base-image"
        )
    if format_name not in FORMATS:
        near = suggest(format_name, FORMATS)
        raise UsageError(f"no input language '{format_name}'", f"did you mean '{near}'?" if near else None)
    known = [kind.name for kind in load_format(format_name).subjects]
    usual, condition, examples = _BODIES[format_name]
    if subject == "container" and subject not in known:
        subject = usual  # the option's default means: the usual one
    if subject not in known:
        near = suggest(subject, known)
        raise UsageError(
            f"{format_name} has no subject '{subject}'", f"did you mean '{near}'?" if near else None
        )
    title = rule_id.replace("-", " ").capitalize()
    if subject == usual:
        return _HEAD.format(rule_id=rule_id, title=title, subject=subject) + condition + _TAIL + examples
    todo = f"# the condition, the message and the examples are for '{usual}': change them for '{subject}'\n"
    return todo + _HEAD.format(rule_id=rule_id, title=title, subject=usual) + condition + _TAIL + examples
