"""Containers that Terraform describes outside of Kubernetes: ECS, Batch, SageMaker, Cloud Run, ACI, Docker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.image import ImageRef
from linter.formats.model import Raw, fact, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, blocks, dig, strings
from linter.formats.terraform.settings import Setting, assigned, mapped, paired
from linter.formats.terraform.values import PartialText, boolean, structured
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located


# a part of an image that somebody is to put the own one for
_TO_WRITE = lazy_regex(
    r"(?i)(?:^|/)<?(?:your|my)?[-_]?(?:project|repository|repo|image|account)[-_](?:id|name)>?(?:[/:]|$)"
)


class Container(Part):
    """A container of a task, job, model or service."""

    name: str = field("", "its name, or the resource's")
    image: ImageRef = field(None, "its image")
    privileged: bool = field(False, "whether it runs privileged")
    env: list[Setting] = field((), "environment variables written in clear")
    capabilities: list[str] = field((), "Linux capabilities that are added")
    gpus: bool = field(False, "whether it asks for GPUs")
    read_only: bool = field(False, "whether its root file system is read-only")
    user: str = field("", "the user that it runs as; empty when none is written")
    bounded: bool = field(True, "whether its memory has a limit")
    values: Raw = field(None, "the block itself, for ECS, Batch and Cloud Run")
    places: ClassVar[dict[str, tuple[Step, ...]]] = {}

    def __init__(
        self, owner: Located, path: tuple[Step, ...], image: Any, at_image: tuple[Step, ...]
    ) -> None:
        super().__init__(owner, path)
        text = image.text if isinstance(image, PartialText) else image
        self.image = ImageRef(text if isinstance(text, str) else UNKNOWN, owner, ("values", *path, *at_image))
        self.has_image = image is not None
        self.name = owner.name
        self.places = {"image": at_image}  # type: ignore[misc]

    @fact
    def image_written(self) -> bool:
        "whether an image is written, and not only where to write one"
        return self.has_image and _TO_WRITE.search(str(self.image.written)) is None

    @fact(at="env")
    def secret_env(self) -> list[Setting]:
        "environment variables that hold a literal secret"
        return [setting for setting in self.env if setting is not UNKNOWN and setting.secret is True]


def _aws(owner: Located, path: tuple[Step, ...], raw: dict[str, Any]) -> Container:
    """A container of ECS or Batch, in their JSON."""
    container = Container(owner, path, raw.get("image"), ("image",))
    container.values = raw
    if isinstance(raw.get("name"), str):
        container.name = raw["name"]
    privileged = boolean(raw.get("privileged"))
    container.privileged = UNKNOWN if isinstance(privileged, Unknown) else privileged is True
    container.env = paired(owner, path, "environment", raw.get("environment"))
    added = dig(raw, "linuxParameters", "capabilities", "add")
    container.capabilities = (
        [UNKNOWN] if isinstance(added, Unknown) else [c for c in strings(added) if isinstance(c, str)]
    )
    needs = blocks(raw.get("resourceRequirements"))
    container.gpus = any(isinstance(need, dict) and need.get("type") == "GPU" for need in needs)
    container.read_only = boolean(raw.get("readonlyRootFilesystem")) is True
    user = raw.get("user")
    container.user = UNKNOWN if isinstance(user, Unknown) else "" if user is None else str(user)
    container.bounded = raw.get("memory") is not None or raw.get("memoryReservation") is not None
    container.places = {  # type: ignore[misc]
        "image": ("image",),
        "privileged": ("privileged",),
        "env": ("environment",),
        "gpus": ("resourceRequirements",),
        "capabilities": ("linuxParameters", "capabilities", "add"),
        "name": ("name",),
    }
    return container


def _ecs(owner: Located) -> Iterator[Any]:
    found = structured(owner.values.get("container_definitions"))
    if isinstance(found, Unknown):
        yield UNKNOWN
    for index, raw in enumerate(found if isinstance(found, list) else ()):
        yield _aws(owner, ("container_definitions", index), raw) if isinstance(raw, dict) else UNKNOWN


def _batch(owner: Located) -> Iterator[Any]:
    single = structured(owner.values.get("container_properties"))
    if isinstance(single, Unknown):
        yield UNKNOWN
    elif isinstance(single, dict):
        yield _aws(owner, ("container_properties",), single)
    nodes = structured(owner.values.get("node_properties"))
    if isinstance(nodes, Unknown):
        yield UNKNOWN
    ranges = nodes.get("nodeRangeProperties") if isinstance(nodes, dict) else None
    for index, item in enumerate(blocks(ranges)):
        raw = dig(item, "container")
        if isinstance(raw, dict):
            yield _aws(owner, ("node_properties", "nodeRangeProperties", index, "container"), raw)
    for index, raw in enumerate(blocks(dig(owner.values, "eks_properties", "pod_properties", "containers"))):
        if isinstance(raw, dict):
            path = ("eks_properties", "pod_properties", "containers", index)
            container = Container(owner, path, raw.get("image"), ("image",))
            container.privileged = dig(raw, "security_context", "privileged") is True
            container.env = paired(owner, path, "env", raw.get("env"))
            container.places = {"privileged": ("security_context", "privileged"), "image": ("image",)}  # type: ignore[misc]
            yield container


def _sagemaker(owner: Located) -> Iterator[Any]:
    for block in ("primary_container", "container"):
        for index, raw in enumerate(blocks(owner.values.get(block))):
            if isinstance(raw, dict):
                container = Container(owner, (block, index), raw.get("image"), ("image",))
                container.env = mapped(owner, (block, index, "environment"), raw.get("environment"))
                yield container
            else:
                yield UNKNOWN


def _cloud_run(owner: Located) -> Iterator[Any]:
    base: tuple[Step, ...] = ("template",)
    template: Any = dig(owner.values, "template")
    if isinstance(template, Unknown):
        yield UNKNOWN
        return
    template = template[0] if isinstance(template, list) and template else template
    inner = template.get("template") if isinstance(template, dict) else None
    if inner:
        template, base = inner[0] if isinstance(inner, list) else inner, ("template", "template")
    spec = template.get("spec") if isinstance(template, dict) else None
    if spec:
        template, base = spec[0] if isinstance(spec, list) else spec, (*base, "spec")
    for index, raw in enumerate(blocks(template.get("containers") if isinstance(template, dict) else None)):
        if not isinstance(raw, dict):
            yield UNKNOWN
            continue
        path = (*base, "containers", index)
        container = Container(owner, path, raw.get("image"), ("image",))
        container.env = paired(owner, path, "env", raw.get("env"))
        limits = dig(raw, "resources", "limits")
        container.gpus = isinstance(limits, dict) and "nvidia.com/gpu" in limits
        container.values = raw
        container.places = {"image": ("image",), "gpus": ("resources", "limits", "nvidia.com/gpu")}  # type: ignore[misc]
        yield container


def _container_group(owner: Located) -> Iterator[Any]:
    for index, raw in enumerate(blocks(owner.values.get("container"))):
        if isinstance(raw, dict):
            container = Container(owner, ("container", index), raw.get("image"), ("image",))
            container.env = mapped(
                owner, ("container", index, "environment_variables"), raw.get("environment_variables")
            )
            yield container
        else:
            yield UNKNOWN


def _container_app(owner: Located) -> Iterator[Any]:
    for index, raw in enumerate(blocks(dig(owner.values, "template", "container"))):
        if isinstance(raw, dict):
            path = ("template", "container", index)
            container = Container(owner, path, raw.get("image"), ("image",))
            container.env = paired(owner, path, "env", raw.get("env"))
            yield container


def _docker(owner: Located) -> Iterator[Any]:
    container = Container(owner, (), owner.values.get("image"), ("image",))
    container.env = assigned(owner, ("env",), owner.values.get("env"))
    container.capabilities = [
        c for c in strings(dig(owner.values, "capabilities", "add")) if isinstance(c, str)
    ]
    container.privileged = owner.values.get("privileged") is True
    yield container


def _docker_image(owner: Located) -> Iterator[Any]:
    if not owner.values.get("build"):
        container = Container(owner, (), owner.values.get("name"), ("name",))
        yield container


def _docker_service(owner: Located) -> Iterator[Any]:
    spec = dig(owner.values, "task_spec", "container_spec")
    spec = spec[0] if isinstance(spec, list) and spec else spec
    if isinstance(spec, dict):
        path: tuple[Step, ...] = ("task_spec", "container_spec")
        container = Container(owner, path, spec.get("image"), ("image",))
        container.env = mapped(owner, (*path, "env"), spec.get("env"))
        yield container


READERS: dict[str, Callable[[Located], Iterator[Any]]] = {
    "aws_ecs_task_definition": _ecs,
    "aws_batch_job_definition": _batch,
    "aws_sagemaker_model": _sagemaker,
    "google_cloud_run_service": _cloud_run,
    "google_cloud_run_v2_service": _cloud_run,
    "google_cloud_run_v2_job": _cloud_run,
    "azurerm_container_group": _container_group,
    "azurerm_container_app": _container_app,
    "docker_container": _docker,
    "docker_image": _docker_image,
    "docker_service": _docker_service,
}


def containers(owner: Located, type_key: str) -> list[Any]:
    """Every container of a subject; UNKNOWN for one that can't be read."""
    reader = READERS.get(type_key)
    return list(reader(owner)) if reader is not None else []
