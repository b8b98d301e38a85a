"""Attributes that a provider renamed between versions: rules know the newer name only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linter.formats.node import Step
from linter.formats.terraform.part import dig
from linter.formats.terraform.values import boolean

_AKS_POOL = {
    "auto_scaling_enabled": "enable_auto_scaling",
    "host_encryption_enabled": "enable_host_encryption",
    "node_public_ip_enabled": "enable_node_public_ip",
}
# resource type -> new name -> old name. Read from the azurerm 4.0, google 6.0 and aws 6.0 upgrade guides.
RENAMED: dict[str, dict[str, str]] = {
    "azurerm_kubernetes_cluster": {"automatic_upgrade_channel": "automatic_channel_upgrade"},
    "azurerm_kubernetes_cluster_node_pool": _AKS_POOL,
    "azurerm_storage_account": {
        "https_traffic_only_enabled": "enable_https_traffic_only",
        "allow_nested_items_to_be_public": "allow_blob_public_access",
    },
    "azurerm_redis_cache": {"non_ssl_port_enabled": "enable_non_ssl_port"},
    "azurerm_key_vault": {"rbac_authorization_enabled": "enable_rbac_authorization"},
}
NESTED: dict[str, dict[str, dict[str, str]]] = {
    "azurerm_kubernetes_cluster": {"default_node_pool": _AKS_POOL}
}
# What older versions kept deeper: type -> path of then, name of now. Read from the azurerm 3.0 upgrade guide.
MOVED: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "azurerm_kubernetes_cluster": (
        (("addon_profile", "azure_policy", "enabled"), "azure_policy_enabled"),
        (("addon_profile", "http_application_routing", "enabled"), "http_application_routing_enabled"),
        (("addon_profile", "azure_keyvault_secrets_provider"), "key_vault_secrets_provider"),
        (("role_based_access_control", "enabled"), "role_based_access_control_enabled"),
    ),
}


def canonical(type_: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with old names under their new ones (both stay)."""
    for new, old in RENAMED.get(type_, {}).items():
        if old in values and values.get(new) is None:
            values[new] = values[old]
    for path, new in MOVED.get(type_, ()):
        found = dig(values, *path) if path[0] in values and values.get(new) is None else None
        if found is not None:
            values[new] = boolean(found)
    for block, names in NESTED.get(type_, {}).items():
        inner = values.get(block)
        for item in inner if isinstance(inner, list) else [inner]:
            if isinstance(item, dict):
                for new, old in names.items():
                    if old in item and item.get(new) is None:
                        item[new] = item[old]
    return values


def older(type_: str, steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """The same path with the names of older provider versions."""
    first = steps[0]
    for path, new in MOVED.get(type_, ()):
        if new == first:
            yield (*path, *steps[1:])
    old = RENAMED.get(type_, {}).get(str(first))
    if old is not None:
        yield (old, *steps[1:])
    names = NESTED.get(type_, {}).get(str(first), {})
    for index, step in enumerate(steps[1:], 1):
        if isinstance(step, str) and step in names:
            yield (*steps[:index], names[step], *steps[index + 1 :])
