"""What the user asked for, and why what lies in some files of it is set aside."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path

from linter.aside.charts import charts_of
from linter.aside.clusters.localstages import is_local
from linter.aside.clusters.neverpulled import is_never_pulled
from linter.aside.clusters.onlyopenshift import is_only_of_openshift
from linter.aside.clusters.openshift import is_of_openshift
from linter.aside.clusters.policytests import is_tried
from linter.aside.clusters.talos import is_of_talos
from linter.aside.clusters.testbeds import is_of_test_bed
from linter.aside.copies.bundled import is_bundled, is_rendering, is_unpacked
from linter.aside.copies.dumps import DUMPED, is_dumped, is_export
from linter.aside.copies.nested import is_nested_copy
from linter.aside.copies.outgrown import is_left_over, is_outgrown
from linter.aside.copies.pulled import is_pulled
from linter.aside.copies.releases import EARLIER, is_earlier_release, is_older_api
from linter.aside.copies.rendered_from import first_template_of
from linter.aside.copies.rendered_program import is_of_program
from linter.aside.copies.savedrenderings import is_saved_rendering
from linter.aside.copies.succeeded import is_succeeded
from linter.aside.copies.twins import LISTED_ELSEWHERE, stands_twice
from linter.aside.deploys.deployments import Deployments
from linter.aside.deploys.deselected import DESELECTED, is_deselected
from linter.aside.deploys.undeployed import UNDEPLOYED, is_installed_from_others, is_undeployed
from linter.aside.leads.besidetemplates import UNUSED, is_beside_templates
from linter.aside.leads.broughtalong import is_brought_along
from linter.aside.leads.builtfortests import is_built_for_tests
from linter.aside.leads.commentedout import is_commented_out
from linter.aside.leads.dockerfiles import NOT_BUILT, is_left_behind, is_of_a_tool, is_of_development
from linter.aside.leads.leftout import LEFT_OUT, is_left_out
from linter.aside.leads.listedoff import LISTED_OFF, is_listed_off
from linter.aside.leads.movedtobase import is_moved_to_base
from linter.aside.leads.namings import Namings
from linter.aside.leads.onlytried import is_only_shown
from linter.aside.leads.onthespot import is_worked_with_on_the_spot
from linter.aside.leads.passedover import is_passed_over
from linter.aside.leads.startedlocally import is_started_locally
from linter.aside.leads.throwaway import is_thrown_away
from linter.aside.leads.unbuilt import UNBUILT, is_unbuilt
from linter.aside.leads.uncalled import UNCALLED, is_uncalled
from linter.aside.leads.unlisted import is_unlisted
from linter.aside.leads.unreached import is_unreached
from linter.aside.names.donotedit import is_not_edited
from linter.aside.names.examples import is_example
from linter.aside.names.exercises import EXERCISES, is_exercise
from linter.aside.names.explained import lines_of
from linter.aside.names.folders import reason_of
from linter.aside.names.fortests import is_for_tests, is_golden
from linter.aside.names.givenup import is_given_up, is_said_given_up
from linter.aside.names.placenames import ARCHIVED, RENDERED, TESTS, VENDORED, WORKPLACE
from linter.aside.names.saidexamples import is_said_example
from linter.aside.names.saidover import is_said_over
from linter.aside.names.stated import is_for_developers, is_over, is_test_at_top, is_verbatim
from linter.aside.names.synced import is_synced
from linter.aside.names.toolimages import is_tool_image, is_tool_image_by_name
from linter.aside.values.roles import Roles
from linter.frozen import dataclass

# What files and those around them say where names do not, in the order in which it is asked
_BY_CONTENT: tuple[tuple[Callable[[str, str], bool], str], ...] = (
    (is_bundled, VENDORED),
    (is_unpacked, VENDORED),
    (is_pulled, VENDORED),
    (is_given_up, ARCHIVED),
    (is_nested_copy, ARCHIVED),
    (is_left_out, LEFT_OUT),
    (is_rendering, RENDERED),
    (is_tried, TESTS),
    (is_earlier_release, EARLIER),
    (is_export, DUMPED),
    (is_verbatim, VENDORED),
    (is_for_developers, WORKPLACE),
    (is_local, WORKPLACE),
    (is_never_pulled, WORKPLACE),
    (is_test_at_top, TESTS),
    (is_golden, TESTS),
    (is_for_tests, TESTS),
    (is_of_test_bed, TESTS),
)
# The same of all but secrets, which are there whatever is said of the rest
_BUT_SECRETS: tuple[tuple[Callable[[str, str], bool], str], ...] = (
    (is_listed_off, LISTED_OFF),
    (is_synced, VENDORED),
    (is_not_edited, EARLIER),
    (is_over, ARCHIVED),
    (is_said_over, ARCHIVED),
    (is_said_given_up, ARCHIVED),
    (is_exercise, EXERCISES),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A file about which the project's texts are asked: below what was asked for, and below the root."""

    above: str
    relative: str
    root: str
    path: str
    namings: Namings


