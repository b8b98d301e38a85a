"""Files that a scanned one names, or that are read with it: pipes, devices, links, far too many."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.attack import BUCKET, POD, Attack, Parts


def in_process() -> Iterator[Attack]:
    """Files that a scanned one names or that are read with it: pipes, devices, links, far too many."""
    copies = "FROM alpine:3.19\nCOPY . /app\nCOPY a /b\n"
    compose = "services:\n  a:\n    image: a:1\n    env_file: {}\n"
    call = 'module "m" {\n  source = "./m"\n}\n'
    yield Attack("beside-dockerignore-pipe", lambda: {"Dockerfile": copies}, fifos=(".dockerignore",))
    yield Attack(
        "beside-dockerignore-device", lambda: {"Dockerfile": copies}, links=((".dockerignore", "/dev/zero"),)
    )
    yield Attack(
        "beside-dockerignore-stars",
        lambda: {
            "Dockerfile": copies + f"COPY {'a' * 200} /x\n" * 50,
            ".dockerignore": "**/" * 1_000 + "x\n" + "*a" * 40 + "b\n" + "[" * 10_000,
        },
    )
    yield Attack(
        "beside-dockerignore-long",
        lambda: {
            "Dockerfile": copies + "".join(f"COPY f{n} /x\n" for n in range(1_000)),
            ".dockerignore": "".join(f"**/x{n}*y\n" for n in range(100_000)),
        },
    )
    yield Attack("beside-env-pipe", lambda: {"x.compose.yaml": compose.format("pipe")}, fifos=("pipe",))
    yield Attack(
        "beside-env-device", lambda: {"x.compose.yaml": compose.format("z")}, links=(("z", "/dev/zero"),)
    )
    yield Attack("beside-env-nul", lambda: {"x.compose.yaml": compose.format('"a\\0b"')})
    yield Attack(
        "beside-module",
        lambda: {"main.tf": call, "m/x.txt": ""},
        fifos=("m/p.tf", "q.tf"),
        links=(("m/main.tf", "/etc/passwd"), ("m/z.tf", "/dev/zero"), ("r", "/")),
    )
    yield Attack(
        "beside-module-tree",
        lambda: {
            f"l{n}/main.tf": "".join(f'module "m{k}" {{\n  source = "../l{n + 1}"\n}}\n' for k in range(30))
            for n in range(7)
        },
    )
    yield Attack(
        "beside-variables-that-double",
        lambda: {
            "bad.yaml": POD
            + "      env:\n"
            + "".join(f'        - {{name: A{n}, value: "$(A{n - 1})$(A{n - 1})x"}}\n' for n in range(3_000))
        },
    )
    for name, value in (("digits", "9" * 300_000), ("small", "0." + "0" * 300_000 + "1m")):
        limits = f"      resources: {{limits: {{memory: '{value}', nvidia.com/gpu: '{value}'}}}}\n"
        yield Attack(f"beside-quantity-{name}", lambda limits=limits: {"bad.yaml": POD + limits})  # type: ignore[misc]


def by_command() -> Parts:
    flaw = {"bad.yaml": POD + "      securityContext: {privileged: true}\n"}
    yield (
        "gitignore-regex",
        {
            **flaw,
            ".gitignore": "[a-" * 30_000
            + "\n"
            + "**/" * 20_000
            + "\n"
            + "*" * 50_000
            + "x\n"
            + "?*" * 20_000
            + "\n"
            + "\\" * 50_000
            + "\n",
        },
    )
    yield (
        "gitignore-deep",
        {
            **{f"{'a/' * 60}{n}.yaml": flaw["bad.yaml"] for n in range(5)},
            ".gitignore": "a*/**/a*/**/a*/**/a*/**/b\n" * 200 + "**/a/**/a/**/a/**/a/**/z\n" * 200,
        },
    )
    yield "gitignore-negations", {**flaw, ".gitignore": "".join(f"!x{n}\nx{n}\n" for n in range(20_000))}
    yield (
        "dockerignore-stars",
        {
            "Dockerfile": "FROM a:latest\nCOPY . /\n",
            ".dockerignore": "**/" * 300 + "*a*a*a*a*b\n" + "!**/**/**/*\n" * 500,
            **{f"{'a' * 60}{n}": "" for n in range(100)},
        },
    )
    yield (
        "suppress-lines",
        {
            "bad.yaml": POD
            + "".join(f"      # tarecheck: ignore[rule-{n}] -- because\n" for n in range(40_000))
        },
    )
    yield (
        "suppress-blocks",
        {
            "bad.yaml": POD
            + "      # tarecheck: ignore-start[privileged-container]\n" * 20_000
            + "      a: b\n"
        },
    )
    yield (
        "suppress-words",
        {
            "bad.yaml": POD
            + "      # tarecheck: ignore["
            + "a" * 500_000
            + "] until="
            + "9" * 100_000
            + " by="
            + "b" * 100_000
            + " -- "
            + "c" * 500_000
            + "\n",
            "Dockerfile": "FROM a:latest\n# hadolint ignore=" + "DL3002 " * 50_000 + "\nUSER root\n",
            "bad.tf": "#checkov:skip="
            + "A" * 200_000
            + ":b\n#tfsec:ignore:"
            + "*" * 100_000
            + "\n#trivy:ignore:"
            + "a[" * 50_000
            + "\n"
            + BUCKET.format('acl = "public-read"'),
        },
    )
    yield (
        "suppress-many-findings",
        {
            "bad.yaml": "".join(
                f"---\n{POD.replace('name: p', f'name: p{n}')}      securityContext: {{privileged: true}} # tarecheck: ignore[privileged-container] -- x{n}\n"
                for n in range(4_000)
            )
        },
    )
    yield (
        "annotations-many",
        {
            "bad.yaml": "".join(
                f"---\n{POD.replace('{name: p}', f'{{name: p{n}, annotations: {{tarecheck.dev/ignore.privileged-container: x, checkov.io/skip1: CKV_K8S_16=y}}}}')}"
                for n in range(4_000)
            )
        },
    )
    yield (
        "git-index-links",
        {
            **flaw,
            ".git/HEAD": "ref: refs/heads/main\n",
            ".git/config": "[include]\n\tpath = ../../../../etc/passwd\n[core]\n\tfsmonitor = touch /tmp/pwned-by-a-scan\n\tworktree = /\n\thooksPath = .\n",
        },
    )
    yield (
        "git-directories",
        {
            **flaw,
            ".git/HEAD/x": "",
            ".git/objects/pack/x.pack": b"PACK" + b"\xff" * 1_000,
            ".git/refs/heads/main": "0" * 1_000_000,
        },
    )
