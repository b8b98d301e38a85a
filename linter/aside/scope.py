"""What lies where nothing is shipped from, and what the user asked for all the same."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from linter.aside.options import Charts
from linter.aside.releases import is_earlier_release
from linter.config.model import Config
from linter.finding import Finding, Severity, Status
from linter.frozen import dataclass

TESTS = "in tests"
VENDORED = "in other people's code"
WORKPLACE = "in a dev container"
EARLIER = "in copies of earlier releases"
OPTION = "in options of charts that are off"

_VENDORED = frozenset(
    {
        "vendor",
        "_vendor",
        "vendored",
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "3rd_party",
        "3rd-party",
        "node_modules",
        "bower_components",
        "site-packages",
        ".venv",
    }
)
_GENERATED = frozenset({"gotk-components.yaml"})  # Flux writes it, and anew with each version
_TESTS = re.compile(
    r"(?:tests?|__tests__|e2e|conformance|testdata|testutils?|fixtures?|(?:system|unit|integration)tests?|testsuites?"
    r"|(?:unit|integration|int|e2e|system|functional|acceptance|smoke|conformance|performance|perf|load|stress"
    r"|conformance|regression|ui|api|upgrade|kuttl|chainsaw|bats|python|go|pytest|robot|molecule|scorecard)[-_.](?:tests?|e2e)"
    r"|(?:tests?|e2e)[-_.](?:data|fixtures?|cases?|suites?|resources?|assets|infra|utils?|manifests|files|e2e"
    r"|tests?|charts?|configs?|setup|env|scripts|images?|pods?|apps?|integration|unit))"
)
# Where a folder `test` lies beside one of these it is a stage that is deployed, as is one below `overlays`
_STAGES = (
    "prod",
    "production",
    "prd",
    "dev",
    "development",
    "staging",
    "stage",
    "stg",
    "uat",
    "qa",
    "acc",
    "preprod",
    "live",
    "base",
)
_OF_STAGES = frozenset(
    {
        "overlays",
        "overlay",
        "environments",
        "environment",
        "envs",
        "env",
        "stages",
        "clusters",
        "cluster",
        "namespaces",
        "tenants",
    }
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
        absolute = os.path.join(self.root, path)
        if absolute in self.files:
            return ""
        above = max(
            (top for top in (*self.folders, str(self.root)) if _below(absolute, top)), key=len, default=None
        )
        if above is None:
            return ""
        if os.path.basename(absolute) in _GENERATED:
            return VENDORED
        relative = os.path.relpath(absolute, above)
        reason = _reason(above, os.path.dirname(relative))
        return reason or (EARLIER if is_earlier_release(above, relative) else "")


def set_aside(
    findings: Iterable[Finding],
    scope: Scope,
    config_for: Callable[[str], Config],
) -> list[Finding]:
    """The findings, those marked that stand where nothing is shipped from. `config_for` is asked with their paths.

    What is critical counts in tests too: a leaked key is one wherever it lies. Locked rules hold everywhere.
    """
    reasons: dict[str, str] = {}
    charts = Charts(scope.root)
    result = []
    for finding in findings:
        if finding.status is Status.ACTIVE:
            path = finding.location.path
            reason = reasons.get(path)
            if reason is None:
                reason = reasons[path] = scope.reason(path)
            if not reason and _is_option(finding, charts, scope):
                reason = OPTION
            grave = finding.severity >= Severity.CRITICAL and reason in (TESTS, WORKPLACE)
            if reason and not grave:
                config = config_for(path)
                if not _counts(config, scope) and finding.rule not in config.suppressions.locked:
                    finding = finding.evolve(status=Status.ASIDE, reason=reason)
        result.append(finding)
    return result


def _is_option(finding: Finding, charts: Charts, scope: Scope) -> bool:
    """Whether it is about a branch of a template that is not taken; what was rendered is."""
    place = finding.location
    if "templates/" not in place.path or any(name == "chart" for name, _ in finding.properties):
        return False
    return os.path.join(scope.root, place.path) not in scope.files and charts.is_option(
        place.path, place.line
    )


def _counts(config: Config, scope: Scope) -> bool:
    """Whether everything counts. Who asks for rules by name, or for all of them, asks for all that they find."""
    if config.everywhere is not None:
        return config.everywhere
    return scope.everywhere or config.profile == "strict" or bool(config.select)


def _below(path: str, top: str) -> bool:
    return path.startswith(top.rstrip(os.sep) + os.sep)


def _reason(above: str, folders: str) -> str:
    """By the names of the folders, relative to the one above them."""
    place = above
    reason = ""
    parents: list[str] = []
    for name in folders.split(os.sep) if folders else ():
        lower = name.lower()
        if lower in _VENDORED:
            return VENDORED
        if lower == ".devcontainer":
            reason = WORKPLACE
        if not reason and _TESTS.fullmatch(lower) and not (lower == "test" and _is_stage(place, parents)):
            reason = TESTS
        parents.append(lower)
        place = os.path.join(place, name)
    return reason


def _is_stage(folder: str, parents: list[str]) -> bool:
    """Whether the `test` in a folder is an environment like its neighbours."""
    if any(parent in _OF_STAGES for parent in parents[-2:]):
        return True
    return any(os.path.isdir(os.path.join(folder, name)) for name in _STAGES)
