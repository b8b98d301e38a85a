"""A synthetic report with everything a report can hold, for every format's tests."""

from __future__ import annotations

from linter.finding import (
    Confidence,
    Coverage,
    Diagnostic,
    Edit,
    Excerpt,
    Finding,
    Fix,
    Location,
    Program,
    Related,
    Report,
    RuleInfo,
    Severity,
    Skipped,
    Status,
    number,
    written_examples,
)
from linter.frozen import replace

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: trainer, namespace: ml}
spec:
  containers:
    - name: trainer
      image: nvcr.io/nvidia/pytorch:latest
      securityContext:
        privileged: true
      resources:
        limits: {nvidia.com/gpu: 8}
"""
DOCKERFILE = """\
FROM nvcr.io/nvidia/pytorch:latest
ENV API_KEY=abcd…(12 characters)
USER root
"""
FILES = {"k8s/pod.yaml": POD, "docker/Dockerfile": DOCKERFILE}

RULES = (
    RuleInfo(
        id="floating-base-image",
        title="Base image is not pinned by digest",
        category="supply-chain",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        profile="default",
        format="dockerfile",
        subject="stage",
        why="A mutable tag can change between builds, e.g. when a registry is taken over. "
        "A swapped image goes unnoticed.",
        fix="Pin the image to a digest: `FROM image:tag@sha256:...`.",
        message="Base image '{stage.image}' is referenced by the tag '{stage.tag}', not by a digest.",
        aliases=("trivy:DS-0001", "hadolint:DL3007"),
        standards=("cwe:1357", "cis-docker:4.2"),
        references=("https://docs.docker.com/build/building/best-practices/",),
        written=written_examples([("bad", "FROM image:latest\n"), ("good", "FROM image:tag@sha256:0123\n")]),
    ),
    RuleInfo(
        id="gpu-pod-without-memory",
        title="GPU pod has no memory request",
        category="gpu",
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        profile="strict",
        format="kubernetes",
        subject="container",
        why="The scheduler packs it beside others.",
        fix="Set resources.requests.memory.",
        message="Container '{container.name}' asks for {n} GPUs and no memory.",
        standards=("nsa-k8s:resource-policies",),
    ),
    RuleInfo(
        id="privileged-container",
        title="Container runs privileged",
        category="privilege",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        profile="default",
        format="kubernetes",
        subject="container",
        why="A break-out is root on the node. Every accelerator on it follows.",
        fix="Set privileged to false and add the one capability that is needed.",
        message="Container '{container.name}' runs privileged: a break-out is root on the node.",
        aliases=("trivy:KSV-0017", "checkov:CKV_K8S_16"),
        standards=("pss:baseline", "cis-k8s:5.2.2", "cwe:250"),
        references=("https://kubernetes.io/docs/concepts/security/pod-security-standards/",),
    ),
    RuleInfo(
        id="root-user",
        title="Final stage runs as root",
        category="privilege",
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        profile="default",
        format="dockerfile",
        subject="stage",
        why="Root in the container is root on the node after a break-out.",
        fix="Add `USER 1000`.",
        message="The final stage runs as root.",
        standards=("cwe:250", "cis-docker:4.1"),
    ),
    RuleInfo(
        id="secret-in-env",
        title="Secret in ENV",
        category="secrets",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        profile="default",
        format="dockerfile",
        subject="env",
        why="Everyone who can pull the image reads it.",
        fix="Use a build secret.",
        message="ENV '{env.name}' holds a secret.",
        standards=("cwe:798", "cwe:526"),
    ),
)


def place(path: str, needle: str) -> Location:
    """The location of the first occurrence of `needle` in a sample file."""
    text = FILES[path]
    start = text.index(needle)
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return Location(path, line, column, line, column + len(needle), start, start + len(needle))


def excerpt(path: str, line: int, context: int = 2) -> Excerpt:
    lines = FILES[path].splitlines()
    first = max(1, line - context)
    return Excerpt.of(first, lines[first - 1 : line + context])


def finding(rule: str, path: str, needle: str, message: str, **more: object) -> Finding:
    info = next(r for r in RULES if r.id == rule)
    where = place(path, needle)
    made = Finding(
        rule=rule,
        severity=info.severity,
        confidence=info.confidence,
        message=message,
        location=where,
        evidence=needle,
        excerpt=excerpt(path, where.line),
    )
    return made.evolve(**more)


def findings() -> list[Finding]:
    image = place("docker/Dockerfile", "nvcr.io/nvidia/pytorch:latest")
    privileged = place("k8s/pod.yaml", "privileged: true")
    return [
        finding(
            "floating-base-image",
            "docker/Dockerfile",
            "nvcr.io/nvidia/pytorch:latest",
            "Base image 'nvcr.io/nvidia/pytorch:latest' is referenced by the tag 'latest', not by a digest.",
            subject="stage 0/FROM",
            related=(Related(place("k8s/pod.yaml", "nvcr.io/nvidia/pytorch:latest"), "Run by this pod."),),
            fix=Fix(
                "Pin the image to the digest.",
                (
                    Edit(
                        "docker/Dockerfile", image.start, image.end, "nvcr.io/nvidia/pytorch:25.10@sha256:00"
                    ),
                ),
                safe=True,
            ),
        ),
        finding(
            "secret-in-env",
            "docker/Dockerfile",
            "API_KEY=abcd…(12 characters)",
            "ENV 'API_KEY' holds a secret.",
            subject="stage 0/ENV API_KEY",
        ),
        finding(
            "root-user",
            "docker/Dockerfile",
            "USER root",
            "The final stage runs as root.",
            subject="stage 0/USER",
            status=Status.SUPPRESSED,
            reason="SEC-12, until the base image changes",
        ),
        finding(
            "privileged-container",
            "k8s/pod.yaml",
            "privileged: true",
            "Container 'trainer' runs privileged: a break-out is root on the node.",
            subject="ml/Pod/trainer#/spec/containers/trainer",
            fix=Fix("Remove it.", (Edit("k8s/pod.yaml", privileged.start, privileged.end, ""),), safe=False),
            properties=(("action", "create"),),
        ),
        finding(
            "gpu-pod-without-memory",
            "k8s/pod.yaml",
            "nvidia.com/gpu: 8",
            "Container 'trainer' asks for 8 GPUs and no memory.",
            subject="ml/Pod/trainer#/spec/containers/trainer",
            instances=("ml/Pod/trainer-0", "ml/Pod/trainer-1"),
        ),
        finding(
            "floating-base-image",
            "k8s/pod.yaml",
            "nvcr.io/nvidia/pytorch:latest",
            "Base image 'x' is old.",
            status=Status.BASELINED,
            reason="baseline.json",
        ),
    ]


def report(extra: list[Finding] | None = None, **changes: object) -> Report:
    parts: dict[str, object] = {
        "findings": tuple(number([*findings(), *(extra or [])])),
        "diagnostics": (
            Diagnostic(
                "warning", "Helm is not installed, so the chart was read as it is.", "chart/Chart.yaml", 1, 1
            ),
            Diagnostic("note", "No configuration file was found."),
        ),
        "coverage": Coverage(
            found=5,
            read={"kubernetes": 1, "dockerfile": 1},
            other=1,
            skipped=(Skipped("plan.json", "over 200 MB"), Skipped("big.yaml", "over 5 MB")),
            rules=5,
            unknowns=3,
            subjects=7,
        ),
        "rules": {rule.id: rule for rule in RULES},
        "root": "/home/someone/project",
        "inventory": (
            {
                "path": "k8s/pod.yaml",
                "workload": "ml/Pod/trainer",
                "kind": "Pod",
                "resource": "nvidia.com/gpu",
                "vendor": "nvidia",
                "count": 8,
                "replicas": 1,
                "total": 8,
            },
        ),
    }
    parts.update(changes)
    return Report(**parts)  # type: ignore[arg-type]


TRIVY_RULE = RuleInfo(
    id="trivy:KSV-0104",
    title="Seccomp policies disabled",
    category="privilege",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    profile="default",
    format="kubernetes",
    subject="",
    why="Every system call is open.",
    fix="Set seccompProfile.",
    message="",
    aliases=("trivy:KSV-0104",),
    references=("https://avd.aquasec.com/misconfig/ksv-0104",),
    standards=("cwe:732",),
    origin="trivy",
)


def outside() -> Report:
    """With what another program found, one chart that was rendered and one that was not."""
    base = findings()[3]
    theirs = base.evolve(
        rule=TRIVY_RULE.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        message="container should specify a seccomp profile.",
        origin="trivy",
        fix=None,
        properties=(("trivy-id", "KSV-0104"),),
    )
    double = base.evolve(
        origin="trivy", status=Status.DUPLICATE, reason="the same as privileged-container at line 9", fix=None
    )
    plain = report()
    return report(
        [theirs, double],
        rules={**plain.rules, TRIVY_RULE.id: TRIVY_RULE},
        programs=(Program("trivy", "0.74.0", "2026-01-02T03:04:05Z"),),
        coverage=replace(
            plain.coverage,
            rendered={"charts": 1, "kustomizations": 2},
            unrendered=(Skipped("charts/broken", "chart not rendered: helm says: no values"),),
        ),
    )


def empty() -> Report:
    return Report((), (), Coverage(), {rule.id: rule for rule in RULES})


def read_bytes(path: str) -> bytes | None:
    text = FILES.get(path)
    return None if text is None else text.encode()


# what a hostile file may put into names, images and messages
HOSTILE = (
    "\x1b]0;owned\x07\x1b[31m<script>alert(1)</script>\u202e](https://evil.example) `code` |cell| @everyone "
    '=HYPERLINK("http://evil.example") ::error::x%0A</details><img src=x onerror=alert(1)>\r\n# heading \x00 ]]> &amp;'
)


def hostile() -> Report:
    """Findings whose every text is the worst that a file can hold."""
    info = RULES[2]
    path = f"k8s/{HOSTILE[:40]}.yaml".replace("/", "_")
    item = Finding(
        rule=info.id,
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        message=HOSTILE,
        location=Location(path, 2, 3, 2, 9, 10, 16),
        subject=f"ns/Pod/{HOSTILE}",
        evidence=HOSTILE,
        excerpt=Excerpt.of(
            1,
            (
                HOSTILE.replace("\n", ""),
                "\x1b[2J" + HOSTILE.replace("\n", ""),
                "</script><script>alert(2)</script>",
            ),
        ),
        related=(Related(Location(path, 1, 1, 1, 4), HOSTILE),),
        reason=HOSTILE,
        instances=(HOSTILE,),
        properties=(("name", HOSTILE),),
    )
    return Report(
        findings=(item,),
        diagnostics=(Diagnostic("warning", HOSTILE, path, 1, 1),),
        coverage=Coverage(
            2,
            {"kubernetes": 1},
            0,
            (Skipped(HOSTILE, HOSTILE),),
            1,
            0,
            1,
            rendered={"charts": 1},
            unrendered=(Skipped(HOSTILE, HOSTILE),),
        ),
        programs=(Program(HOSTILE, HOSTILE, HOSTILE),),
        rules={info.id: info},
        inventory=({"path": HOSTILE, "workload": HOSTILE, "kind": HOSTILE, "resource": HOSTILE, "count": 1},),
    )
