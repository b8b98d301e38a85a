"""50,000 findings to SARIF: seconds and megabytes, in a process of its own. Budget: 2 s, 500 MB.

python benchmarks/sarif.py [COUNT]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from linter.finding import (
    Confidence,
    Coverage,
    Excerpt,
    Finding,
    Location,
    Report,
    RuleInfo,
    Severity,
)
from linter.reporters import Options, write

FILES = 500


def rules(count: int = 300) -> dict[str, RuleInfo]:
    return {
        f"rule-{i:03}": RuleInfo(
            id=f"rule-{i:03}",
            title="Container runs privileged",
            category="privilege",
            severity=Severity(i % 5),
            confidence=Confidence.HIGH,
            profile="default",
            format="kubernetes",
            subject="container",
            why="A break-out is root on the node. Every accelerator on it follows.",
            fix="Set privileged to false.",
            message="Container '{container.name}' runs privileged in {workload.kind}.",
            standards=("cwe:250", "pss:baseline"),
        )
        for i in range(count)
    }


def findings(count: int) -> tuple[Finding, ...]:
    lines = tuple(f"      line {n}: some YAML text of usual length" for n in range(5))
    return tuple(
        Finding(
            rule=f"rule-{i % 300:03}",
            severity=Severity(i % 5),
            confidence=Confidence.HIGH,
            message=f"Container 'trainer-{i}' runs privileged in PyTorchJob.",
            location=Location(f"k8s/file-{i % FILES}.yaml", i % 90 + 3, 7, i % 90 + 3, 30),
            subject=f"ns/PyTorchJob/job-{i}#/spec/containers/trainer-{i}",
            evidence="line 2: some YAML text",
            excerpt=Excerpt(i % 90 + 1, lines),
        )
        for i in range(count)
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    source = "".join(f"    key-{n}: some value of a usual length\n" for n in range(100)).encode()
    report = Report(findings(count), (), Coverage(found=FILES, read={"kubernetes": FILES}), rules())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for limit in (25_000, 0):
        with tempfile.TemporaryFile("w+", encoding="utf-8") as stream:
            start = time.perf_counter()
            write("sarif", report, stream, Options(read_bytes=lambda _: source, sarif_limit=limit))
            took = time.perf_counter() - start
            size = stream.tell() / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = f"at most {limit:,} results" if limit else "no limit"
        print(
            f"{count:,} findings, {told}: {took:.2f} s, {size:.0f} MB, peak {peak:.0f} MB (findings alone {before:.0f})"
        )


if __name__ == "__main__":
    main()
