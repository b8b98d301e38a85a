"""Which Dockerfile a project's workflows build an image from, where a step says it: `docker/build-push-action`.

Only whole names count: what a variable of the run ends is nobody's. A step that is not understood, or builds another
stage than the last, names no Dockerfile, so that nothing is known of its image.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.image import ImageRef
from linter.formats.node import SCALAR, Node
from linter.formats.records import ProjectContext
from linter.patterns import lazy_regex
from linter.text import SourceText

_FOLDER = ".github/workflows"
_MOST = 100  # workflows of a project
_LONGEST = 50_000  # letters of one
_MOST_IMAGES = 20  # of a step
_BUILD = "docker/build-push-action@"
_METADATA = "docker/metadata-action@"
_ENV = lazy_regex(r"\$\{\{[ \t]{0,9}env\.(\w{1,80})[ \t]{0,9}\}\}")
_OF_STEP = lazy_regex(r"\$\{\{[ \t]{0,9}steps\.([\w-]{1,80})\.outputs\.tags[ \t]{0,9}\}\}")
_EVERY = lazy_regex(r"[\n,]")
_TAG = lazy_regex(r"(?<=[^:]):[^/]*\Z")
NOT_KNOWN = ""  # in the place of a Dockerfile


def workflow_builds(context: ProjectContext) -> dict[str, set[str]]:
    """The paths of the Dockerfiles by the full name of the image, without its tag."""
    found: dict[str, set[str]] = {}
    names = (name for name in context.names(_FOLDER) if name.endswith((".yml", ".yaml")))
    for name in islice(names, _MOST):
        for image, path in _of_workflow(context, f"{_FOLDER}/{name}"):
            found.setdefault(image, set()).add(path)
    return found


def _of_workflow(context: ProjectContext, path: str) -> Iterator[tuple[str, str]]:
    from linter.formats.yamltree import parse_documents

    try:
        text = context.text(path)
        if _BUILD not in text.text or len(text.text) > _LONGEST:
            return
        documents = parse_documents(SourceText(path, text.text)).documents
    except (OSError, KeyError, UnreadableError):
        return
    for document in documents:
        jobs = document.get("jobs")
        for job in _values(jobs):
            yield from _of_job(job, _variables(document) | _variables(job))


def _of_job(job: Node, env: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The images that the steps of a job build, and from what."""
    listed = job.get("steps")
    steps = listed.elements() if listed is not None else ()
    tags = {_word(step, "id"): _given(step, "images") for step in steps if _uses(step, _METADATA)}
    for step in steps:
        if not _uses(step, _BUILD):
            continue
        written = _OF_STEP.sub(lambda found: tags.get(found[1], found[0]), _given(step, "tags"))
        for image in islice(filter(None, map(str.strip, _EVERY.split(written))), _MOST_IMAGES):
            name = _name(_filled(image, env))
            if name:
                yield name, _dockerfile(step, env)


def _dockerfile(step: Node, env: dict[str, str]) -> str:
    """The path of what a step builds, from the top of the project."""
    context = _filled(_given(step, "context"), env) or "."
    file = _filled(_given(step, "file"), env) or f"{context}/Dockerfile"
    if "$" in file or ":" in file or _given(step, "target"):
        return NOT_KNOWN
    path = posixpath.normpath(file)
    return NOT_KNOWN if path.startswith(("/", "..")) else path


def _name(image: str) -> str:
    """The full name of an image that a step gives a tag; empty when a part of it is not known."""
    name = _TAG.sub("", image)
    full = "" if not name or "$" in name else ImageRef(name).full_name
    return "" if full is UNKNOWN else str(full).lower()


def _filled(text: str, env: dict[str, str]) -> str:
    """A text with the variables of the workflow that are written in it."""
    return _ENV.sub(lambda found: env.get(found[1], found[0]), text.strip())


def _variables(node: Node) -> dict[str, str]:
    env = node.get("env")
    keys = env.keys() if env is not None else ()
    return {key: _word(env, key) for key in keys if env is not None}


def _uses(step: Node, action: str) -> bool:
    return _word(step, "uses").startswith(action)


def _given(step: Node, key: str) -> str:
    """What is given to the action of a step."""
    given = step.get("with")
    return _word(given, key) if given is not None else ""


def _word(node: Node, key: str) -> str:
    child = node.get(key)
    text = child.string() if child is not None and child.kind == SCALAR else ""
    return text if isinstance(text, str) else ""


def _values(node: Node | None) -> Iterator[Node]:
    for key in node.keys() if node is not None else ():
        child = node.get(key) if node is not None else None
        if child is not None:
            yield child
