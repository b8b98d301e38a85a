"""The policies of a resource: in which of its attributes they stand, and the statements of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.node import Step
from linter.formats.terraform import iamdoc
from linter.formats.terraform.iam import DocumentStatement, Statement
from linter.formats.terraform.part import blocks, strings
from linter.formats.terraform.values import structured

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

DOCUMENT = "data.aws_iam_policy_document"
_ATTRIBUTES = (
    "policy",
    "assume_role_policy",
    "access_policies",
    "access_policy",
    "resource_policy",
    "policy_document",
)


def statements(owner: Located, type_key: str) -> list[Any]:
    """Every statement of a subject; UNKNOWN stands for a policy or a statement that can't be read."""
    if type_key == DOCUMENT:
        return _statements(
            owner, (), iamdoc.policy(_own(owner.values)), "statement", _is_trust_document(owner), False
        )
    result: list[Any] = []
    for name in _ATTRIBUTES:
        if owner.values.get(name) is not None:
            result += _of_value(owner, (name,), owner.values[name], name == "assume_role_policy")
    for index, inline in enumerate(blocks(owner.values.get("inline_policy"))):
        if not isinstance(inline, dict):
            result += _of_value(owner, ("inline_policy",), inline, False)
        elif inline.get("policy") is not None:
            result += _of_value(owner, ("inline_policy", index, "policy"), inline["policy"], False)
    return result


def _own(values: dict[str, Any]) -> dict[str, Any]:
    """A document without what it takes from others: those are judged where they stand."""
    return {key: value for key, value in values.items() if key in ("statement", "version")}


def _is_trust_document(owner: Located) -> bool:
    found = iamdoc.policy(_own(owner.values))["Statement"]
    actions = [a for s in found if isinstance(s, dict) for a in strings(s.get("Action"))]
    return bool(actions) and all(isinstance(a, str) and a.lower().startswith("sts:") for a in actions)


def _of_value(owner: Located, path: tuple[Step, ...], value: Any, trust: bool) -> list[Any]:
    shared = any(
        name.startswith(f"{DOCUMENT}.")
        and any(f"{DOCUMENT}.{d.name}" == name for d in owner.estate.of(DOCUMENT))
        for name in owner.origin.references(str(path[0]))
    )
    policy = structured(value)
    if not isinstance(policy, dict):
        return [UNKNOWN] if isinstance(policy, Unknown) else []
    return _statements(owner, path, policy, "Statement", trust, shared)


def _statements(
    owner: Located, path: tuple[Step, ...], policy: dict[str, Any], key: str, trust: bool, shared: bool
) -> list[Any]:
    return list(_each(owner, path, policy, key, trust, shared))


def _each(
    owner: Located, path: tuple[Step, ...], policy: dict[str, Any], key: str, trust: bool, shared: bool
) -> Iterator[Any]:
    found = policy.get("Statement")
    if isinstance(found, Unknown):
        yield UNKNOWN
        return
    for index, raw in enumerate(found if isinstance(found, list) else [found] if found is not None else []):
        if isinstance(raw, dict):
            statement = (DocumentStatement if key == "statement" else Statement)(
                owner, (*path, key, index), raw, trust, shared
            )
            yield statement
        else:
            yield UNKNOWN
