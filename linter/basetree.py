"""The tree at a git reference, scanned by today's policy: what was known then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from linter.aside import Scope, set_aside
from linter.cache import ResultCache
from linter.discover import Discovered, Target, Walk
from linter.finding import Diagnostic, Finding, number
from linter.formats.classify import candidates
from linter.frozen import dataclass, replace
from linter.newfiles import scratch
from linter.outside import Outside, Scene, Wish, ask
from linter.recipe import Prepared, Recipe
from linter.suppress.git import GitTree, Repository
from linter.suppress.mark import mark_all, today
from linter.sweep import Sweep, Tree, sweep, units_of

FILES_AT_ONCE = 2_000  # that git is asked for, and that are held in memory
# what Terraform files, Compose files and charts read from beside them: they must find it at the reference too
_MODULE_SUFFIXES = (
    ".tgz",
    ".helmignore",
    "kustomization",
    ".tpl",
    ".tftpl",
    ".json",
    ".yaml",
    ".yml",
    ".sh",
    ".txt",
    ".cfg",
    ".conf",
    ".toml",
    ".ini",
    ".env",
)


@dataclass(slots=True)
class Base:
    """A commit, and how its files are scanned: once, however often it is asked."""

    repository: Repository
    commit: str
    root: Path
    whole: bool
    scope: Scope
    recipe: Recipe
    prepared: Prepared
    jobs: int
    render: bool = False  # charts and kustomizations, as in the tree that it is compared with
    wish: Wish = Wish()  # of other programs, as in the tree that it is compared with
    heard: Outside | None = None  # what they said of that tree
    cache: ResultCache | None = None
    _found: tuple[list[Finding], list[Diagnostic]] | None = None

    @property
    def renames(self) -> dict[str, str]:
        """Path now -> path then."""
        return dict(self.repository.changes(self.commit).renames)

    def findings(self) -> tuple[list[Finding], list[Diagnostic]]:
        """What a scan of the commit finds, suppressions applied, numbered; and what other programs failed at there.

        Reads git objects, touches no work tree.
        """
        if self._found is None:
            self._found = self._scan()
        return self._found

    def _scan(self) -> tuple[list[Finding], list[Diagnostic]]:
        with scratch() as folder:
            copy = folder.resolve()
            written = _write(self.repository.tree(self.commit), copy, everything=bool(self._asked))
            targets = sorted(written, key=lambda target: target.shown)
            tree = Tree(copy, self.whole, moved_from=self.root, render=self.render, cache=self.cache)
            swept = sweep(list(units_of(targets, copy)), tree, self.recipe, self.prepared, self.jobs)
            swept = self._with_others(swept, copy, targets)
            policy, home = self.prepared.policy, self.root
            marked = mark_all(swept.findings, swept.suppressions, policy, home, date=today())
            # what becomes real by a move out of the tests is new
            marked = set_aside(
                marked,
                self.scope.moved(copy),
                lambda path: policy(home / path).config,
                self.prepared.ruleset.infos,
            )
        told = swept.outside.diagnostics if swept.outside is not None else ()
        return number(marked), [
            replace(d, message=f"at {self.commit[:12]}: {d.message}") for d in told if d.level != "note"
        ]

    @property
    def _asked(self) -> tuple[str, ...]:
        """What other programs are asked for: nothing where they already failed."""
        return self.wish.trivy if self.heard is not None and self.heard.programs else ()

    def _with_others(self, swept: Sweep, copy: Path, targets: list[Target]) -> Sweep:
        """With what other programs say of the commit: else all that they say of the tree would be new.

        Images are not asked about again: what was said of one holds wherever it is named.
        """
        if not self._asked or self.heard is None:
            return swept
        found = Discovered(copy, targets, directories=True)
        scene = Scene(found, (copy,), swept.results, self.prepared, Walk(), self.root, self.heard.images)
        return replace(swept, outside=ask(scene, swept.findings, replace(self.wish, update=False)))


def _write(tree: GitTree, folder: Path, *, everything: bool) -> Iterator[Target]:
    """Write the files that a scan may read into `folder`: modules and templates find each other by path.

    `everything`: other programs read also what is nothing of ours.
    """
    names = [
        name
        for name in tree.files
        if everything or candidates(name) or name.lower().endswith(_MODULE_SUFFIXES)
    ]
    # a link is read where its target's own name says nothing, as `discover` does
    behind = ((link, tree.behind(link)) for link in tree.links if candidates(link))
    links = {link: target for link, target in behind if target is not None and not candidates(target)}
    names += links
    for first in range(0, len(names), FILES_AT_ONCE):
        some = names[first : first + FILES_AT_ONCE]
        tree.load([links.get(name, name) for name in some])
        for name in some:
            data = tree.content(links.get(name, name))
            if data is None:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            if candidates(name):
                yield Target(str(path), name)
        tree.forget()
