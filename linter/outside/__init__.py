"""Other programs, asked about what was scanned; what they say is joined with our findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linter.config import Config
from linter.discover import Discovered, Walk
from linter.finding import Diagnostic, Finding, Program, RuleInfo
from linter.frozen import dataclass, field
from linter.recipe import Prepared
from linter.unit import FileResult

if TYPE_CHECKING:
    from linter.adapters.trivy_read import Said
    from linter.ruleset.policy import Policy


@dataclass(frozen=True, slots=True)
class Wish:
    """What other programs are asked for. `required` programs that fail make the scan fail."""

    trivy: tuple[str, ...] = ()  # of trivy.KINDS
    update: bool = False  # they may use the network
    required: frozenset[str] = frozenset()

    def of(self, config: Config) -> Wish:
        """With what the configuration requires; a Trivy that is required is also asked."""
        required = self.required | frozenset(config.require)
        return Wish(self.trivy or (("config",) if "trivy" in required else ()), self.update, required)


@dataclass(frozen=True, slots=True)
class Outside:
    """All findings once other programs were heard; what they say of themselves."""

    findings: tuple[Finding, ...]
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    programs: tuple[Program, ...] = ()
    images: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)  # what was said of each


@dataclass(frozen=True, slots=True)
class Scene:
    """What was scanned, as far as other programs need to know."""

    found: Discovered
    paths: tuple[Path, ...]  # as named by the user
    results: Sequence[FileResult]
    prepared: Prepared
    walk: Walk
    home: Path | None = None  # the files are a copy: the policies are those of this root
    images: Mapping[str, tuple[Said, ...]] | None = None  # what is known of images; no other is asked about

    def policy(self, path: str) -> Policy:
        """The policy of a file, by its shown path."""
        return self.prepared.policy((self.home or self.found.root) / path)


def ask(scene: Scene, ours: Sequence[Finding], wish: Wish) -> Outside:
    """Ask Trivy for what was wished. Whatever fails is told; when Trivy is required, it fails the scan."""
    from linter.outside.asked import ask_trivy

    return ask_trivy(scene, ours, wish)


def failed_programs(wish: Wish, broken: Mapping[str, str]) -> list[Diagnostic]:
    """What is required for rendering and not there, or failed. (What is wrong with Trivy is told when it is asked.)

    `broken`: programs that were started -> how they failed.
    """
    if not wish.required:
        return []
    from linter.adapters import kustomize
    from linter.adapters.program import locate

    told = []
    if "helm" in wish.required and locate("helm") is None:
        told.append(
            Diagnostic("error", "helm is required, and there is none on the search path", internal=True)
        )
    if "kustomize" in wish.required and kustomize.program() is None:
        words = "kustomize is required, and there is neither kustomize nor kubectl on the search path"
        told.append(Diagnostic("error", words, internal=True))
    told += [
        Diagnostic("error", f"{name} is required, and it failed: {how}", internal=True)
        for name, how in sorted(broken.items())
        if name in wish.required
    ]
    return told


def failed(message: str, wish: Wish) -> Diagnostic:
    required = "trivy" in wish.required
    level = "error" if required else "warning"
    return Diagnostic(level, f"nothing from trivy: {message}", internal=required)
