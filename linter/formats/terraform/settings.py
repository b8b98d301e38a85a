"""Named values of resources and of their containers, and which of them are literal secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats import secrets
from linter.formats.model import fact, field
from linter.formats.node import Step
from linter.formats.terraform.part import Part, blocks, dig, strings
from linter.formats.terraform.values import HOLE, PartialText, Reference
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.model import Located


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


def paired(owner: Located, path: tuple[Step, ...], key: str, value: Any, name_key: str = "name") -> list[Any]:
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


def mapped(owner: Located, path: tuple[Step, ...], value: Any) -> list[Any]:
    """`environment = {NAME = value}`."""
    if isinstance(value, Unknown):
        return [UNKNOWN]
    items = value.items() if isinstance(value, dict) else ()
    return [Setting(owner, (*path, name), name, item) for name, item in items]


def assigned(owner: Located, path: tuple[Step, ...], value: Any) -> list[Any]:
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
        result += mapped(owner, path, dig(owner.values, *path))
    if type_key == "helm_release":
        for block in ("set", "set_list"):
            result += paired(owner, (), block, owner.values.get(block))
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