# What the project's texts say that lead to a file, in the order in which it is asked
_BY_NAMINGS: tuple[tuple[Callable[[_Place], bool], str], ...] = (
    (lambda at: is_saved_rendering(at.root, at.path, at.namings), RENDERED),
    (lambda at: is_outgrown(at.root, at.path, at.namings), EARLIER),
    (lambda at: is_succeeded(at.root, at.path, at.namings), EARLIER),
    (lambda at: is_example(at.above, at.relative), ""),  # nothing has to lead to an example
    (lambda at: is_built_for_tests(at.root, at.path, at.namings), TESTS),  # also what no list there has
    (lambda at: is_unlisted(at.above, at.relative, at.root, at.namings), LEFT_OUT),
    (lambda at: is_moved_to_base(at.path, at.namings), LEFT_OUT),
    (lambda at: is_left_over(at.root, at.path, at.namings), EARLIER),
    (lambda at: stands_twice(at.path, at.namings), LISTED_ELSEWHERE),
    (lambda at: is_commented_out(at.path, at.namings), LEFT_OUT),
    (lambda at: is_passed_over(at.path, at.namings), LEFT_OUT),
    (lambda at: is_unreached(at.path, at.namings), LEFT_OUT),
    (lambda at: is_beside_templates(at.path, at.namings), UNUSED),
    (lambda at: is_unbuilt(at.path, at.namings), UNBUILT),
    (lambda at: is_uncalled(at.above, at.relative, at.namings), UNCALLED),
    (lambda at: is_brought_along(at.above, at.relative, at.root, at.namings), WORKPLACE),
    (lambda at: is_started_locally(at.path, at.namings), WORKPLACE),
    (lambda at: is_of_development(at.path, at.namings), WORKPLACE),
    (lambda at: is_left_behind(at.path, at.namings), NOT_BUILT),
    (lambda at: is_of_a_tool(at.path, at.namings), WORKPLACE),
    (lambda at: is_thrown_away(at.above, at.relative, at.root, at.namings), TESTS),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user asked for: whatever is named counts, be it a folder of tests. Paths are absolute."""

    root: Path
    folders: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()
    everywhere: bool = False  # where the configuration says nothing

    def moved(self, root: Path) -> Scope:
        """The same in a copy of the tree."""
        return Scope(
            root,
            tuple(os.path.join(root, os.path.relpath(top, self.root)) for top in self.folders),
            frozenset(os.path.join(root, os.path.relpath(file, self.root)) for file in self.files),
            self.everywhere,
        )

    def reason(self, path: str) -> str:
        """Why findings in the file (relative to the root) are set aside; empty: they count."""
        above, relative = self._split(path)
        if not above:
            return ""
        reason = reason_of(above, relative)
        return reason or next((why for asks, why in _BY_CONTENT if asks(above, relative)), "")

    def reason_but_secrets(self, path: str) -> str:
        """Why all findings but secrets in the file (relative to the root) are set aside; empty: they count."""
        above, relative = self._split(path)
        return next((why for asks, why in _BUT_SECRETS if above and asks(above, relative)), "")

    def reason_by_namings(self, path: str, namings: Namings) -> str:
        """Why nothing leads to the file (relative to the root) by what the project names, or only its tests do; empty:
        something does. Of examples nothing has to."""
        if not self.is_whole(path):
            return ""  # of a part of what is no repository nobody knows what else there is
        above, relative = self._split(path)
        place = _Place(above, relative, str(self.root), path, namings)
        return next((why for asks, why in _BY_NAMINGS if asks(place)), "")

    def reason_by_deployments(self, path: str, deployments: Deployments) -> str:
        """Why nothing deploys the chart that the file (relative to the root) is of, by how the project deploys its
        charts; empty: something does, or it is of none."""
        if not self.is_whole(path) or not any(charts_of(str(self.root), path)):
            return ""
        if is_deselected(path, deployments.namings):
            return DESELECTED
        if is_undeployed(path, deployments):
            return UNDEPLOYED
        return VENDORED if is_installed_from_others(path, deployments) else ""

    def is_whole(self, path: str) -> bool:
        """Whether what is scanned around the file (relative to the root) is all that may lead to it."""
        above, _ = self._split(path)
        return bool(above) and (above == str(self.root) or os.path.exists(os.path.join(self.root, ".git")))

    def is_older_api(self, path: str) -> bool:
        """Whether the file (relative to the root) is there for clusters that lack the API of the one beside it."""
        above, relative = self._split(path)
        return bool(above) and is_older_api(above, relative)

    def is_of_program(self, path: str, line: int) -> bool:
        """Whether the object at a line of the file (relative to the root) was made of a known program's chart."""
        above, relative = self._split(path)
        return bool(above) and is_of_program(above, relative, line)

    def is_example(self, path: str) -> bool:
        """Whether the file (relative to the root) shows how something is used."""
        above, relative = self._split(path)
        return bool(above) and (is_example(above, relative) or is_said_example(above, relative))

    def is_only_shown(self, path: str, namings: Namings) -> bool:
        """Whether the file (relative to the root) is of what only examples have."""
        above, _ = self._split(path)
        return above == str(self.root) and is_only_shown(above, path, namings)

    def is_tool_image(self, path: str, namings: Namings, *, users: bool) -> bool:
        """Whether the file (relative to the root) is the Dockerfile of an image for those who work on the project, with
        `users` one where it is of no account as whom it runs."""
        above, relative = self._split(path)
        if not above:
            return False
        named = is_tool_image_by_name(relative) if users else is_tool_image(relative)
        return named or (self.is_whole(path) and is_worked_with_on_the_spot(path, namings))

    def is_rendered(self, path: str) -> bool:
        """Whether the file (relative to the root) says that a chart was rendered to it: it is mended in the chart."""
        return bool(self._split(path)[0]) and bool(first_template_of(os.path.join(self.root, path)))

    def is_of_openshift(self, path: str) -> bool:
        """Whether the file (relative to the root) lies beside objects that only OpenShift knows."""
        return bool(self._split(path)[0]) and is_of_openshift(str(self.root), path)

    def is_only_of_openshift(self, path: str, namings: Namings, *, users: bool) -> bool:
        """Whether the file (relative to the root) is of a project that deploys to OpenShift alone, and with `users` has
        those that OpenShift gives."""
        above, _ = self._split(path)
        root = str(self.root)
        if not above or (above != root and not os.path.exists(os.path.join(root, ".git"))):
            return False  # of a part of what is no repository nobody knows what else there is
        return is_only_of_openshift(path.replace(os.sep, "/"), namings, users=users)

    def is_of_talos(self, path: str, namings: Namings) -> bool:
        """Whether the file (relative to the root) is for a cluster of Talos that enforces a Pod Security Standard."""
        above, relative = self._split(path)
        return bool(above) and is_of_talos(above, relative, namings)

    def is_dumped(self, path: str) -> bool:
        """Whether the file (relative to the root) keeps what a cluster was asked for."""
        return bool(self._split(path)[0]) and is_dumped(str(self.root), path)

    def names(self, path: str) -> bool:
        """Whether the user named the file (relative to the root) itself."""
        return os.path.join(self.root, path) in self.files

    def _split(self, path: str) -> tuple[str, str]:
        """The folder that was asked for, and the path below it; empty: the file itself was, or nothing around it."""
        absolute = os.path.join(self.root, path)
        if absolute in self.files:
            return "", ""
        above = ""
        for top in (*self.folders, str(self.root)):
            if len(top) > len(above) and _below(absolute, top):
                above = top
        return above, absolute[len(above.rstrip(os.sep)) + 1 :] if above else ""


def _below(path: str, top: str) -> bool:
    return path.startswith(top.rstrip(os.sep) + os.sep)


class Places:
    """Files of a scope, about which finding after finding is asked: what concerns a file is looked up once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        namings = Namings(scope.root)
        self.deployments = Deployments(namings)
        self.roles = Roles(namings)
        self.reason = cache(scope.reason)
        self.reason_but_secrets = cache(scope.reason_but_secrets)
        self.reason_by_namings = cache(lambda path: scope.reason_by_namings(path, namings))
        self.reason_by_deployments = cache(lambda path: scope.reason_by_deployments(path, self.deployments))
        self.is_example = cache(scope.is_example)
        self.is_only_shown = cache(lambda path: scope.is_only_shown(path, namings))
        self.is_rendered = cache(scope.is_rendered)
        self.is_of_openshift = cache(scope.is_of_openshift)
        self.is_only_of_openshift = cache(
            lambda path, users: scope.is_only_of_openshift(path, namings, users=users)
        )
        self.is_tool_image = cache(lambda path, users: scope.is_tool_image(path, namings, users=users))
        self.is_dumped = cache(scope.is_dumped)
        self.is_of_talos = cache(lambda path: scope.is_of_talos(path, namings))
        self.lines = lru_cache(maxsize=16)(
            partial(lines_of, scope.root)
        )  # findings of a file mostly follow each other
