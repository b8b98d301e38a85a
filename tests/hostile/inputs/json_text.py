"""JSON: depth, numbers, many of everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.hostile.attack import TOLD, Attack, Parts


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"json-{name}", lambda: {"bad.json": make()}, told)

    head = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, '
    pod = head + '"spec": {"containers": [{"name": "c", "image": "app:latest"%s}]}}'
    yield one("deep", lambda: head + '"a": ' + "[" * 100_000 + "]" * 100_000 + "}", told=True)
    yield one("deep-900", lambda: head + '"a": ' + "[" * 900 + "]" * 900 + "}")
    yield one("deep-400-maps", lambda: pod % (', "env": ' + '{"a": ' * 400 + "1" + "}" * 400))
    yield one("deep-unclosed", lambda: head + '"a": ' + '{"a":' * 500_000, told=True)
    yield one("many-unclosed-objects", lambda: head + '"a": ' + '[{"a": 1}, ' * 100_000, told=True)
    yield one("huge-number", lambda: pod % (', "x": ' + "9" * 100_000))
    yield one(
        "huge-exponent", lambda: pod % ', "x": 1e999999, "resources": {"limits": {"nvidia.com/gpu": 1e400}}'
    )
    yield one("nan", lambda: pod % ', "x": NaN, "y": Infinity, "resources": {"limits": {"cpu": -Infinity}}')
    yield one("equal-keys", lambda: pod % "".join(f', "k{n % 500}": 1' for n in range(200_000)), told=True)
    yield one(
        "wide",
        lambda: (
            head
            + '"spec": {"containers": ['
            + ", ".join(['{"name": "c", "image": "app:latest"}'] * 20_000)
            + "]}}"
        ),
    )
    yield one(
        "one-line",
        lambda: (
            head
            + '"spec": {"containers": ['
            + ", ".join(
                ['{"name": "c", "image": "app:latest", "securityContext": {"privileged": true}}'] * 3_000
            )
            + "]}}"
        ),
    )
    yield one("many-documents", lambda: (pod % "") * 5_000)
    yield one("trailing-rubbish", lambda: pod % "" + "}" * 100_000, told=True)
    yield one("comments", lambda: "// x\n" * 10_000 + pod % "")
    yield one("surrogates", lambda: pod % ', "x": "\\ud800", "securityContext": {"privileged": true}')


def by_command() -> Parts:
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [%s]}}'
    one = '{"name": "c", "image": "a:latest", "securityContext": {"privileged": true}, "args": ["%s"]}'
    yield "json-long-line", {"bad.json": pod % ", ".join([one % ("x" * 300)] * 9_000)}
    yield (
        "json-long-line-objects",
        {
            "bad.json": '{"apiVersion": "v1", "kind": "List", "items": ['
            + ", ".join(
                [
                    '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"hostPID": true, "containers": [{"name": "c", "image": "a"}]}}'
                ]
                * 12_000
            )
            + "]}"
        },
    )
    yield "json-no-spaces", {"bad.json": (pod % ",".join([one % "y"] * 6_000)).replace(" ", "")}
    yield (
        "json-escaped-keys",
        {
            "bad.json": pod.replace("kind", "\\u006b\\u0069\\u006e\\u0064").replace(
                "apiVersion", "api\\u0056ersion"
            )
            % (one % "x")
        },
    )
    yield "json-escapes-long", {"bad.json": pod % (one % ('\\u0041\\n\\\\\\"' * 150_000))}
    yield "json-bad-escapes", {"bad.json": pod % (one % ("\\x\\8" * 20_000))}, TOLD
    yield (
        "json-numbers",
        {
            "bad.json": pod
            % '{"name": "c", "image": "a", "ports": [{"containerPort": 1e999999999}, {"containerPort": -0}, {"containerPort": 0.1e-99999999}, {"containerPort": 00}]}'
        },  # which YAML reads, as kubectl does
    )
    yield (
        "json-duplicate-keys",
        {"bad.json": pod % ('{"name": "c", ' + '"image": "a", ' * 200_000 + '"image": "b"}')},
        TOLD,
    )
    yield "json-huge-keys", {"bad.json": pod % ('{"name": "c", "image": "a", "' + "k" * 3_000_000 + '": 1}')}
    yield (
        "json-many-keys",
        {
            "bad.json": pod
            % ('{"name": "c", "image": "a", ' + ", ".join(f'"k{n}": {n}' for n in range(150_000)) + "}")
        },
    )
    yield (
        "json-mixed-deep",
        {"bad.json": pod % ('{"a": ' + '[{"b": ' * 20_000 + "1" + "}]" * 20_000 + "}")},
        TOLD,
    )
    yield "json-lines", {"bad.json": ((pod % (one % "x")) + "\n") * 4_000}
    yield "json-top-array", {"bad.json": "[" + ", ".join([pod % (one % "x")] * 3_000) + "]"}
    yield "json-top-scalar", {"bad.json": '"' + "apiVersion kind " * 100_000 + '"'}
    yield "json-comments-nested", {"bad.json": "/*" * 100_000 + pod % (one % "x")}
    yield "json-trailing-commas", {"bad.json": pod % ((one % "x") + "," * 100_000)}, TOLD
    yield "json-control-characters", {"bad.json": pod % (one % "\x01\x02\t\n\x1b[31m")}
    yield "json-surrogates", {"bad.json": pod % (one % ("\\ud83d" * 50_000 + "\\ude00\\ud800"))}
    yield (
        "json-in-strings",
        {"bad.json": pod % (one % json.dumps(json.dumps(json.dumps({"a": '"' * 5_000})))[1:-1])},
    )
