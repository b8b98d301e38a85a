"""Variables, outputs, providers, settings and comments."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.model import Model, Place, fact
from linter.formats.terraform.exposure import goes_through, printed_at
from linter.formats.terraform.model import Located
from linter.formats.terraform.module import Module
from linter.formats.terraform.part import blocks
from linter.formats.terraform.search import document_of
from linter.formats.terraform.secretnames import is_key_id, mentions_secret, names_secret
from linter.formats.terraform.settings import Setting, is_secret, literals
from linter.formats.terraform.syntax import Attribute
from linter.patterns import lazy_regex

_IGNORE = lazy_regex(r"\b(checkov|tfsec|trivy|bridgecrew):(?:skip|ignore)[=:]?\s*([^\n]*)")
_WORD = lazy_regex(r"[^\W\d_]{2,}")
_SHOWN = lazy_regex(
    r"(?:master_|admin_|db_|root_)?password|secret(?:_key|_string|_access_key)?|auth_token|token|private_key(?:_pem|_openssh)?|client_key"
    r"|primary_access_key|secondary_access_key|primary_connection_string|kube_config_raw|kube_admin_config_raw|primary_key|access_key_secret"
)
_ABOUT = lazy_regex(  # a description of something about a secret
    r"\b(?:name|id|arn|path|file|identifier|reference|ur[il])s?\b (?:of|for|in|to)\b|\bsecret(?:'s)? (?:name|id|arn)\b"
    r"|\b(?:in|from) (?:aws |google |gcp |the )?(?:secrets? manager|key ?vault)\b"
    r"|\b(?:kubernetes|k8s|existing|vault|cloud|aws|azure) secret\b"
    r"|\bsecret (?:that|which|with|containing|holding|storing)\b|\b(?:name )?(?:suffix|prefix)\b|\bcollisions?\b"
    r"|\b(?:role|iam) arns?\b",
    re.IGNORECASE,
)


class Variable(Located):
    """An input variable; its `self` is the block."""

    @fact
    def names_secret(self) -> bool:
        "whether the name says that the value is a secret"
        if not names_secret(self.name) or _ABOUT.search(str(self.values.get("description") or "")):
            return False
        if is_key_id(self.name, self.estate.declared):
            return False
        kind = str(self.values.get("type_text") or "")
        default = self.values.get("default")
        if isinstance(default, str) and default and is_key_id(self.name):
            return False  # the name of an account that everybody may read
        if "object(" in kind and not mentions_secret(kind):
            return False
        if isinstance(default, str) and names_secret(default.rpartition("/")[2]) and "/" in default:
            return False  # the path of one
        if kind in ("", "any") and default in ({}, []) and isinstance(default, (dict, list)):
            return False  # settings of several, which for_each goes through: it takes nothing sensitive
        if self.module is not None and goes_through(self.module, self.name):
            return False
        return kind not in ("bool", "number") and not isinstance(default, (bool, int, float))

    @property
    def module(self) -> Module | None:
        """The module that declares it; None in a plan."""
        module = getattr(self.origin, "module", None)
        return module if isinstance(module, Module) else None

    @fact
    def prints(self) -> list[Printing]:
        "the first argument that prints its value in plans or logs; none in a plan"
        found = self._printed_at
        return [Printing(found)] if isinstance(found, Attribute) else []

    @fact
    def is_printed(self) -> bool:
        "whether plans or logs print its value: in an argument that no provider masks, a command, or an output"
        if self.module is None:
            return True
        return UNKNOWN if self._printed_at is UNKNOWN else self._printed_at is not None

    @cached_property
    def _printed_at(self) -> Any:
        return printed_at(self.module, self.name) if self.module is not None else None

    @fact(at="values.default")
    def literal_secret(self) -> bool:
        "whether its default is a literal secret"
        return is_secret(self.name, self.values.get("default"))

    @property
    def address(self) -> str:
        return f"var.{self.name}"


class Printing(Model):
    """An argument that prints the value of a variable."""

    def __init__(self, attribute: Attribute) -> None:
        self._attribute = attribute

    def place(self) -> Place:
        return Place(self._attribute.span, document=document_of(self._attribute.file))


class Output(Located):
    """An output value."""

    @fact(at="values.value")
    def exposes(self) -> str:
        "the secret attribute that its value shows; empty when there is none, and where it stays sensitive"
        if not self.estate.root and "nonsensitive" not in self.origin.calls("value"):
            return ""
        for text in self.origin.words("value"):
            last = text.rpartition(".")[2]
            if _SHOWN.fullmatch(last) and not text.startswith(("var.", "local.")):
                return text
        return ""

    @property
    def address(self) -> str:
        return f"output.{self.name}"


class Provider(Located):
    """A provider configuration; `types` selects by its name."""

    @fact
    def passwords(self) -> list[Setting]:
        "credentials among its arguments that are written as a literal"
        return literals(self)

    @property
    def address(self) -> str:
        return f"provider.{self.name}"

    @property
    def type_key(self) -> str:
        return self.name


class Comment(Located):
    """A comment; `name` is its text, `values` has the text of the comments beside it."""

    @fact
    def ignores(self) -> str:
        "the marker of an ignore comment: `checkov`, `tfsec` or `trivy`; empty for other comments"
        match = _IGNORE.search(self.name)
        return match[1] if match else ""

    @fact
    def ignores_all(self) -> bool:
        "whether it ignores every rule"
        match = _IGNORE.search(self.name)
        return bool(match) and match[2].strip().split(":")[0].split(" ")[0] in ("*", "")  # type: ignore[index]

    @fact
    def reasoned(self) -> bool:
        "whether it, or a comment beside it, says why, or until when"
        match = _IGNORE.search(self.name)
        return match is None or _says_why(match[2]) or any(map(_explains, self.values["beside"]))


def _says_why(rest: str) -> bool:
    """Whether there is more behind the marker of an ignore comment than the names of rules."""
    rest = rest.strip()
    found = re.match(r"[\w*,-]+(?::exp:\S+)?(?:\[[^\]]*\])?[:\s]*", rest)
    tail = rest[found.end() :] if found else rest
    return len(tail.strip(" #*/:-")) > 2 or ":exp:" in rest


def _explains(comment: str) -> bool:
    """Whether a comment beside an ignore comment is a sentence, not a heading, or an ignore comment with a reason."""
    match = _IGNORE.search(comment)
    return _says_why(match[2]) if match else len(_WORD.findall(comment)) >= 5


def required_providers(values: dict[str, Any]) -> dict[str, str]:
    """The version constraints of a `terraform` block by the provider's local name."""
    result = {}
    for block in blocks(values.get("required_providers")):
        for name, item in block.items() if isinstance(block, dict) else ():
            version = item.get("version") if isinstance(item, dict) else item
            if isinstance(version, str):
                result[name] = version
    return result


class Settings(Located):
    """A `terraform` block: backend and required providers."""

    @property
    def providers(self) -> dict[str, str]:
        """The version constraints of providers by their local name."""
        return required_providers(self.values)

    @property
    def address(self) -> str:
        return "terraform"

    @fact
    def unpinned(self) -> list[str]:
        "providers that are required without a version"
        written = [
            block for block in blocks(self.values.get("required_providers")) if isinstance(block, dict)
        ]
        return [name for block in written for name in block if name not in self.providers]

    @fact
    def backend(self) -> str | None:
        "the kind of backend that is configured"
        found = self.values.get("backend")
        return next(iter(found), None) if isinstance(found, dict) else None
