"""Whether something may deploy a chart in a way that is not understood. When in doubt it does."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import KUSTOMIZATION, PATH, Text
from linter.formats.classify import KUSTOMIZATIONS
from linter.patterns import lazy_regex

_DEPLOYS = lazy_regex(
    r"\bhelm3?[ \t\"',]+(?:upgrade|install)\b|\bhelm_release\b|\bhelmCharts\b|\bargocd[ \t]+app|\bct[ \t]+install\b"
    r"|\bskaffold\b|\bhelm_resource\b|\bhelm[.(]|\bRelease\(|\bChart\("
)
# what a line says that only fetches a chart, or looks at it
_HARMLESS = lazy_regex(
    r"\bhelm3?[ \t]+(?:lint|dep|dependency|package|unittest|show|pull|docs)\b|\bhelm-docs\b"
    r"|\b(?:cp|rm|mv|mkdir|rsync|git|cd|sed|yq|ls|test|curl|tar)[ \t]|^[ \t]*-[ \t]*[\"']?[\w./-]+/\*\*"
)
# what goes into the folder of a chart, for commands that are known where they stand: here, or in its Makefile
_ENTERS = lazy_regex(r"[ \t]*(?:-[ \t]+)?working-directory:|.*\bmake[ \t]+(?:-C|--directory)\b")
_UPGRADE = lazy_regex(r"\bhelm3?[ \t]+upgrade\b(?:[^\n\\]|\\\n?){0,4000}")
_PACKAGES = lazy_regex(
    r"\bhelm3?[ \t]+(?:package|push|cm-push)\b|\bchart-dirs\b|\bcharts_dir\b|\bct[ \t]+lint\b"
)
_COMMENT = lazy_regex(r"[ \t]#.*")
# with which a kustomization may render the chart that lies beside it, or take its templates
_INFLATES = lazy_regex(r"\bhelm(?:Charts|Globals)\b|(?i:inflation)|\b(?:generators|transformers|templates)\b")
_FETCHED = lazy_regex(r"(?:.*/)?vendir(?:\.lock)?\.ya?ml")
_FETCHES = lazy_regex(r"(?:.*/)?(?:vendir(?:\.lock)?\.ya?ml|renovate.*)")


def is_fetched(namings: Namings, chart: str) -> bool:
    """Whether a list of what is fetched from others names the folder of a chart."""
    return any(map(_FETCHED.fullmatch, namings.namers(chart, by_path=True) or ()))


def is_packaged(namings: Namings, chart: str) -> bool:
    """Whether something that names the folder of a chart may publish it by itself."""
    named_by = namings.namers(chart, by_path=True)
    return named_by is None or any(_PACKAGES.search(namings.by_path[path].text) for path in named_by)


def may_deploy(namings: Namings, chart: str, understood: Collection[str]) -> bool:
    """Whether any text but the understood ones may deploy the chart in a folder."""
    named_by = namings.namers(chart, by_path=True)
    if named_by is None:
        return True
    built = _is_built_apart(namings, chart)
    return any(
        _may(namings.root, namings.by_path[path], chart)
        for path in named_by
        if path not in understood
        and not _FETCHES.fullmatch(path)
        and not (built and _takes_folder(namings.by_path[path], chart))
    )


def _is_built_apart(namings: Namings, chart: str) -> bool:
    """Whether Kustomize takes from the folder of a chart only what lies beside the chart, such as the object of Argo CD
    that deploys it: the folder's own kustomization names nothing of the chart."""
    own = [text for name in KUSTOMIZATIONS if (text := namings.by_path.get(f"{chart}/{name}")) is not None]
    return bool(own) and all(_INFLATES.search(text.text) is None for text in own)


def _takes_folder(text: Text, chart: str) -> bool:
    """Whether a text is a kustomization that renders no charts, and takes the folder of one as it is, nothing in it."""
    if KUSTOMIZATION.fullmatch(text.path) is None or _INFLATES.search(text.text) is not None:
        return False
    tokens = (token for line in _lines(text, chart) for token in PATH.findall(line))
    return not any(place.startswith(f"{chart}/") for token in tokens for place in _places(text.folder, token))


def may_name(namings: Namings, path: str, chart: str) -> bool:
    """Whether the text at a path has one that may be that of a chart; in documentation any word is taken for it."""
    text = namings.by_path[path]
    return (
        text.document
        or _has_any(text, chart)
        or any(_is_of(namings.root, text, line, chart) for line in _lines(text, chart))
    )


def keeps(command: str) -> bool:
    """Whether a command leaves a release the tags that it has: what it sets besides is added to those values."""
    return "--reuse-values" in command and "tag" not in command


def is_changed(namings: Namings, chart: str) -> bool:
    """Whether some text that names a chart has such a command."""
    texts = (namings.by_path[path].text for path in namings.namers(chart, by_path=True) or ())
    return any(keeps(found[0]) for text in texts for found in _UPGRADE.finditer(text))


def _without_kept(found: re.Match[str]) -> str:
    return "" if keeps(found[0]) else found[0]


def _may(root: str, text: Text, chart: str) -> bool:
    if text.document:
        return False  # the commands in it are known
    if not text.yaml and _DEPLOYS.search(text.text) is None:
        return False
    enters = _DEPLOYS.search(_UPGRADE.sub(_without_kept, text.text)) is None
    lines = (line for line in _lines(text, chart) if not (enters and _ENTERS.match(line) is not None))
    return _has_any(text, chart) or any(
        _HARMLESS.search(line) is None and _is_of(root, text, line, chart) for line in lines
    )


def _has_any(text: Text, chart: str) -> bool:
    """Whether a text has a path to all beside a chart, or to any of them."""
    above, _, name = chart.rpartition("/")
    of_any = re.compile(rf"(?<![\w.-]){re.escape(os.path.basename(above))}/[*$%{{<\"']")
    return name not in text.text or (bool(above) and of_any.search(text.text) is not None)


def _lines(text: Text, chart: str) -> Iterator[str]:
    """The lines with its name, without comments."""
    name = os.path.basename(chart)
    return (_COMMENT.sub("", line) for line in text.text.splitlines() if name in line)


def _is_of(root: str, text: Text, line: str, chart: str) -> bool:
    """Whether a line has a path that is the chart's, or may be."""
    name = re.escape(os.path.basename(chart))
    for token in PATH.findall(line.replace("file://", "")):
        if any(_is_at(root, path, chart) for path in _places(text.folder, token)):
            return True
    found = re.search(rf"(?:[)}}>]|\$\w+)/(?:[\w.-]+/)*{name}(?![\w-])", line)
    if found is None:
        return False
    beside = os.path.normpath(os.path.join(text.folder, found[0].partition("/")[2]))
    return beside == chart or not os.path.exists(os.path.join(root, beside))


def _is_at(root: str, path: str, chart: str) -> bool:
    """Whether a path is that of a chart, or of something in it; `app/server` may be an image."""
    return path == chart or (path.startswith(f"{chart}/") and os.path.exists(os.path.join(root, path)))


def _places(folder: str, token: str) -> Iterator[str]:
    yield os.path.normpath(f"{folder}/{token}" if folder else token)
    yield os.path.normpath(token)
