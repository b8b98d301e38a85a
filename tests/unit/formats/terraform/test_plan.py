"""Plans: actions, unknown values, masks, places."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.formats.terraform import FORMAT, join_source, read, read_plan_file
from linter.formats.terraform.planvalues import overlay
from linter.formats.terraform.resource import Resource
from linter.text import SourceText, decode

SHARED = (
    Path(os.environ.get("TARECHECK_SHARED", Path(__file__).resolve().parents[5] / "shared"))
    / "data"
    / "tf-plan-samples"
)
samples = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared plan samples are not here")


def plan(*changes: dict[str, Any], **more: Any) -> Document:
    value = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": list(changes),
        "planned_values": {},
        **more,
    }
    return read(SourceText("plan.json", json.dumps(value, indent=2)))


def change(actions: list[str], after: Any = None, **more: Any) -> dict[str, Any]:
    inner = {"actions": actions, "after": after, **more}
    return {
        "address": "aws_ebs_volume.v",
        "mode": "managed",
        "type": "aws_ebs_volume",
        "name": "v",
        "change": inner,
    }


def subjects(document: Document, kind: str = "resource") -> list[Resource]:
    found = next(subject for subject in FORMAT.subjects if subject.name == kind)
    return [scope[0] for scope in found.iterate(document)]


@pytest.mark.parametrize(
    ("after", "unknown", "expected"),
    [
        ({"a": 1}, {"b": True}, {"a": 1, "b": UNKNOWN}),
        ({"l": [{"a": 1}, {"a": 2}]}, {"l": [{"b": True}, {}]}, {"l": [{"a": 1, "b": UNKNOWN}, {"a": 2}]}),
        ({"a": 1}, {"a": False, "c": {}}, {"a": 1}),
        (None, {"x": {"y": True}}, {"x": {"y": UNKNOWN}}),
        ({"l": [1]}, {"l": [False]}, {"l": [1]}),
    ],
)
def test_unknown_leaves(after: Any, unknown: Any, expected: Any) -> None:
    assert repr(overlay(after, unknown)) == repr(expected)


def test_absent_null_and_unknown_are_three_things() -> None:
    (resource,) = subjects(
        plan(change(["create"], {"encrypted": None, "size": 1}, after_unknown={"id": True}))
    )
    assert resource.values["encrypted"] is None
    assert "kms_key_id" not in resource.values
    assert isinstance(resource.values["id"], Unknown)


@pytest.mark.parametrize(
    ("actions", "action"),
    [(["create"], "create"), (["no-op"], "no-op"), (["update"], "update"), (["delete", "create"], "replace")],
)
def test_actions(actions: list[str], action: str) -> None:
    (resource,) = subjects(plan(change(actions, {"size": 1})))
    assert resource.action == action
    assert ("action", action) in resource.properties


def test_deleted_and_forgotten_resources_are_not_judged() -> None:
    document = plan(
        change(["delete"], None, before={"size": 1}), change(["forget"], None, before={"size": 1})
    )
    assert subjects(document) == []
    assert [r.action for r in subjects(document, "deletion")] == ["delete"]


def test_replaced_resources_are_deletions_too() -> None:
    document = plan(change(["create", "delete"], {"size": 1}))
    assert len(subjects(document)) == len(subjects(document, "deletion")) == 1


def test_places() -> None:
    document = plan(change(["create"], {"encrypted": False}))
    (resource,) = subjects(document)
    place = resource.locate(("values", "encrypted"))
    assert document.text.slice(place.span) == '"encrypted": false'
    missing = resource.locate(("values", "kms_key_id"))
    assert missing.absent
    assert document.text.slice(missing.span) == '"address": "aws_ebs_volume.v"'


def test_masked_values_are_sensitive() -> None:
    document = plan(change(["create"], {"token": "secret-value"}, after_sensitive={"token": True}))
    assert document.sensitive == {"secret-value"}


def test_a_plan_that_failed_says_so() -> None:
    assert "failed" in plan(errored=True).diagnostics[0].message


def test_a_state_is_recognised() -> None:
    document = read(
        SourceText("s.json", '{"format_version": "1.0", "terraform_version": "1.5.0", "values": {}}')
    )
    assert "state" in document.diagnostics[0].message


def test_broken_json_is_an_error_with_a_place() -> None:
    with pytest.raises(UnreadableError) as error:
        read(SourceText("plan.json", '{"format_version": '))
    assert error.value.start > 0


def test_utf16() -> None:
    text = json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1",
            "resource_changes": [change(["create"], {"a": 1})],
        }
    )
    assert len(subjects(read(decode("plan.json", b"\xff\xfe" + text.encode("utf-16-le"))))) == 1


def test_references_of_the_configuration() -> None:
    configured = {
        "root_module": {
            "resources": [
                {
                    "address": "aws_ebs_volume.v",
                    "mode": "managed",
                    "type": "aws_ebs_volume",
                    "name": "v",
                    "expressions": {
                        "kms_key_id": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]},
                        "size": {"constant_value": 1},
                    },
                }
            ]
        }
    }
    document = plan(
        change(["create"], {"size": 1}, after_unknown={"kms_key_id": True}), configuration=configured
    )
    (resource,) = subjects(document)
    assert resource.origin.references("kms_key_id") == {"aws_kms_key.k"}
    assert resource.origin.literal(("size",))
    assert not resource.origin.literal(("kms_key_id",))


@samples
def test_the_samples() -> None:
    names = {
        "create-unknown-sensitive-module.json": 11,
        "destroy.json": 0,
        "synthetic-count-multiblock-unknown-delete.json": 6,
        "synthetic-two-modules-same-name.json": 3,
    }
    for name, count in names.items():
        document = read(decode(name, (SHARED / name).read_bytes()))
        assert len(subjects(document)) == count, name
    changed = read(decode("u", (SHARED / "update-replace-delete-forget-moved-noop.json").read_bytes()))
    assert "forget" not in {r.action for r in subjects(changed)}


@samples
def test_a_binary_plan_holds_its_source() -> None:
    documents = read_plan_file("create.tfplan", (SHARED / "create.tfplan").read_bytes())
    assert [d.path for d in documents] == ["create.tfplan/main.tf", "create.tfplan/mod/main.tf"]
    assert not any(d.problems for d in documents)


def test_modules_with_equal_names_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "one" { source = "./m1" }\nmodule "two" { source = "./m2" }\n')
    for name in ("m1", "m2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text('resource "aws_ebs_volume" "this" {\n  size = 1\n}\n')
    changes = []
    for name in ("one", "two"):
        item = change(["create"], {"size": 1})
        item.update(
            address=f"module.{name}.aws_ebs_volume.this", name="this", module_address=f"module.{name}"
        )
        changes.append(item)
    joined = join_source(plan(*changes), tmp_path, tmp_path)
    assert [(d.path, [s.address for s in d.root]) for d in joined[1:]] == [
        ("m1/main.tf", ["module.one.aws_ebs_volume.this"]),
        ("m2/main.tf", ["module.two.aws_ebs_volume.this"]),
    ]


RICH: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "variables": {"key": {"value": "abcdefgh"}},
    "planned_values": {"root_module": {"resources": [], "child_modules": [{"resources": []}]}},
    "resource_changes": [
        {
            "address": 'module.a["x"].aws_instance.gpu[0]',
            "module_address": 'module.a["x"]',
            "mode": "managed",
            "type": "aws_instance",
            "name": "gpu",
            "index": 0,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": ["delete", "create"],
                "before": {"ami": "ami-1", "tags": None},
                "after": {"instance_type": "p5.48xlarge", "root_block_device": [{"encrypted": False}]},
                "after_unknown": {"ami": True, "root_block_device": [{"kms_key_id": True}]},
                "before_sensitive": {},
                "after_sensitive": {"user_data": True, "root_block_device": [{}]},
            },
        }
    ],
    "prior_state": {
        "values": {
            "root_module": {"resources": [{"mode": "data", "type": "aws_ami", "name": "a", "values": {}}]}
        }
    },
    "configuration": {
        "provider_config": {"aws": {"name": "aws", "version_constraint": "~> 6.0", "expressions": {}}},
        "root_module": {
            "variables": {"key": {"sensitive": True, "default": "abcdefgh"}},
            "outputs": {"key": {"expression": {"references": ["var.key"]}}},
            "resources": [
                {
                    "mode": "managed",
                    "type": "aws_instance",
                    "name": "gpu",
                    "expressions": {"ami": {"references": ["data.aws_ami.a.id", "data.aws_ami.a"]}},
                    "provisioners": [
                        {"type": "local-exec", "expressions": {"command": {"constant_value": "ls"}}}
                    ],
                }
            ],
            "module_calls": {
                "a": {
                    "source": "./a",
                    "expressions": {"n": {"constant_value": 1}},
                    "module": {"resources": []},
                }
            },
        },
    },
}
HOSTILE: list[Any] = [None, 0, -1.5, True, "x", "", [], {}, [None], [[]], {"x": None}, ["a", {"b": 1}]]


def _keys(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [here, *(path for key, inner in pairs for path in _keys(inner, (*here, key)))]


def _changed(value: Any, path: tuple[str | int, ...], to: Any) -> Any:
    if not path:
        return to
    copy = value.copy()
    copy[path[0]] = _changed(value[path[0]], path[1:], to)
    return copy


@pytest.mark.parametrize("path", _keys(RICH), ids=lambda path: ".".join(map(str, path)) or "all")
def test_no_type_of_value_at_any_key_crashes(path: tuple[str | int, ...]) -> None:
    for hostile in HOSTILE:
        text = SourceText("plan.json", json.dumps(_changed(RICH, path, hostile)))
        try:
            document = read(text)
        except UnreadableError:
            continue
        for kind in FORMAT.subjects:
            for (subject,) in kind.iterate(document):
                assert isinstance(subject.values, dict)
                subject.place()


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2"])
def test_every_version_of_the_format_is_read(version: str) -> None:
    document = read(SourceText("plan.json", json.dumps({**RICH, "format_version": version})))
    (found,) = [s for s in document.root if isinstance(s, Resource) and s.mode == "managed"]
    assert found.values["instance_type"] == "p5.48xlarge"
    assert found.values["ami"] is not None
    assert found.action == "replace"
