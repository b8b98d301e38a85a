"""As whom the workloads of a project run the images that it builds, by the images' names: what `Built` compares.

The manifests and charts tell it of their containers, Compose files of the services to which they give no user.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from linter.formats.built import name_of
from linter.formats.model import field
from linter.formats.records import Project, Record
from linter.patterns import lazy_regex

WORKLOAD = "k8s-workload"  # the types of the records that tell it
SERVICE = "compose-run"
# folders of what nobody but the project itself runs, which shows nothing of how others do
_BY_HAND = lazy_regex(
    r"(?i)(?:\A|/)(?:(?:[^/]*[-_])?(?:tests?|e2e|examples?|samples?|demos?)(?:[-_][^/]*)?|testdata|dev|development|local|hack)/"
)


class Run(Record):
    """What an object runs, as far as Dockerfiles ask."""

    as_others: list[str] = field((), "images, as written, that surely run as a user other than root")
    maybe_root: list[str] = field((), "those that may run as root; for one that is not known, whose it is")
    builds: str = field("", "path of the Dockerfile that it builds and may run as root")


class Runs:
    """Asked about the images of Dockerfiles; what runs them is listed once."""

    def __init__(self, project: Project) -> None:
        self._as_others: set[str] = set()  # by name of the image
        self._maybe_root: set[str] = set()
        self._built: set[str] = set()  # by path of the Dockerfile
        for data in (*project.by_type.get(WORKLOAD, ()), *project.by_type.get(SERVICE, ())):
            run = Run(data, project)
            self._maybe_root |= _names(run.maybe_root)
            self._built.add(run.builds)
            if _BY_HAND.search(run.path) is None:
                # a name alone may be of Docker's library
                self._as_others |= _names(image for image in run.as_others if "/" in image)

    def only_as_others(self, path: str, names: Collection[str]) -> bool:
        """Whether something runs the image of a Dockerfile by one of its names, and nothing may run it as root."""
        return (
            path not in self._built
            and not self._as_others.isdisjoint(names)
            and self._maybe_root.isdisjoint(names)
        )


def _names(images: Iterable[Any]) -> set[str]:
    return {name for name in map(name_of, images) if name}
