"""How long a compiled expression takes: python benchmarks/cel_eval.py.

Prints, for expressions of the kinds that rules have, the time of `fast`, of `evaluate`, and of `evaluate` when the
subject holds unknown values (then the slow function answers); then the time to compile, store and load a program.
"""

from __future__ import annotations

import sys
import time
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from linter.cel import (
    BOOL,
    INT,
    RAW,
    STRING,
    UNKNOWN,
    Environment,
    Field,
    ListType,
    MapType,
    MessageType,
    Nullable,
    Program,
)

PORT = MessageType("Port", {"hostPort": Field(Nullable(INT)), "name": Field(STRING)})
SECURITY = MessageType("SecurityContext", {"privileged": Field(BOOL), "runAsUser": Field(Nullable(INT))})
CONTAINER = MessageType(
    "Container",
    {
        "name": Field(STRING),
        "image": Field(Nullable(STRING)),
        "securityContext": Field(SECURITY),
        "args": Field(ListType(STRING)),
        "ports": Field(ListType(PORT)),
        "labels": Field(MapType(STRING, STRING)),
        "raw": Field(RAW),
    },
)
EXPRESSIONS = (
    "container.securityContext.privileged",
    "container.securityContext.runAsUser == 0",
    "container.securityContext.runAsUser < 1000",
    "!has(container.image)",
    "container.name == 'main' && !container.securityContext.privileged",
    "container.name in ['init', 'main', 'side']",
    "container.image.endsWith(':latest')",
    "container.image.matches('^(nvcr|quay)\\\\.io/')",
    "'--trust-remote-code' in container.args",
    "container.args.exists(a, a.startsWith('--tensor-parallel'))",
    "container.args.all(a, !a.contains('token'))",
    "container.ports.exists(p, p.hostPort > 0 && p.name != 'metrics')",
    "'team' in container.labels && container.labels['team'] == 'ml'",
    "container.labels.exists(k, v, k.startsWith('nvidia.com/') && v != '')",
    "size(container.ports) > 0",
    "container.raw.storage.encrypted == true",
    "container.raw.storage.size > 100",
    "container.raw.ingress.exists(i, '0.0.0.0/0' in i.cidr_blocks)",
    "quantity(container.labels.memory).isLessThan(quantity('8Gi'))",
)


class Thing:
    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def has(self, name: str) -> bool:
        return self.__dict__[name] is not None


def container(unknown: bool) -> Thing:
    tail = [UNKNOWN] if unknown else []
    return Thing(
        name=UNKNOWN if unknown else "main",
        image=UNKNOWN if unknown else "nvcr.io/nvidia/pytorch:24.05-py3",
        securityContext=UNKNOWN if unknown else Thing(privileged=False, runAsUser=None),
        args=["--model", "llama", "--max-model-len=4096", *tail],
        ports=[Thing(hostPort=None, name="http"), Thing(hostPort=None, name="metrics"), *tail],
        labels={"team": "ml", "memory": "4Gi", "app": UNKNOWN if unknown else "web"},
        raw={
            "storage": [{"encrypted": True, "size": 50}],
            "ingress": [{"cidr_blocks": ["10.0.0.0/8", *tail]}],
        },
    )


def microseconds(call: Callable[[], Any], number: int = 20_000) -> float:
    return min(timeit.repeat(call, number=number, repeat=3)) / number * 1e6


def main() -> None:
    environment = Environment([("container", CONTAINER)])
    known, unknown = container(False), container(True)
    empty = microseconds(lambda: None)
    total = [0.0, 0.0, 0.0]
    print(f"{'fast':>8} {'evaluate':>9} {'unknown':>8}  µs")
    for text in EXPRESSIONS:
        program = environment.compile(text)
        fast, evaluate = program.fast, program.evaluate
        evaluate(unknown)
        times = [
            microseconds(lambda fast=fast: fast(known)) - empty,  # type: ignore[misc]
            microseconds(lambda evaluate=evaluate: evaluate(known)) - empty,  # type: ignore[misc]
            microseconds(lambda evaluate=evaluate: evaluate(unknown), 5_000) - empty,  # type: ignore[misc]
        ]
        total = [sum(pair) for pair in zip(total, times, strict=True)]
        print(f"{times[0]:8.2f} {times[1]:9.2f} {times[2]:8.2f}  {text}")
    means = [value / len(EXPRESSIONS) for value in total]
    print(f"{means[0]:8.2f} {means[1]:9.2f} {means[2]:8.2f}  mean")
    programs_as_bytes(environment)


def programs_as_bytes(environment: Environment) -> None:
    count = 1000
    texts = [
        f"{EXPRESSIONS[index % len(EXPRESSIONS)]} || container.name == 'c{index}'" for index in range(count)
    ]
    texts = [text for text in texts if "quantity" not in text]
    start = time.perf_counter()
    programs = [environment.compile(text) for text in texts]
    compiled = time.perf_counter()
    stored = [program.dump() for program in programs]
    dumped = time.perf_counter()
    loaded = [Program.load(data) for data in stored]
    ended = time.perf_counter()
    each = 1e6 / len(texts)
    size = sum(map(len, stored)) / len(stored)
    print(
        f"{len(loaded)} programs of {size:.0f} bytes: compile {(compiled - start) * each:.0f} µs each,",
        end=" ",
    )
    print(f"dump {(dumped - compiled) * each:.0f} µs each, load {(ended - dumped) * 1e3:.1f} ms in all")


if __name__ == "__main__":
    main()
