"""Scripts that machines run at their first start: user data, startup scripts, lifecycle hooks, provisioners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel.unknown import Unknown
from linter.formats import secrets
from linter.formats.model import Place, fact, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, dig, strings
from linter.formats.terraform.values import HOLE, script_text
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located

_PIPE = lazy_regex(
    r"\b(?:curl|wget)\b[^\n|;&#]{0,2000}(?:\\\n[^\n|;&#]{0,500}){0,20}\|\s*(?:sudo\s+(?:-\S+\s+){0,20})?(?:/bin/|/usr/bin/)?(?:env\s+)?(?:ba|z|da|k)?sh\b"
    r"|\b(?:ba)?sh\s+(?:-c\s+[\"']?\$\(|<\()\s*(?:curl|wget)\b"
    r"|\b(?:curl|wget)\b[^\n|;&#]{0,2000}\|\s*(?:sudo\s+)?python3?\b(?!\s+-m\s+json)"
)
_CLONE = lazy_regex(r"^(?![ \t]*#).*\bgit\s+clone\b(?![^\n]*(?:--branch|-b)\s)[^\n]*", re.MULTILINE)
# what a command only prints; what it prints into a file or another command may run
_SAID = lazy_regex(r"\b(?:echo|printf)\s+(?:-\S{1,20}\s+){0,9}(?:'[^'\n]*'|\"[^\"\n$`]*\")(?!\s*[|>])")
_CHECKOUT = lazy_regex(r"\bgit\s+(?:-C\s+\S+\s+)?(?:checkout|reset|switch)\b")
# also the key of Amazon's documentation: who pastes it into a script will paste the real one next
_AWS_KEY = lazy_regex(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")
_ASSIGNED = lazy_regex(
    r"^[ \t]*(?:export\s+|set\s+)?([A-Za-z_][A-Za-z0-9_]*)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s#;]+)", re.MULTILINE
)

# Where each type holds scripts.
PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "aws_instance": (("user_data",), ("user_data_base64",)),
    "aws_launch_template": (("user_data",),),
    "aws_launch_configuration": (("user_data",), ("user_data_base64",)),
    "aws_sagemaker_notebook_instance_lifecycle_configuration": (("on_create",), ("on_start",)),
    "aws_sagemaker_studio_lifecycle_config": (("studio_lifecycle_config_content",),),
    "google_compute_instance": (
        ("metadata_startup_script",),
        ("metadata", "startup-script"),
        ("metadata", "user-data"),
    ),
    "google_compute_instance_template": (
        ("metadata_startup_script",),
        ("metadata", "startup-script"),
        ("metadata", "user-data"),
    ),
    "azurerm_linux_virtual_machine": (("custom_data",), ("user_data",)),
    "azurerm_linux_virtual_machine_scale_set": (("custom_data",), ("user_data",)),
    "azurerm_virtual_machine": (("os_profile", "custom_data"),),
}


class Script(Part):
    """A script as far as its text is known."""

    text: str = field("", "the text; unknown pieces are left out")
    provisioner: bool = field(False, "whether a provisioner runs it")

    def __init__(self, owner: Located, path: tuple[Step, ...], text: str, place: Place | None = None) -> None:
        super().__init__(owner, path)
        self.text = text
        self._place = place
        self.provisioner = place is not None

    def place(self) -> Place:
        return self._place or super().place()

    @fact
    def secret(self) -> str | None:
        "the kind of literal secret in it, if there is one"
        for match in secrets.find_all(self.text):
            if match.confidence != "low" and HOLE not in self.text[match.start : match.end]:
                return match.kind
        if _AWS_KEY.search(self.text):
            return "aws-access-key-id"
        for assigned in _ASSIGNED.finditer(self.text):
            name, value = assigned[1], assigned[2]
            if HOLE in value or "$" in value:
                continue
            found = secrets.classify(name, value)
            if found is not None and found.confidence != "low":
                return found.kind
        return None

    @fact
    def pipes_to_shell(self) -> bool:
        "whether it pipes a download into an interpreter"
        return _PIPE.search(_SAID.sub("", _without_comments(self.text))) is not None

    @fact
    def clones_branch(self) -> bool:
        "whether it clones a repository without saying which commit or tag"
        return _CLONE.search(_SAID.sub("", self.text)) is not None and _CHECKOUT.search(self.text) is None


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))


def scripts(owner: Located, type_key: str) -> list[Script]:
    """The scripts of a subject of which something is known."""
    result = []
    for path in PATHS.get(type_key, ()):
        value = dig(owner.values, *path)
        text = script_text(value) if value is not None else None
        if text is not None:
            result.append(Script(owner, path, text))
    result += _provisioners(owner)
    return result


def _provisioners(owner: Any) -> Iterator[Script]:
    for index, item in enumerate(getattr(owner, "provisioners", ())):
        lines = strings(item.get("inline")) or strings(item.get("command"))
        known = [script_text(line) or HOLE for line in lines if line is not None]
        if known and not all(isinstance(line, Unknown) for line in lines):
            yield Script(owner, (), "\n".join(known), owner.origin.provisioner(index))
