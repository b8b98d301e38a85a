# ruff: noqa: UP031
"""Plans, and Terraform written as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.attack import BUCKET, TOLD, Attack, Parts


def _plan(**parts: Any) -> str:
    return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0", **parts})


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"plan-{name}", lambda: {"plan.json": make()}, told)

    def change(number: int, after: Any = None) -> dict[str, Any]:
        values = {"bucket": "b", "acl": "public-read"} if after is None else after
        return {
            "address": f"aws_s3_bucket.b{number}",
            "mode": "managed",
            "type": "aws_s3_bucket",
            "name": f"b{number}",
            "change": {
                "actions": ["create"],
                "after": values,
                "after_unknown": {"id": True},
                "after_sensitive": {},
            },
        }

    yield one(
        "many-resources",
        lambda: _plan(planned_values={}, resource_changes=[change(n) for n in range(10_000)]),
    )
    yield one(
        "deep",
        lambda: (
            '{"format_version": "1.2", "terraform_version": "1", "planned_values": '
            + '{"root_module": ' * 100_000
        ),
        told=True,
    )
    yield one(
        "deep-900",
        lambda: _plan(planned_values={}, resource_changes=[change(0, {"a": "DEEP"})]).replace(
            '"DEEP"', "[" * 900 + "]" * 900
        ),
        told=True,
    )
    yield one(
        "deep-200",
        lambda: _plan(planned_values={}, resource_changes=[change(0, {"a": "DEEP"})]).replace(
            '"DEEP"', "[" * 200 + "]" * 200
        ),
    )
    yield one(
        "deep-unknown",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {**change(0), "change": {"actions": ["create"], "after": None, "after_unknown": "DEEP"}}
            ],
        ).replace('"DEEP"', '{"a":' * 800 + "true" + "}" * 800),
        told=True,
    )
    yield one(
        "deep-modules",
        lambda: _plan(planned_values={}, configuration={"root_module": "DEEP"}).replace(
            '"DEEP"', '{"module_calls":{"a":{"module":' * 280 + "{}" + "}}}" * 280
        ),
    )
    yield one(
        "deep-child-modules",
        lambda: _plan(planned_values="DEEP").replace(
            '"DEEP"', '{"root_module":' + '{"child_modules":[' * 400 + "]}" * 400 + "}"
        ),
    )
    yield one(
        "duplicate-keys",
        lambda: (
            '{"format_version": "1.2", "terraform_version": "1", '
            + '"resource_changes": [], ' * 1_000
            + '"resource_changes": ['
            + json.dumps(change(1))
            + "]}"
        ),
    )
    yield one(
        "wide-child-modules",
        lambda: _plan(planned_values={"root_module": {"child_modules": [{"resources": []}] * 100_000}}),
    )
    yield one(
        "large-sensitive",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(n),
                    "change": {
                        "actions": ["create"],
                        "after": {"acl": "public-read", "password": f"hunter{n:05d}"},
                        "after_sensitive": {"password": True},
                    },
                }
                for n in range(3_000)
            ],
        ),
    )
    yield one(
        "huge-numbers",
        lambda: _plan(
            planned_values={},
            resource_changes=[change(0, {"a": "BIG", "desired_capacity": "BIG", "port": "BIG"})],
        ).replace('"BIG"', "9" * 4_200),
    )
    yield one(
        "nan",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                change(0, {"a": float("nan"), "from_port": float("inf"), "to_port": -float("inf")})
            ],
        ),
    )
    yield one(
        "addresses",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(0),
                    "address": 'module.a["' + "x" * 100_000,
                    "module_address": "module." * 50_000,
                    "index": [1],
                }
            ],
        ),
    )
    yield one(
        "references",
        lambda: _plan(
            planned_values={},
            resource_changes=[change(0)],
            configuration={
                "root_module": {
                    "resources": [
                        {
                            "mode": "managed",
                            "type": "aws_s3_bucket",
                            "name": "b0",
                            "expressions": {"id": {"references": ["a." * 50_000] * 50}},
                        }
                    ]
                }
            },
        ),
    )
    yield one(
        "policies",
        lambda: _plan(
            planned_values={},
            resource_changes=[
                {
                    **change(0),
                    "type": "aws_iam_policy",
                    "change": {
                        "actions": ["create"],
                        "after": {
                            "policy": json.dumps(
                                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}] * 20_000}
                            )
                        },
                    },
                }
            ],
        ),
    )
    yield one(
        "truncated",
        lambda: _plan(planned_values={}, resource_changes=[change(n) for n in range(1_000)])[:-500],
        told=True,
    )
    yield one("zip", lambda: _zip({"tfplan": b"\0" * 1_000}), told=False)
    yield Attack(
        "plan-zip-bomb",
        lambda: {
            "tfplan": _zip({"tfplan": b"\0" * 50_000_000, "tfconfig/x": b"x"}),
            "bad.tfplan": b"PK\x03\x04tfplan" + b"\xff" * 1_000,
        },
    )


def by_command() -> Parts:
    empty = '{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}, "resource_changes": [], "x": [%s1]}'
    yield "plan-of-lists", lambda: {"plan.json": empty % ("[]," * 20_000_000)}, TOLD
    yield "plan-of-objects", lambda: {"plan.json": empty % ('{"a":{}},' * 5_000_000)}, TOLD
    yield (
        "tfjson-deep",
        {"bad.tf.json": '{"resource": {"a": {"b": ' + '{"c": ' * 20_000 + "1" + "}" * 20_000 + "}}}"},
        TOLD,
    )
    yield (
        "tfjson-templates",
        {
            "bad.tf.json": json.dumps(
                {
                    "locals": {f"a{n}": "${local.a%d}${local.a%d}" % (n - 1, n - 1) for n in range(60)},
                    "resource": {
                        "aws_s3_bucket": {"b": {"bucket": "${local.a59}", "acl": '${join(",", range(1e9))}'}}
                    },
                }
            )
        },
    )
    yield (
        "tfjson-arrays",
        {
            "bad.tf.json": json.dumps(
                {"resource": [[[{"aws_s3_bucket": [{"b": [{"acl": "public-read"}] * 3_000}]}]]]}
            )
        },
    )
    yield (
        "tfjson-numbers",
        {
            "bad.tf.json": '{"resource": {"aws_s3_bucket": {"b": {"count": 1e999999999, "x": '
            + "9" * 4_000
            + ', "y": -0.0e-999999}}}}'
        },
    )
    yield (
        "tfvars-json",
        {
            "main.tf": 'variable "a" {}\n' + BUCKET.format("x = var.a"),
            "terraform.tfvars.json": json.dumps({f"v{n}": "x" * 100 for n in range(20_000)}),
        },
    )
    change = {
        "address": "aws_s3_bucket.b",
        "mode": "managed",
        "type": "aws_s3_bucket",
        "name": "b",
        "change": {
            "actions": ["create"],
            "after": {"acl": "public-read"},
            "after_unknown": {},
            "after_sensitive": {},
        },
    }
    head = {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}
    yield (
        "plan-types-odd",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        None,
                        5,
                        [],
                        {},
                        {"change": 5},
                        {**change, "change": {"actions": 5, "after": [], "after_sensitive": 7}},
                        {**change, "address": {}},
                        {**change, "type": None},
                    ],
                    "configuration": [],
                    "prior_state": 5,
                    "variables": [],
                }
            )
        },
    )
    yield (
        "plan-sensitive-many",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "address": f"a.b{n}",
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read", "p": f"secret-{n}-{'x' * (n % 40)}"},
                                "after_sensitive": {"p": True},
                            },
                        }
                        for n in range(6_000)
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-sensitive-long",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read", "p": "s" * 3_000_000},
                                "after_sensitive": True,
                            },
                        }
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-strings-that-are-json",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "type": "aws_iam_policy",
                            "change": {
                                **change["change"],
                                "after": {
                                    "policy": "[" * 100_000,
                                    "assume_role_policy": '{"Statement": ' * 500,
                                },
                            },
                        }
                    ]
                    * 50,
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-modules",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "planned_values": {
                        "root_module": {
                            "child_modules": [
                                {
                                    "address": f"module.m{n}",
                                    "resources": [
                                        {
                                            "address": f"module.m{n}.aws_s3_bucket.b",
                                            "mode": "managed",
                                            "type": "aws_s3_bucket",
                                            "name": "b",
                                            "values": {"acl": "public-read"},
                                        }
                                    ],
                                }
                                for n in range(8_000)
                            ]
                        }
                    },
                }
            )
        },
    )
    yield (
        "plan-one-line-wide",
        {
            "plan.json": json.dumps(
                {
                    **head,
                    "resource_changes": [
                        {
                            **change,
                            "address": f"aws_s3_bucket.b{n}",
                            "change": {
                                **change["change"],
                                "after": {"acl": "public-read-write", "tags": {"a": "x" * 2_000}},
                            },
                        }
                        for n in range(6_000)
                    ],
                }
            )
        },
    )  # type: ignore[dict-item]
    yield (
        "plan-versions",
        {
            "plan.json": '{"format_version": "'
            + "9." * 50_000
            + '", "terraform_version": [], "planned_values": {}, "resource_changes": []}',
            "tfplan": b"PK\x03\x04" + b"\0" * 100_000,
        },
    )
    yield (
        "state-file",
        {
            "terraform.tfstate": json.dumps(
                {
                    "version": 4,
                    "terraform_version": "1.9.0",
                    "resources": [
                        {
                            "type": "aws_db_instance",
                            "name": "d",
                            "instances": [{"attributes": {"password": "hunter2hunter2"}}],
                        }
                    ]
                    * 5_000,
                }
            )
        },
    )
