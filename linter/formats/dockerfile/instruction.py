"""What all instructions have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from linter.formats.dockerfile.lines import Line
from linter.formats.document import Document
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell.command import known
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_SETTING = lazy_regex(r"[A-Za-z_][\w.-]*=")


class Part(Model):
    """Anything with a place in a Dockerfile."""

    def __init__(self, document: Document, span: Span, spans: Mapping[str, Span] | None = None) -> None:
        document.models.append(self)
        self.document = document
        self.span = span
        self.spans: dict[str, Span] = dict(spans) if spans else {}

    def place(self) -> Place:
        return Place(self.span)

    def span_of(self, name: str) -> Span | None:
        """Where a field stands; None where it has no place of its own."""
        return self.spans.get(name)

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and isinstance(steps[0], str):
            found = self.span_of(steps[0])
            if found is not None and not (
                len(steps) > 1 and isinstance(getattr(self, steps[0], None), Model)
            ):
                return Place(found)
            if found is None and getattr(self, steps[0], self) is None:
                return Place(self.span, absent=True)
        return super().locate(steps)


class Instruction(Part):
    """One instruction."""

    keyword: str = field("", "FROM RUN COPY …, in upper case")
    value: str = field("", "all after the keyword, continued lines joined")
    written_keyword: str = field("", "the keyword as written")
    flags: dict[str, str] = field({}, "`--name=value` flags by name, without dashes")
    onbuild: bool = field(False, "whether it is the trigger of an ONBUILD")
    json: bool = field(False, "whether the exec form (a JSON list) is used")
    before_from: bool = field(False, "whether it stands before the first FROM")
    undefined: list[str] = field(
        (), "variables it uses that nothing in the file declares, if that is certain to be wrong"
    )

    def __init__(self, document: Document, line: Line, stage: Stage, keyword: str, value_at: int) -> None:
        joined = line.joined
        document.models.append(self)
        self.document = document
        self.spans = {}
        self.line = line
        self.stage = stage
        self.keyword = keyword
        self.value_at = value_at
        self.value = known(joined.text[value_at:].strip())
        self.written_keyword = joined.text.lstrip().split(None, 1)[0] if joined.text.strip() else ""
        self.flags = {}
        self.onbuild = False
        self.json = False
        self.before_from = stage.index < 0
        self.undefined = []
        self.ordinal = 0

    @cached_property
    def span(self) -> Span:  # type: ignore[override]
        """Its first line."""
        return self.located(0, len(self.line.joined.text))

    def span_of(self, name: str) -> Span | None:
        found = self.spans.get(name)
        if found is None and name in ("keyword", "written_keyword"):
            return self.located(0, len(self.written_keyword))
        return self.value_span if found is None and name == "value" else found

    @property
    def value_span(self) -> Span:
        """Where all after the keyword and its flags stands, on its first line."""
        return self.located(self.value_at, len(self.line.joined.text))

    @property
    def address(self) -> str:
        return f"{self.stage.address}/{'ONBUILD ' if self.onbuild else ''}{self.keyword}[{self.ordinal}]"

    @property
    def type_key(self) -> str:
        return self.keyword

    @property
    def raw(self) -> str:
        """The value as written, with holes."""
        return self.line.joined.text[self.value_at :]

    @fact
    def uppercase(self) -> bool:
        """Whether the keyword is written in capitals."""
        return self.written_keyword.isupper()

    @fact
    def lowercase(self) -> bool:
        """Whether the keyword is written in small letters."""
        return self.written_keyword.islower()

    @fact
    def empty_continuation(self) -> bool:
        """Whether a blank line stands between its continued lines."""
        return bool(self.line.empty_continuations) and not self.onbuild

    @fact
    def legacy(self) -> bool:
        """Whether ENV or LABEL has the form `name value`, without `=`."""
        return any(getattr(part, "legacy", False) for part in self.__dict__.get("parts", ()))

    @fact
    def taken_literally(self) -> str:
        """What the form `name value` makes a part of the name or the value though it looks like a mark or a setting of
        its own: `name: value`, `name = value`, `name value other=value`; empty for none."""
        name, rest = [*self.raw.split(None, 1), "", ""][:2] if self.legacy else ("", "")
        if name.endswith(":"):
            return known(name)
        if not rest or rest.startswith(("'", '"')):
            return ""
        words = rest.split()
        found = next((word for word in words[1:] if _SETTING.match(word)), "")
        return known(words[0] if words[0].startswith("=") else found)

    @fact
    def misdescribed(self) -> bool:
        """Whether a comment stands directly above that does not begin with the name of the stage or argument."""
        above = self.line.comments_above
        named = self if self.keyword == "FROM" else next(iter(parts(self)), None)
        name = getattr(named, "alias" if named is self else "name", None)
        if self.keyword not in ("FROM", "ARG", "ENV"):
            return False
        if not above or not isinstance(name, str):
            return False
        return above[-1].text.partition(" ")[0].rstrip(":") != name

    @fact
    def trigger(self) -> str:
        """The keyword after ONBUILD; empty for others."""
        return str(self.__dict__.get("trigger_keyword", ""))

    def located(self, start: int, end: int) -> Span:
        """The source span of a part of the joined text."""
        return self.line.joined.span(start, end)


def parts(instruction: Instruction) -> list[Part]:
    """Variables, ports, labels of an instruction."""
    return instruction.__dict__.get("parts", [])
