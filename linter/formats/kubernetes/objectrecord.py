"""Objects of a scan as rules across files see them: records that know what belongs to them.

Two objects belong together when nothing says otherwise: namespaces that are both written must be equal. What is
found to be in conflict must also stand in the same folder, since repositories of examples use the same names over
and over. What is said to be missing must be missing from the whole scan, and its folder must hold objects of the
kind that was looked for, so that a chart or an overlay of which only a part is here stays quiet.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Any, TypeVar

from linter.cel import UNKNOWN
from linter.formats.kubernetes.lookup import Group, Narrow
from linter.formats.kubernetes.part import either, known
from linter.formats.model import field
from linter.formats.records import Record

EVERYWHERE = "*"  # among namespaces or folders that something is about: it may be about any

T = TypeVar("T", bound="ObjectRecord")


def _all(group: Group[Any]) -> Sequence[Any] | None:
    return group.all()


class ObjectRecord(Record):
    """An object of the scan."""

    kind: str | None = field(None, "kind of the object")
    name: str | None = field(None, "name of the object")
    namespace: str | None = field(None, "namespace, when one is written")

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def type_key(self) -> str:
        return self.kind if isinstance(self.kind, str) else ""

    def moot(self, word: str, part: str) -> Any:
        """Whether what a rule says of it, or of a part of it, is moot as that word tells, which is a fact of it."""
        return getattr(self, word)

    def shares_namespace(self, other: ObjectRecord) -> bool:
        """Whether both may be in one namespace."""
        mine, theirs = self.namespace, other.namespace
        return not known(mine) or not known(theirs) or mine == theirs

    def sharing(self, others: Sequence[T]) -> Sequence[T]:
        """Those that may be in the same namespace."""
        mine = self.namespace
        if not known(mine):
            return others
        return [other for other in others if not known(other.namespace) or other.namespace == mine]

    def beside(self, others: Sequence[T], narrow: Narrow = _all) -> Sequence[T]:
        """Those that stand in the same folder and may be in the same namespace; none when there are too many.

        `narrow` leaves out what surely is not looked for.
        """
        here = narrow(self.project.group(others).at(self.folder))
        return () if here is None else self.sharing(here)

    def missing(self, others: Sequence[T], fits: Any, narrow: Narrow = _all) -> Any:
        """Whether none of `others` fits, though the folder holds some of their sort: True, False or UNKNOWN.

        `narrow` leaves out what surely does not fit.
        """
        group = self.project.group(others)
        beside = group.at(self.folder)
        here = narrow(beside)
        if here is None:
            return UNKNOWN
        if not beside.reaches(self.namespace):
            # the other half is not here, or is here and in another namespace
            return any(fits(other) is True for other in here)
        # most stand beside what they belong to
        verdicts = []
        for other in self.sharing(here):
            verdicts.append(fits(other))
            if verdicts[-1] is True:
                return False
        if len(beside.items) < len(others):
            found = narrow(group)
            if found is None:
                return UNKNOWN
            if any(fits(other) is True for other in self.sharing(found)):
                return False
        # what is not known elsewhere, such as the labels of a chart in another folder, is no excuse
        verdict = either(*verdicts)
        return UNKNOWN if verdict is UNKNOWN else not verdict

    def nowhere(self, others: Sequence[T], fits: Any, narrow: Narrow = _all) -> Any:
        """Whether none of `others` surely fits, and its folder holds none of their sort: they may be elsewhere."""
        group = self.project.group(others)
        if group.at(self.folder).items:
            return False
        found = narrow(group)
        if found is None:
            return UNKNOWN
        return not any(fits(other) is True for other in self.sharing(found))


def of_name(others: Sequence[T], name: Any) -> tuple[Sequence[T], Any, Narrow]:
    """Others, what says of one whether it has a name, and what leaves out those that surely have not."""
    return others, lambda other: same_value(other.name, name), lambda group: group.having("name", name)


def same_value(one: Any, two: Any) -> Any:
    """Whether two values are equal; UNKNOWN when one of them is."""
    return UNKNOWN if one is UNKNOWN or two is UNKNOWN else one == two


def may_be_one(one: str, two: str) -> bool:
    """Whether two names are one, also where a kustomization put something before one of them."""
    return one == two or one.endswith(f"-{two}") or two.endswith(f"-{one}")
