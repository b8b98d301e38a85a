"""Containers that Terraform describes outside of Kubernetes: ECS, Batch, SageMaker, Cloud Run, ACI, Docker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats import secrets
from linter.formats.image import ImageRef
from linter.formats.model import Raw, fact, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, blocks, dig, strings
from linter.formats.terraform.values import HOLE, PartialText, Reference, boolean, structured
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located


# a part of an image that somebody is to put the own one for
_TO_WRITE = lazy_regex(
    r"(?i)(?:^|/)<?(?:your|my)?[-_]?(?:project|repository|repo|image|account)[-_](?:id|name)>?(?:[/:]|$)"
)
_TO_BE_SET = "TF_VAR_"  # a text that says which variable of the environment sets the value


def is_secret(name: Any, value: Any) -> Any:
    """Whether a named value is a literal secret; a reference or a placeholder is none."""
    if isinstance(value, PartialText):
        value = value.text
    if not isinstance(value, str) or not isinstance(name, str):
        return UNKNOWN if isinstance(value, Unknown) else False
    if HOLE in value and len(value.replace(HOLE, "")) < 8:
        return UNKNOWN
    if _TO_BE_SET in value:
        return False
    found = secrets.classify(name, value)
    return found is not None and found.confidence != "low"


# Words of a remark about a password, which a password of several words has not.
_REMARK = lazy_regex(
    r"\b(?:the|your|an?|by|from|in(?:to)?|to|of|on|for|is|see|set|use|using|stored|read|taken|managed|provided|not"
    r"|password|secret|secrets|vault|manager|parameter|variable|runtime|deployment)\b",
    re.IGNORECASE,
)


def is_weak_secret(name: Any, value: Any) -> Any:
    """Whether only its name says that a literal is a secret: a password that anyone could have typed."""
    if not isinstance(value, str) or not isinstance(name, str):
        return UNKNOWN if isinstance(value, Unknown) else False
    if _TO_BE_SET in value:
        return False
    found = secrets.classify(name, value)
    if found is not None:
        return found.confidence == "low"
    phrase = " " in value.strip() and len(value) < 80 and secrets.is_password_name(name)
    return phrase and not secrets.is_placeholder(value) and _REMARK.search(value) is None


class Setting(Part):
    """An environment variable, a label, a parameter: a name and a value."""

    name: str = field("", "its name")
    value: str | None = field(None, "its value; unknown when it is only known after apply")

    def __init__(
        self, owner: Located, path: tuple[Step, ...], name: Any, value: Any, at: tuple[Step, ...] = ()
    ) -> None:
        super().__init__(owner, path)
        self.name = name if isinstance(name, str) else UNKNOWN
        self.raw = value
        self.value = (
            value
            if isinstance(value, (str, type(None)))
            else UNKNOWN
            if isinstance(value, Unknown)
            else str(value)
        )
        self.places = {"value": at}  # type: ignore[misc]

    @fact(at="value")
    def secret(self) -> bool:
        "whether it holds a literal secret"
        return is_secret(self.name, self.raw)

    @fact(at="value")
    def weak_secret(self) -> bool:
        "whether only its name says that its literal value is a secret"
        return is_weak_secret(self.name, self.raw)

    @fact(at="value")
    def secret_reference(self) -> bool:
        "whether its name says secret and its value comes from a variable or a resource, so that it lands in the state"
        named = isinstance(self.name, str) and secrets.is_secret_name(self.name)
        return named and isinstance(self.raw, Reference)


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


def _pairs(owner: Located, path: tuple[Step, ...], key: str, value: Any, name_key: str = "name") -> list[Any]:
    """`environment = [{name, value}]`."""
    result: list[Any] = []
    for index, item in enumerate(blocks(value)):
        if isinstance(item, dict):
            result.append(
                Setting(owner, (*path, key, index), item.get(name_key), item.get("value"), ("value",))
            )
        else:
            result.append(UNKNOWN)
    return result


def _mapping(owner: Located, path: tuple[Step, ...], value: Any) -> list[Any]:
    """`environment = {NAME = value}`."""
    if isinstance(value, Unknown):
        return [UNKNOWN]
    items = value.items() if isinstance(value, dict) else ()
    return [Setting(owner, (*path, name), name, item) for name, item in items]


def _assignments(owner: Located, path: tuple[Step, ...], value: Any) -> list[Any]:
    """`env = ["NAME=value"]`."""
    result: list[Any] = []
    for index, item in enumerate(strings(value)):
        text = item.text if isinstance(item, PartialText) else item
        if isinstance(text, str) and "=" in text:
            name, _, content = text.partition("=")
            result.append(
                Setting(owner, (*path, index), name, PartialText(content) if HOLE in content else content)
            )
    return result


def _aws(owner: Located, path: tuple[Step, ...], raw: dict[str, Any]) -> Container:
    """A container of ECS or Batch, in their JSON."""
    container = Container(owner, path, raw.get("image"), ("image",))
    container.values = raw
    if isinstance(raw.get("name"), str):
        container.name = raw["name"]
    privileged = boolean(raw.get("privileged"))
    container.privileged = UNKNOWN if isinstance(privileged, Unknown) else privileged is True
    container.env = _pairs(owner, path, "environment", raw.get("environment"))
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
            container.env = _pairs(owner, path, "env", raw.get("env"))
            container.places = {"privileged": ("security_context", "privileged"), "image": ("image",)}  # type: ignore[misc]
            yield container


def _sagemaker(owner: Located) -> Iterator[Any]:
    for block in ("primary_container", "container"):
        for index, raw in enumerate(blocks(owner.values.get(block))):
            if isinstance(raw, dict):
                container = Container(owner, (block, index), raw.get("image"), ("image",))
                container.env = _mapping(owner, (block, index, "environment"), raw.get("environment"))
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
        container.env = _pairs(owner, path, "env", raw.get("env"))
        limits = dig(raw, "resources", "limits")
        container.gpus = isinstance(limits, dict) and "nvidia.com/gpu" in limits
        container.values = raw
        container.places = {"image": ("image",), "gpus": ("resources", "limits", "nvidia.com/gpu")}  # type: ignore[misc]
        yield container


def _container_group(owner: Located) -> Iterator[Any]:
    for index, raw in enumerate(blocks(owner.values.get("container"))):
        if isinstance(raw, dict):
            container = Container(owner, ("container", index), raw.get("image"), ("image",))
            container.env = _mapping(
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
            container.env = _pairs(owner, path, "env", raw.get("env"))
            yield container


def _docker(owner: Located) -> Iterator[Any]:
    container = Container(owner, (), owner.values.get("image"), ("image",))
    container.env = _assignments(owner, ("env",), owner.values.get("env"))
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
        container.env = _mapping(owner, (*path, "env"), spec.get("env"))
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


# Where other types hold named settings: type -> paths of maps.
SETTINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "databricks_cluster": (("spark_env_vars",), ("spark_conf",)),
    "databricks_job": (("new_cluster", "spark_env_vars"), ("new_cluster", "spark_conf")),
    "kubernetes_secret": (("data",), ("binary_data",), ("string_data",)),
    "kubernetes_secret_v1": (("data",), ("binary_data",), ("string_data",)),
    "kubernetes_config_map": (("data",),),
    "kubernetes_config_map_v1": (("data",),),
    "aws_lambda_function": (("environment", "variables"),),
}


def settings(owner: Located, type_key: str) -> list[Any]:
    """Named values of a subject that is no container."""
    result: list[Any] = []
    for path in SETTINGS.get(type_key, ()):
        result += _mapping(owner, path, dig(owner.values, *path))
    if type_key == "helm_release":
        for block in ("set", "set_list"):
            result += _pairs(owner, (), block, owner.values.get(block))
    return result


_CREDENTIALS = (
    "password",
    "master_password",
    "admin_password",
    "administrator_login_password",
    "auth_token",
    "raw_key",
    "access_key",
    "secret_key",
    "token",
    "client_secret",
    "credentials",
    "api_key",
    "personal_access_token",
    "repository_password",
    "primary_access_key",
    "hugging_face_access_token",
    "passphrase",
    "private_key",
)
# The same inside of blocks: type -> paths.
_NESTED_CREDENTIALS: dict[str, tuple[tuple[str, ...], ...]] = {
    "azurerm_machine_learning_compute_cluster": (("ssh", "admin_password"),),
    "google_compute_disk": (("disk_encryption_key", "raw_key"), ("source_image_encryption_key", "raw_key")),
    "google_compute_instance": (
        ("boot_disk", "disk_encryption_key_raw"),
        ("attached_disk", "disk_encryption_key_raw"),
    ),
    "google_vertex_ai_endpoint_with_model_garden_deployment": (
        ("model_config", "hugging_face_access_token"),
    ),
}
# In a provider block even the key of a manual is one that will be replaced by a real one in the same place.
_CLOUD_KEY = lazy_regex(r"(?:AKIA|ASIA)[A-Z0-9]{16}|[A-Za-z0-9/+]{40}")


def literals(owner: Located) -> list[Setting]:
    """Credentials among the attributes whose value stands in the configuration itself."""
    result = []
    kind = getattr(owner, "type", "")
    for path in (*((name,) for name in _CREDENTIALS), *_NESTED_CREDENTIALS.get(kind, ())):
        value = dig(owner.values, *path)
        if (
            isinstance(value, str)
            and value
            and owner.origin.literal(path)
            and (not secrets.is_placeholder(value) or (not kind and _CLOUD_KEY.fullmatch(value)))
        ):
            result.append(Setting(owner, path, path[-1], value))
    return result
