"""Encodings and characters: what is no UTF-8, what terminals and reports would obey."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.attack import BUCKET, GOOD_SIBLINGS, POD, Attack, Parts


def in_process() -> Iterator[Attack]:
    pod = GOOD_SIBLINGS["zz-good/pod.yaml"]
    assert isinstance(pod, str)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        yield Attack(
            f"encoding-{encoding}",
            lambda encoding=encoding: {  # type: ignore[misc]
                "bad.yaml": pod.encode(encoding),
                "Dockerfile": "FROM alpine:latest\nUSER root\n".encode(encoding),
                "bad.tf": 'resource "x" "y" {}\n'.encode(encoding),
                "bad.json": '{"apiVersion": "v1", "kind": "Pod"}'.encode(encoding),
            },
        )
    yield Attack(
        "encoding-odd-utf-16",
        lambda: {
            "bad.yaml": pod.encode("utf-16")[:-1],
            "Dockerfile": b"\xff\xfeF\0R\0O",
            "bad.tf": b"\xfe\xff\0",
        },
    )
    yield Attack(
        "encoding-broken",
        lambda: {
            "bad.yaml": pod.encode().replace(b"registry", b"\xff\xfe\x80\xc0\xaf\xed\xa0\x80"),
            "Dockerfile": b"FROM alpine\xff\xfe:latest\nRUN \x80\x81\n",
            "bad.tf": b'resource "a\xff" "b" {\n x = "\xc3\x28"\n}\n',
            "bad.json": b'{"apiVersion": "v1", "kind": "\xff"}',
        },
    )
    yield Attack(
        "encoding-nul",
        lambda: {
            "bad.yaml": pod.encode().replace(b"registry", b"re\0gistry"),
            "bad.tf": b'resource "a\0" "b" {}\n\0\0\0',
            "bad.json": b'{"apiVersion": "v1", "kind": "Pod\0"}',
            "compose.yaml": b"services:\0\n",
        },
        told=True,
    )
    yield Attack(
        "encoding-random",
        lambda: {
            name: bytes((n * 7919 + n // 256 * 31) % 256 for n in range(200_000))
            for name in (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
            )
        },
    )
    yield Attack(
        "encoding-empty",
        lambda: dict.fromkeys(
            (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
                "bad.tf.json",
                "bad.tfvars.json",
            ),
            b"",
        ),
    )
    yield Attack(
        "encoding-blank",
        lambda: dict.fromkeys(
            (
                "bad.yaml",
                "Dockerfile",
                "bad.tf",
                "bad.json",
                "compose.yaml",
                "tfplan",
                "bad.tfvars",
                "bad.tf.json",
                "bad.tfvars.json",
            ),
            b" \n\t\n",
        ),
    )
    yield Attack(
        "encoding-marks",
        lambda: dict.fromkeys(
            ("bad.yaml", "Dockerfile", "bad.tf", "bad.json", "compose.yaml", "bad.tf.json"),
            b"\xef\xbb\xbf" * 3,
        ),
    )


def by_command() -> Parts:
    pod = POD + "      securityContext: {privileged: true}\n"
    yield (
        "characters-nul-middle",
        {
            "bad.yaml": pod.encode() + b"#\0\n",
            "Dockerfile": b"FROM a:latest\n\0USER root\n",
            "bad.tf": b'resource "a" "b" {\n x = "\0"\n}\n',
            "bad.json": b'{"apiVersion": "v1",\0 "kind": "Pod"}',
            "compose.yaml": b"services: {a: {image: a\0b}}\n",
        },
    )
    yield (
        "characters-bom-middle",
        {
            "bad.yaml": pod.replace("kind", "\ufeffkind"),
            "b.yaml": pod.replace("\n", "\n\ufeff"),
            "Dockerfile": "FROM a:latest\n\ufeffUSER root\n",
            "bad.tf": '\ufeffresource "a" "b" {\n\ufeff}\n',
            "bad.json": '\ufeff{\ufeff"apiVersion": "v1", "kind": "Pod"}',
        },
    )
    yield (
        "characters-utf-16-cut",
        {
            "bad.yaml": pod.encode("utf-16")[:-1],
            "b.yaml": pod.encode("utf-16-be"),
            "c.yaml": b"\xff\xfe" + b"\x00\xd8" * 1_000,
            "Dockerfile": "FROM a:latest\n".encode("utf-16") + b"\x00",
        },
    )
    yield (
        "characters-utf-32",
        {
            "bad.yaml": pod.encode("utf-32"),
            "b.yaml": pod.encode("utf-32-be"),
            "c.yaml": b"\xff\xfe\x00\x00" + b"\xff" * 4_001,
            "bad.json": '{"apiVersion": "v1", "kind": "Pod"}'.encode("utf-32-le"),
        },
    )
    yield (
        "characters-separators",
        {
            "bad.yaml": pod.replace("name: c", "name: 'a\u2028b\u2029c\x85d'"),
            "Dockerfile": "FROM a:latest\u2028USER root\x85RUN x\x0b\x0cRUN y\n",
            "bad.tf": BUCKET.format('acl = "public-read"').replace("\n", "\u2028"),
            "compose.yaml": "services:\u2028  a:\u2028    image: a\n",
        },
    )
    yield (
        "characters-surrogates",
        {
            "bad.yaml": pod.encode() + b"    # \xed\xa0\x80\xed\xbf\xbf\n",
            "bad.json": b'{"apiVersion": "v1", "kind": "Pod", "x": "\xed\xa0\x80"}',
            "Dockerfile": b"FROM a:latest\nRUN \xed\xa0\x80\n",
        },
    )
    yield (
        "characters-overlong",
        {
            "bad.yaml": b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" * 100 + pod.encode(),
            "Dockerfile": b"\xf5\xff" * 1_000 + b"\nFROM a:latest\n",
        },
    )
    yield (
        "characters-bidi",
        {
            "bad.yaml": pod.replace("name: c", 'name: "\u202e\u2066c\u2069"'),
            "Dockerfile": "FROM a:latest\nRUN echo \u202e'x\u2066'\nUSER \u202eroot\n",
            "bad.tf": 'resource "aws_s3_bucket" "\u202eb" {\n  acl = "public-read"\n}\n',
        },
    )
    yield "characters-combining", {"bad.yaml": pod.replace("name: c", "name: 'a" + "\u0301" * 500_000 + "'")}
    yield (
        "characters-terminal",
        {
            "bad.yaml": pod.replace("name: c", 'name: "\\e]0;x\\a\\e[2J\\e[31m"'),
            "Dockerfile": "FROM a:latest\nUSER root\x1b]52;c;eA==\x07\n",
        },
    )
    yield (
        "characters-all",
        {"bad.yaml": pod + "      a: '" + "".join(map(chr, range(0x20, 0xD7FF))).replace("'", "") + "'\n"},
    )
    yield (
        "characters-latin",
        {
            "bad.yaml": pod.replace("name: c", "name: é").encode("latin-1"),
            "Dockerfile": "FROM a:latest\n# é\nUSER root\n".encode("latin-1"),
            "bad.tf": '# é\nresource "a" "b" {}\n'.encode("latin-1"),
        },
    )
    yield (
        "characters-random",
        lambda: {
            name: bytes((n * n * 131 + n * 17 + n // 97) % 256 for n in range(300_000))
            for name in (
                "a.yaml",
                "Dockerfile",
                "b.tf",
                "c.json",
                "compose.yaml",
                "d.tfvars",
                ".env",
                "e.tf.json",
                "kustomization.yaml",
                "Chart.yaml",
            )
        },
    )
