"""Lines that hold one thing over and over."""

from __future__ import annotations

from tests.hostile.attack import POD, Parts


def by_command() -> Parts:
    yield "env-lines", {".env": "".join(f"SECRET_{n}=h{n}x9Kq2LmZ7{n}vB\n" for n in range(20_000))}
    yield "env-one-line", {".env": "TOKEN=" + "aB3" * 1_500_000}
    yield "env-equals", {".env": "=" * 1_000_000 + "\n" + "A==" * 300_000}
    yield "env-quotes-open", {".env": 'A="' + "x\n" * 400_000}
    yield "env-export", {".env": "export " * 300_000 + "A=b\n"}
    yield (
        "env-urls",
        {"Dockerfile": "FROM alpine:latest\nENV A=" + "https%3A%2F%2Fu%3Ap%40h%2F" * 20_000 + "\n"},
    )
    yield (
        "env-assignments",
        {
            "Dockerfile": "FROM alpine:latest\nENV "
            + " ".join(f"PASSWORD{n}='p{n}w' TOKEN{n}=" + "x" * 30 for n in range(5_000))
            + "\n"
        },
    )
    yield (
        "key-blocks",
        {
            "Dockerfile": "FROM alpine:latest\nRUN <<E\n"
            + "-----BEGIN RSA PRIVATE "
            + "KEY-----\n"
            + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n" * 20_000
            + "E\n"
        },
    )
    yield (
        "key-blocks-open",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join("      - '-----BEGIN OPENSSH PRIVATE " + f"KEY-----{n}'\n" for n in range(15_000))
        },
    )
    yield (
        "base64-runs",
        {"bad.yaml": POD + "      args:\n" + "".join(f"      - {'YWJj' * 200}{n}\n" for n in range(5_000))},
    )
    yield "base64-of-base64", {"bad.yaml": POD + "      args: ['" + "V1ZkS2FXTm5QVDA9" * 100_000 + "']\n"}
    yield (
        "jwt",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join(
                "      - eyJ" + f"hbGciOiJIUzI1NiJ9.eyJzdWIiOiI{n}In0.{'a' * 43}\n" for n in range(10_000)
            )
        },
    )
    yield (
        "passwords-in-urls",
        {
            "bad.yaml": POD
            + "      args:\n"
            + "".join(f"      - postgres://u{n}:pw{n}word@h/db\n" for n in range(15_000))
        },
    )
    yield (
        "names-of-secrets",
        {
            "bad.yaml": POD
            + "      env:\n"
            + "".join(f"      - {{name: {'API_' * 50}KEY{n}, value: v}}\n" for n in range(8_000))
        },
    )
