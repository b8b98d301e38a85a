"""Statements of policies, in JSON and in the blocks of policy documents: what each allows, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.model import Raw, fact, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, strings
from linter.formats.terraform.values import HOLE, PartialText, Reference, text_of
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

_SERVICES = frozenset(
    ["iam", "s3", "ec2", "eks", "sagemaker", "bedrock", "secretsmanager", "kms", "sts", "ecr"]
)
# Conditions that tie a statement to an account, an organization, a network or a resource.
_GUARDS = lazy_regex(
    r"aws:(principal(org|account|arn|tag|is)|source(arn|account|vpc|vpce|ip|org|owner)|vpc(sourceip|e)|userid|calledvia)"
    r"|kms:(calleraccount|viaservice)|s3:(dataaccesspoint(account|arn)|accessgrant)|sts:externalid|iam:passedtoservice"
    r"|elasticfilesystem:accessedviamounttarget|:sub$|:aud$|token\.actions",
    re.IGNORECASE,
)
_ANY_VALUE = lazy_regex(r"\*|arn:aws:iam::\*(:\*)?|arn:\*.*|0\.0\.0\.0/0|::/0")
_ACCOUNT = lazy_regex(r"\d{12}|arn:aws[\w-]*:iam::\d{12}:root")
_REPOSITORY = lazy_regex(r"repo:[^*/]+/")
_EKS = lazy_regex(r"oidc\.eks\.|oidc-provider/oidc\.eks|oidc_provider|cluster.{0,200}oidc|eks", re.IGNORECASE)
_GITHUB = "token.actions.githubusercontent.com"


class Statement(Part):
    """One statement of a policy."""

    effect: str = field("Allow", "Allow or Deny")
    actions: list[str] = field((), "actions that it names; none for NotAction")
    resources: list[str] = field((), "resources that it names; none for NotResource")
    principals: Raw = field(None, "who it is for, as written")
    trust: bool = field(False, "whether it belongs to a trust (assume-role) policy")
    from_document: bool = field(
        False, "whether a policy document of the same configuration holds it, which is judged itself"
    )
    places: ClassVar[dict[str, tuple[Step, ...]]] = {
        "actions": ("Action",),
        "resources": ("Resource",),
        "principals": ("Principal",),
        "effect": ("Effect",),
    }

    def __init__(
        self, owner: Located, path: tuple[Step, ...], raw: dict[str, Any], trust: bool, shared: bool
    ) -> None:
        super().__init__(owner, path)
        self.raw = raw
        self.effect = (
            raw.get("Effect", "Allow") if isinstance(raw.get("Effect", "Allow"), (str, Unknown)) else UNKNOWN
        )
        self.actions = _texts(raw.get("Action"))
        self.resources = _texts(raw.get("Resource"))
        self.principals = raw.get("Principal")
        self.trust = trust
        self.from_document = shared

    @fact
    def allows(self) -> bool:
        "whether it allows"
        return self.effect == "Allow"

    @fact(at="principals")
    def anyone(self) -> bool:
        "whether the principal is everyone: `*` or AWS `*`"
        principal = self.raw.get("Principal")
        if isinstance(principal, dict):
            principal = principal.get("AWS")
        return _has(_texts(principal), lambda text: text.strip() == "*")

    @fact(at="principals")
    def whole_account(self) -> bool:
        "whether the principal is a whole account"
        principal = self.raw.get("Principal")
        found = principal.get("AWS") if isinstance(principal, dict) else None
        return _has(strings(found), lambda text: _ACCOUNT.fullmatch(text.strip()) is not None)

    @fact
    def guarded(self) -> bool:
        "whether a condition ties it to an account, an organization, a network or a resource"
        return self._condition(lambda key: _GUARDS.search(key) is not None)

    @fact
    def conditional(self) -> bool:
        "whether it has any condition"
        return bool(self.raw.get("Condition"))

    def _condition(self, wanted: Any) -> Any:
        found: Any = False
        conditions = self.raw.get("Condition")
        if isinstance(conditions, Unknown):
            return UNKNOWN
        for tests in (conditions or {}).values() if isinstance(conditions, dict) else ():
            if isinstance(tests, Unknown):
                found = UNKNOWN
            for key, value in tests.items() if isinstance(tests, dict) else ():
                if wanted(key):
                    if not all(isinstance(v, str) and _ANY_VALUE.fullmatch(v) for v in strings(value)):
                        return True
                elif isinstance(value, Unknown) and "\ufffc" in key:
                    found = UNKNOWN
        return found

    @fact(at="resources")
    def any_resource(self) -> bool:
        "whether it is for every resource"
        if "Resource" not in self.raw:
            return "NotResource" in self.raw
        return _has(self.resources, lambda text: text == "*")

    @fact
    def every_resource(self) -> bool:
        "whether it plainly is for every resource: false also where that is not known"
        return self.any_resource is True

    @fact(at="actions")
    def any_action(self) -> bool:
        "whether it allows every action of every service"
        return _has(self.actions, lambda text: text in ("*", "*:*"))

    @fact(at="actions")
    def service_wildcards(self) -> list[str]:
        "the services of which it allows every action, among those that matter"
        return sorted(
            {
                a.partition(":")[0].lower()
                for a in _known(self.actions)
                if a.endswith(":*") and a.partition(":")[0].lower() in _SERVICES
            }
        )

    @fact(at="actions")
    def passes_roles(self) -> bool:
        "whether it allows iam:PassRole, by name or by pattern"
        return _has(self.actions, lambda text: text.lower() in ("iam:passrole", "iam:pass*"))

    @fact
    def passed_to_service(self) -> bool:
        "whether a condition limits which service gets the role"
        return self._condition(
            lambda key: key.lower() in ("iam:passedtoservice", "iam:associatedresourcearn")
        )

    @fact(at="actions")
    def invokes_models(self) -> bool:
        "whether it allows invoking Bedrock models"
        return _has(
            self.actions,
            lambda text: text.lower().startswith(("bedrock:invokemodel", "bedrock:invoke*", "bedrock:*")),
        )

    @fact
    def federated(self) -> str:
        "the identity provider of a web-identity trust"
        principal = self.raw.get("Principal")
        found = principal.get("Federated") if isinstance(principal, dict) else None
        return ",".join(_describe(item) for item in strings(found))

    @fact
    def web_identity(self) -> bool:
        "whether it lets tokens of an identity provider assume the role"
        return _has(self.actions, lambda text: text.lower() in ("sts:assumerolewithwebidentity", "sts:*"))

    @fact
    def eks_identity(self) -> bool:
        "whether it trusts the identity provider of an EKS cluster"
        return (
            self.web_identity is True
            and self._mentions(_EKS)
            and not self.github_identity
            and "cognito" not in self.federated
        )

    @fact
    def github_identity(self) -> bool:
        "whether it trusts GitHub Actions"
        return self.web_identity is True and (
            _GITHUB in self.federated or any(_GITHUB in key for key in self._keys())
        )

    def _mentions(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.federated)) or any(pattern.search(key) for key in self._keys())

    def _keys(self) -> list[str]:
        conditions = self.raw.get("Condition")
        tests = conditions.values() if isinstance(conditions, dict) else ()
        return [key for test in tests if isinstance(test, dict) for key in test]

    @fact
    def denies_plain_http(self) -> bool:
        "whether it refuses requests without TLS"
        found: bool = self._condition(lambda key: key.lower() in ("aws:securetransport", "s3:tlsversion"))
        return self.effect == "Deny" and found

    @fact
    def audience(self) -> bool:
        "whether a condition asks for an audience"
        return self._claim("aud") if not self._claim_unknown() else UNKNOWN

    @fact
    def subject(self) -> bool:
        "whether a condition asks for a subject that is narrower than everyone"
        if self._claim_unknown():
            return UNKNOWN
        return self._narrowed(lambda item: not isinstance(item, str) or not _broad(item))

    @fact
    def github_subject(self) -> bool:
        "whether a condition asks for a repository or an organization of GitHub"
        if self._claim_unknown():
            return UNKNOWN
        return self._narrowed(
            lambda item: bool(_REPOSITORY.match(text_of(item))) or "\ufffc" in text_of(item)
        )

    def _claim(self, name: str) -> bool:
        return any(key.endswith(f":{name}") for key in self._keys())

    def _claim_unknown(self) -> bool:
        conditions = self.raw.get("Condition")
        if isinstance(conditions, Unknown):
            return True
        tests = list(conditions.values()) if isinstance(conditions, dict) else []
        if any(isinstance(test, Unknown) for test in tests):
            return True
        return any(key in ("\ufffc", "(unknown)") or key.endswith("\ufffc") for key in self._keys())

    def _narrowed(self, wanted: Callable[[Any], bool]) -> bool:
        """Whether one of the conditions on the subject lets in only what is `wanted`: all of them must hold."""
        conditions = self.raw.get("Condition")
        for test in conditions.values() if isinstance(conditions, dict) else ():
            for key, value in test.items() if isinstance(test, dict) else ():
                found = [text_of(v) if isinstance(v, PartialText) else v for v in strings(value)]
                if key.endswith(":sub") and value is not None and all(map(wanted, found)):
                    return True
        return False


class DocumentStatement(Statement):
    """A statement block of a policy document."""

    places: ClassVar[dict[str, tuple[Step, ...]]] = {
        "actions": ("actions",),
        "resources": ("resources",),
        "principals": ("principals", "identifiers"),
        "effect": ("effect",),
    }


def _broad(subject: str) -> bool:
    """Whether a subject pattern lets in everyone: `*`, `system:serviceaccount:*:*`, `repo:*`."""
    text = subject.strip()
    return text in (
        "*",
        "system:serviceaccount:*",
        "system:serviceaccount:*:*",
        "repo:*",
        "repo:*:*",
        "repo:*/*",
        "repo:*/*:*",
        "system:*",
    )


def _describe(value: Any) -> str:
    if isinstance(value, Reference):
        return value.address + "." + ".".join(str(p) for p in value.path)
    return text_of(value)


def _texts(value: Any) -> list[Any]:
    """The texts of a list; a HOLE for what is not known but names one thing, UNKNOWN for what may be anything."""
    return [
        item
        if isinstance(item, str)
        else item.text
        if isinstance(item, PartialText)
        else HOLE
        if isinstance(item, Reference) and _names_one(item)
        else UNKNOWN
        for item in strings(value)
    ]


def _names_one(value: Reference) -> bool:
    """Whether a value is the ARN or the id of something in the configuration, and so no wildcard."""
    name = value.path[-1] if value.path else ""
    kind = value.address.removeprefix("module.")
    given = kind.startswith(("var.", "local.")) or ".var." in kind
    return not given and isinstance(name, str) and name.endswith(("arn", "id"))


def _known(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _has(values: list[Any], wanted: Any) -> Any:
    if any(wanted(value) for value in _known(values)):
        return True
    return UNKNOWN if any(isinstance(value, Unknown) for value in values) else False
