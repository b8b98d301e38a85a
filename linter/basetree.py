"""The tree at a git reference, scanned by today's policy: what was known then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from linter.discover import Target
from linter.finding import Finding, number
from linter.formats.classify import candidates
from linter.frozen import dataclass
from linter.recipe import Prepared, Recipe
from linter.suppress.git import GitTree, Repository
from linter.suppress.mark import mark_all, today
from linter.sweep import Tree, sweep, units_of

# what Terraform files and charts read from beside them: they must find it at the reference too
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
)


@dataclass(frozen=True, slots=True)
class Base:
    """A commit, and how its files are scanned."""

    repository: Repository
    commit: str
    root: Path
    whole: bool
    recipe: Recipe
    prepared: Prepared
    jobs: int
    render: bool = False  # charts and kustomizations, as in the tree that it is compared with

    @property
    def renames(self) -> dict[str, str]:
        """Path now -> path then."""
        return dict(self.repository.changes(self.commit).renames)

    def findings(self) -> list[Finding]:
        """What a scan of the commit finds, suppressions applied, numbered. Reads git objects, touches no work tree."""
        with tempfile.TemporaryDirectory(prefix="tarecheck-") as folder:
            copy = Path(folder).resolve()
            targets = sorted(_write(self.repository.tree(self.commit), copy), key=lambda target: target.shown)
            tree = Tree(copy, self.whole, moved_from=self.root, render=self.render)
            swept = sweep(list(units_of(targets, copy)), tree, self.recipe, self.prepared, self.jobs)
        policy = self.prepared.policy
        return number(mark_all(swept.findings, swept.suppressions, policy, self.root, date=today()))


def _write(tree: GitTree, folder: Path) -> Iterator[Target]:
    """Write the files that a scan may read into `folder`: modules and templates find each other by path."""
    names = [name for name in tree.files if candidates(name) or name.lower().endswith(_MODULE_SUFFIXES)]
    tree.load(names)
    for name in names:
        data = tree.content(name)
        if data is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if candidates(name):
            yield Target(path, name)
