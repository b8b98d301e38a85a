"""The file system: links, pipes, odd names; files that are something else than their names say."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.hostile.attack import BUCKET, GOOD_SIBLINGS, POD, Attack, Parts


def in_process() -> Iterator[Attack]:
    yield Attack(
        "fs-fifos",
        dict,
        fifos=("Dockerfile", "bad.yaml", "bad.tf", "plan.json", ".gitignore", "tarecheck.yaml"),
    )
    yield Attack(
        "fs-folders-with-our-names",
        lambda: {"Dockerfile/x": "", "bad.yaml/y": "", "m/main.tf/z": "", ".gitignore/x": ""},
        folders=("tarecheck.yaml", "pyproject.toml", ".git/info"),
    )
    yield Attack(
        "fs-links",
        dict,
        links=(
            ("loop", "."),
            ("Dockerfile", "Dockerfile"),
            ("a.yaml", "b.yaml"),
            ("b.yaml", "a.yaml"),
            ("c.yaml", "/etc/passwd"),
            ("d.yaml", "/dev/zero"),
            ("e.tf", "/dev/stdin"),
            ("f/g", "../f"),
            ("h.yaml", "zz-good"),
            ("i.json", "/proc/self/mem"),
            ("root", "/"),
            ("t.tf", "../../../../../../etc/hostname"),
        ),
    )
    names = (
        "new\nline.yaml",
        "quote'\".yaml",
        "%s%n.yaml",
        "-rf.yaml",
        "--help.yaml",
        "caf\u00e9\u202e.yaml",
        "\x1b[31m.yaml",
        "a b.yaml",
        "::error::.yaml",
        "=cmd.yaml",
        "<script>.yaml",
        "[x](y).yaml",
        "|`.yaml",
        "..yaml",
        "C:\\x.yaml",
        "#x.yaml",
        "\U0001f600.yaml",
        "e\u0301.yaml",
        "a\tb.yaml",
        "\x7f.yaml",
    )
    flaw = GOOD_SIBLINGS["zz-good/pod.yaml"]
    yield Attack("fs-odd-names", lambda: dict.fromkeys(names, flaw))
    yield Attack(
        "fs-odd-bytes",
        lambda: {
            os.fsdecode(b"\xff\xfe.yaml"): flaw,
            os.fsdecode(b"d\x80/Dockerfile"): "FROM alpine\nUSER root\n",
            os.fsdecode(b"d\x81/main.tf"): 'resource "x" "y" {}\n',
        },
    )
    yield Attack("fs-deep-folders", lambda: {"/".join(["d"] * 500) + "/bad.yaml": flaw})
    yield Attack("fs-many-folders", lambda: {f"d{n}/{n}/x.txt": "" for n in range(2_000)})
    yield Attack(
        "fs-gitignore",
        lambda: {
            ".gitignore": "**/" * 50_000
            + "x\n"
            + "a*" * 5_000
            + "b\n[\n\\\n!\n"
            + "(" * 1_000
            + "\n"
            + "*a" * 30
            + "b\n",
            "a" * 200 + ".yaml": flaw,
        },
    )
    yield Attack(
        "fs-gitignore-bytes",
        lambda: {".gitignore": b"\xff\xfe\0\n" * 1_000, "x/.gitignore": b"\x80" * 100_000},
    )


def by_command() -> Parts:
    flaw = POD + "      securityContext: {privileged: true}\n"
    yield (
        "files-folders",
        {
            "Dockerfile/x": "",
            "main.tf/y": "",
            "compose.yaml/z": "",
            "plan.json/w": "",
            "kustomization.yaml/v": "",
            "Chart.yaml/u": "",
            ".env/t": "",
            ".dockerignore/s": "",
            "values.yaml/r": "",
        },
    )
    yield (
        "files-fifos",
        dict,
        {
            "fifos": (
                "compose.yaml",
                ".env",
                "main.tf.json",
                "terraform.tfvars",
                "Chart.yaml",
                "kustomization.yaml",
                ".dockerignore",
                "tarecheck.toml",
                "pyproject.toml",
                ".tarecheck-baseline.jsonl",
            )
        },
    )
    yield (
        "files-devices",
        dict,
        {
            "links": (
                ("Dockerfile", "/dev/zero"),
                ("a.yaml", "/dev/urandom"),
                ("b.tf", "/dev/full"),
                ("c.json", "/dev/tty"),
                ("compose.yaml", "/proc/self/environ"),
                (".env", "/dev/zero"),
                ("terraform.tfvars", "/dev/zero"),
                ("values.yaml", "/proc/kmsg"),
                (".gitignore", "/dev/zero"),
            )
        },
    )
    yield (
        "files-link-loops",
        {"a/x.yaml": flaw},
        {
            "links": (
                ("a/b", "../c"),
                ("c", "a"),
                ("d/e", ".."),
                ("f", "f"),
                ("g.yaml", "h.yaml"),
                ("h.yaml", "g.yaml"),
                ("a/root", "/"),
            )
        },
    )
    yield (
        "files-module-links",
        {"main.tf": 'module "m" {\n  source = "./m"\n}\n' + BUCKET.format("")},
        {"links": (("m", "."), ("n.tf", "main.tf"), ("o.tf", "/dev/zero"))},
    )
    yield (
        "files-names",
        dict.fromkeys(
            (
                "a\nb.yaml",
                "\x1b[2J.yaml",
                "a\u202eb.yaml",
                " .yaml",
                "..yaml",
                "...yaml",
                "-",
                "--",
                "a" * 250 + ".yaml",
                "%00.yaml",
                "$(touch x).yaml",
                "`x`.yaml",
                "a;b.yaml",
                "a'b\"c.yaml",
                "*.yaml",
                "?.yaml",
                "[a].yaml",
                "{a}.yaml",
                "~.yaml",
                "a\\b.yaml",
                "CON.yaml",
                "a:b.yaml",
                "\u200b.yaml",
                "\ufeff.yaml",
            ),
            flaw,
        ),
    )
    yield "files-deep", {"/".join(["deep"] * 700) + "/bad.yaml": flaw}
    yield "files-many", {f"d{n % 50}/f{n}.yaml": "a: b\n" for n in range(6_000)}
    yield "files-many-dockerfiles", {f"d{n}/Dockerfile": "FROM a:latest\nUSER root\n" for n in range(1_200)}
    yield (
        "files-empty",
        dict.fromkeys(
            (
                "Dockerfile",
                "a.yaml",
                "b.tf",
                "c.json",
                "compose.yaml",
                ".env",
                "d.tf.json",
                "terraform.tfvars",
                "Chart.yaml",
                "values.yaml",
                "kustomization.yaml",
                ".dockerignore",
                ".gitignore",
                "plan.json",
                "tfplan",
            ),
            b"",
        ),
    )
    yield (
        "files-newline-only",
        dict.fromkeys(
            ("Dockerfile", "a.yaml", "b.tf", "c.json", "compose.yaml", ".env", "d.tf.json"), b"\r" * 1_000_000
        ),
    )
