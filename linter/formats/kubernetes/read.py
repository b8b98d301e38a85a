"""From text to manifests: documents taken apart, lists unrolled, models attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from linter.errors import UnreadableError
from linter.finding import Diagnostic
from linter.formats.classify import is_template, is_values
from linter.formats.document import Document, Problem
from linter.formats.kubernetes import bindings, network, objects, rbac
from linter.formats.kubernetes.helm_values import RELEASES, HelmValues, read_values, released
from linter.formats.kubernetes.kinds import Template, kind_of, pod_templates
from linter.formats.kubernetes.manifest import Manifest, Workload
from linter.formats.node import MAP, SEQ, Node
from linter.formats.yamlchecks import TWICE_THE_SAME
from linter.formats.yamltree import Stream, opened, parse_templated
from linter.frozen import dataclass, field
from linter.patterns import lazy_regex
from linter.text import SourceText

_SEPARATOR = lazy_regex(r"^---[ \t]*(?:#.*)?\r?\n", re.MULTILINE)
_LEFT_OUT = lazy_regex(r"(?m)^[ \t]+\.\.\.[ \t]*$")  # in the text of somebody who shows how it looks
_DEFINITION = lazy_regex(r"^kind: CustomResourceDefinition\b", re.MULTILINE)
_SCHEMA = lazy_regex(r"^spec:", re.MULTILINE)
_PATCH_PATH = lazy_regex(
    r"(?:^|[/._-])(?:patch(?:es)?|overlays?|kustomize|kustomization)(?:[/._-]|\Z)", re.IGNORECASE
)
_CAPITALS = lazy_regex(r"(?:\A|[-_.])[A-Z][A-Z_]{2,}(?:[-_.]|\Z)")
_NAMED_SMALL = (
    "",
    "apps",
    "batch",
    "networking.k8s.io",
    "autoscaling",
    "policy",
)  # RBAC's names may have any
_NATIVE_GROUPS = ("", "apps", "batch", "extensions")
MAX_LIST_DEPTH = 5  # lists within lists

# API group and kind -> model; kinds that carry pods are Workloads by the table of kinds
MAX_OBJECTS = 10_000  # of one file; the largest rendered charts have some 500
MODELS: dict[tuple[str, str], type[Manifest]] = {
    ("", "Service"): network.Service,
    ("networking.k8s.io", "Ingress"): network.Ingress,
    ("extensions", "Ingress"): network.Ingress,
    ("networking.k8s.io", "NetworkPolicy"): network.NetworkPolicy,
    ("extensions", "NetworkPolicy"): network.NetworkPolicy,
    (rbac.RBAC_GROUP, "Role"): rbac.Role,
    (rbac.RBAC_GROUP, "ClusterRole"): rbac.Role,
    (rbac.RBAC_GROUP, "RoleBinding"): bindings.Binding,
    (rbac.RBAC_GROUP, "ClusterRoleBinding"): bindings.Binding,
    ("", "Secret"): objects.Secret,
    ("", "ConfigMap"): objects.ConfigMap,
    ("", "Namespace"): objects.Namespace,
    ("", "ServiceAccount"): objects.ServiceAccount,
    ("", "PersistentVolumeClaim"): objects.PersistentVolumeClaim,
    ("", "LimitRange"): objects.LimitRange,
    ("", "ResourceQuota"): objects.ResourceQuota,
    ("agents.x-k8s.io", "Sandbox"): objects.Sandbox,
    ("extensions.agents.x-k8s.io", "SandboxTemplate"): objects.Sandbox,
    ("policy", "PodDisruptionBudget"): objects.PodDisruptionBudget,
    ("autoscaling", "HorizontalPodAutoscaler"): objects.HorizontalPodAutoscaler,
}


@dataclass(slots=True)
class Manifests:
    """The root of a Kubernetes document: its objects in the order written."""

    manifests: list[Manifest] = field(default_factory=list)
    values: list[HelmValues] = field(default_factory=list)  # of a chart, in a file that is named after them
    home: Path | None = None  # the root of the scan, where the file was read from disk
    templated: bool = (
        False  # made by a template engine: entries may stand in branches that exclude each other
    )
    _kinds: dict[str, list[Manifest]] = field(default_factory=dict)
    _sorted: int = 0  # manifests that are in `_kinds`

    def of_kind(self, key: str) -> list[Manifest]:
        """The objects whose `type_key` this is, in the order written. Every container of a file may ask for some."""
        for manifest in self.manifests[self._sorted :]:
            self._kinds.setdefault(manifest.type_key, []).append(manifest)
        self._sorted = len(self.manifests)
        return self._kinds.get(key, [])


def read(text: SourceText) -> Document:
    """Read a YAML or JSON file of Kubernetes objects.

    Raises UnreadableError when nothing of it can be read.
    """
    document = Document(text, "kubernetes", Manifests())
    stream = parse_templated(text, without_schemas(text.text))
    document.root.templated = stream.engine
    if is_values(text.path):  # Helm takes the last, where other readers refuse both
        stream.problems = [p for p in stream.problems if not p.message.endswith(TWICE_THE_SAME)]
    _note_problems(document, stream)
    if is_values(text.path):
        found = (read_values(document, root) for root in stream.documents if root.get("kind") is None)
        document.root.values += [values for values in found if values is not None]
    for root in stream.documents:
        for node in _objects(root, document.problems):
            if len(document.root.manifests) >= MAX_OBJECTS:
                start = node.span.start
                words = f"More than {MAX_OBJECTS:,} objects: the rest is not judged."
                document.problems.append(Problem(words, start, start + 1, limit=True))
                return document
            manifest = _model(document, node, text.path)
            document.root.manifests.append(manifest)
            if manifest.type_key in RELEASES:
                document.root.values += released(document, node)
            if isinstance(manifest, objects.Secret):
                document.sensitive.update(manifest.values())
    return document


def read_within(text: SourceText, root: Path) -> Document:
    """Read a file that may be looked at together with others below `root`."""
    document = read(text)
    document.root.home = root
    return document


def manifests_of(text: SourceText, nodes: Iterable[Node]) -> Manifests:
    """The objects that another format holds as nodes of its own; `text` is the file around them."""
    document = Document(text, "kubernetes", Manifests())
    for root in nodes:
        document.root.manifests += [_model(document, node, "") for node in _objects(root, document.problems)]
    manifests: Manifests = document.root
    return manifests


def without_schemas(text: str) -> str:
    """The text with the bodies of resource definitions blanked: most of many files, and no pod in them."""
    if "\nkind: CustomResourceDefinition" not in text:
        return text
    starts = [0, *(match.end() for match in _SEPARATOR.finditer(text)), len(text)]
    parts = []
    for start, end in pairwise(starts):
        body = _SCHEMA.search(text, start, end) if _DEFINITION.search(text, start, end) else None
        if body is None:
            parts.append(text[start:end])
            continue
        stop = text.rfind("\n---", body.end(), end)
        stop = stop if stop >= 0 else end
        parts += [text[start : body.start()], " " * (stop - body.start()), text[stop:end]]
    return "".join(parts)


def _note_problems(document: Document, stream: Stream) -> None:
    sketch = bool(stream.problems) and _LEFT_OUT.search(document.text.text) is not None
    if stream.engine or is_template(document.text.path) or sketch:
        # only the engine can say whether the result is YAML, and a sketch of an object is none
        for problem in stream.problems:
            at = document.text.position(problem.start)
            message = f"{'sketch' if sketch else 'template'} not read: {problem.message}"
            document.diagnostics.append(Diagnostic("note", message, document.path, at.line, at.column))
        document.problems.extend(stream.refused)  # whatever the engine makes of it, we look at none of it
        return
    document.problems.extend(stream.problems)
    if not stream.documents and stream.problems:
        first = stream.problems[0]
        raise UnreadableError(first.message, first.start, first.end)


def is_patch(node: Node, templates: Sequence[Template], path: str) -> bool:
    """Whether an object is a piece of one that is completed elsewhere, such as a kustomize patch.

    A path that says so is not enough by itself: overlays hold whole objects too. Nor are missing fields:
    people write them by mistake, and then a finding is right.
    """
    if node.get("$patch") is not None:
        return True
    lists = [template.spec.get("containers") for template in templates]
    if lists and not any(lists) and _group(node) in _NATIVE_GROUPS:
        return True  # no pod is without containers
    containers = [container for found in lists if found is not None for container in found.elements()]
    spec = node.get("spec")
    unowned = _group(node) == "apps" and (spec is None or spec.get("selector") is None)
    if _group(node) == "batch":  # which refuses the policy that stands for none
        unowned = bool(templates) and all(found.spec.get("restartPolicy") is None for found in templates)
    bare = not containers or any(_is_imageless(container) for container in containers)
    if not _in_patches(path):
        return unowned and bare and bool(containers)  # nobody forgets both
    return unowned or bare


def _is_imageless(container: Node) -> bool:
    """Whether a container has no image, or one with a part that is to be filled in: `operator@sha256:<digest>`."""
    image = container.get("image")
    text = image.string() if image is not None else None
    return image is None or (isinstance(text, str) and "<" in text)


def _is_placeholder(node: Node) -> bool:
    """Whether an object has a word in capitals for a name, which the API server refuses: a program replaces it."""
    metadata = node.get("metadata")
    name = metadata.get("name") if metadata is not None and metadata.kind == MAP else None
    text = name.string() if name is not None else None
    return isinstance(text, str) and _CAPITALS.search(text) is not None and _group(node) in _NAMED_SMALL


@lru_cache(maxsize=64)
def _in_patches(path: str) -> bool:
    """Whether the path of a file says that patches are in it."""
    return _PATCH_PATH.search(path) is not None


def _group(node: Node) -> str:
    api = node.get("apiVersion")
    return str(api.string()).rpartition("/")[0] if api is not None else ""


def _objects(node: Node, problems: list[Problem], depth: int = 0) -> Iterator[Node]:
    """The objects of a document: itself, or the elements of a list of objects."""
    if node.kind == SEQ and depth == 0:
        for element in node.elements():
            yield from _objects(element, problems, 1)
        return
    if node.kind != MAP:
        return
    kind = node.get("kind")
    items = node.get("items")
    name = kind.string() if kind is not None else None
    if isinstance(name, str) and name.endswith("List") and items is not None and items.kind == SEQ:
        if depth >= MAX_LIST_DEPTH:
            words = f"More than {MAX_LIST_DEPTH} lists within lists: what is in them is not judged."
            problems.append(Problem(words, node.span.start, node.span.start + 1, limit=True))
            return
        for element in items.elements():
            yield from _objects(element, problems, depth + 1)
        return
    if kind is not None and node.get("apiVersion") is not None:
        yield node


def _model(document: Document, node: Node, path: str) -> Manifest:
    """The model of an object; an open one when it is a patch."""
    templates = pod_templates(node)
    if is_patch(node, templates, path) or _is_placeholder(node):
        node = opened(node)
        templates = pod_templates(node)
    group, kind = _group(node), node.get("kind")
    name = str(kind.string()) if kind is not None else ""
    model = MODELS.get((group, name))
    if model is None and not group:  # written with a wrong apiVersion, or with one that a template fills in
        model = next((found for (_, known), found in MODELS.items() if known == name), None)
    if (
        model is None and group == rbac.RBAC_GROUP
    ):  # in another case: the server refuses it, its reader does not
        model = next((found for (_, known), found in MODELS.items() if known.lower() == name.lower()), None)
    if model is None:
        api = node.get("apiVersion")
        row = kind_of(str(api.string()), name) if api is not None else None
        model = Workload if templates or row is not None else Manifest
    manifest = model(document, node)
    manifest.templates = templates
    return manifest


def copy_of(
    manifest: Manifest, document: Document, node: Node | None, templates: list[Template] | None
) -> Manifest:
    """The same object in another document, by what it is made of there."""
    found = type(manifest)(document, node)
    found.templates = templates
    return found
