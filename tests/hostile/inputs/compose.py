"""Compose files and what they are put together from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import TOLD, Attack, Parts


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str], *, told: bool = False) -> Attack:
        return Attack(f"compose-{name}", lambda: {"compose.yaml": make()}, told)

    app = "services:\n  app:\n    image: app:latest\n"
    yield one("extends-itself", lambda: app + "    extends: {service: app}\n")
    yield one(
        "extends-circle",
        lambda: "services:\n  a: {extends: b}\n  b: {extends: {service: c}}\n  c: {extends: a}\n",
    )
    yield one(
        "extends-row",
        lambda: (
            app + "".join(f"  s{n}: {{extends: {{service: s{n + 1}}}, image: x}}\n" for n in range(3_000))
        ),
    )
    yield one(
        "extends-outside",
        lambda: (
            app
            + "    extends: {file: ../../../../../etc/passwd, service: x}\n    env_file: [/etc/passwd, ../../../../etc/shadow]\ninclude: [/etc/passwd, ../../..]\n"
        ),
    )
    yield one("interpolation", lambda: app + "    command: " + "${A:-" * 20_000 + "x" + "}" * 20_000 + "\n")
    yield one("interpolation-open", lambda: app + "    command: " + "${A:-" * 100_000 + "\n")
    yield one("interpolation-dollars", lambda: app + "    command: " + "$" * 500_000 + "\n")
    yield one(
        "many-services",
        lambda: (
            "services:\n"
            + "".join(f"  s{n}: {{image: 'x:latest', privileged: true}}\n" for n in range(3_000))
        ),
    )
    yield one(
        "depends-circle",
        lambda: (
            "services:\n"
            + "".join(
                f"  s{n}: {{image: x, depends_on: [s{(n + 1) % 500}, s{(n + 7) % 500}]}}\n"
                for n in range(500)
            )
        ),
    )
    yield one(
        "ports",
        lambda: (
            app
            + "    ports: ['1-65535:1-65535', '99999999999:1', ':::', '[::]:1:1', '"
            + "1:" * 50_000
            + "', '"
            + "9" * 5_000
            + "', 1e400, .nan, {target: x}]\n"
        ),
    )
    yield one(
        "volumes",
        lambda: app + "    volumes: [':', '::', '" + "a:" * 100_000 + "', {type: bind}, null, 5, '/:/:ro']\n",
    )
    yield one(
        "alias-bomb",
        lambda: (
            app
            + "x0: &a0 [x]\n"
            + "".join(f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
        ),
        told=True,
    )
    yield one(
        "merge-row",
        lambda: (
            "x-0: &a0 {privileged: true}\n"
            + "".join(f"x-{n}: &a{n}\n  <<: *a{n - 1}\n" for n in range(1, 900))
            + "services:\n  app:\n    <<: *a899\n    image: x\n"
        ),
    )


def by_command() -> Parts:
    app = "services:\n  app:\n    image: a:latest\n"
    yield (
        "compose-interpolation-forms",
        {
            "compose.yaml": app
            + "    command: '"
            + "${A?b}${C:?d}${E-f}${G+h}$$${I:-${J:-${K}}}" * 8_000
            + "'\n"
        },
    )
    yield (
        "compose-env-file-growth",
        {
            "compose.yaml": app + "    env_file: [a.env]\n    command: $A40\n",
            ".env": "A0=xxxxxxxx\n" + "".join(f"A{n}=$A{n - 1}$A{n - 1}$A{n - 1}\n" for n in range(1, 60)),
            "a.env": "".join(f"B{n}=${{B{n - 1}}}${{B{n - 1}}}\n" for n in range(5_000)),
        },
    )
    yield "compose-env-huge", {"compose.yaml": app, ".env": "A=" + "x" * 20_000_000 + "\n"}
    yield (
        "compose-env-quotes",
        {
            "compose.yaml": app + "    command: $A\n",
            ".env": "A='" + "\\'" * 200_000 + '\nB="' + "$" * 200_000 + "\n",
        },
    )
    yield (
        "compose-include-circle",
        {
            "compose.yaml": "include: [a.yaml]\n" + app,
            "a.yaml": "include: [compose.yaml, b.yaml]\nservices: {x: {image: a}}\n",
            "b.yaml": "include: [a.yaml]\nservices: {}\n",
        },
    )
    yield (
        "compose-include-many",
        {
            "compose.yaml": "include:\n" + "".join(f"- i{n}/compose.yaml\n" for n in range(400)) + app,
            **{
                f"i{n}/compose.yaml": f"services: {{s{n}: {{image: 'a:latest', privileged: true}}}}\n"
                for n in range(400)
            },
        },
    )
    yield (
        "compose-include-chain",
        {
            "compose.yaml": "include: [c0.yaml]\n" + app,
            **{
                f"c{n}.yaml": f"include: [c{n + 1}.yaml]\nservices: {{s{n}: {{image: a}}}}\n"
                for n in range(300)
            },
        },
    )
    yield (
        "compose-include-device",
        {"compose.yaml": "include: [/dev/zero, ../../../dev/random, pipe.yaml]\n" + app},
        {"fifos": ("pipe.yaml",)},
    )
    yield (
        "compose-extends-files",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{extends: {{file: e{n % 50}.yaml, service: x}}}}\n" for n in range(3_000)),
            **{
                f"e{n}.yaml": f"services: {{x: {{extends: {{file: e{(n + 1) % 50}.yaml, service: x}}, privileged: true}}}}\n"
                for n in range(50)
            },
        },
    )
    yield (
        "compose-ports-odd",
        {
            "compose.yaml": app
            + "    ports: ['0-99999999999:1', '1-65535', '-1:-1', ':::80', '[::1]:80:80', '1e9', {published: 1e400, target: -1}, [1], null, '"
            + "9" * 50_000
            + "']\n"
        },
    )
    yield (
        "compose-sizes",
        {
            "compose.yaml": app
            + "    mem_limit: 1e400gb\n    shm_size: "
            + "9" * 50_000
            + "\n    cpus: 0x"
            + "f" * 1_000
            + "\n    deploy: {replicas: 1e99, resources: {reservations: {devices: [{count: 1e99, capabilities: [gpu]}, {count: "
            + "9" * 5_000
            + ", capabilities: [[gpu]]}]}}}\n"
        },
    )
    yield (
        "compose-durations",
        {
            "compose.yaml": app
            + "    healthcheck: {interval: 1"
            + "h1" * 50_000
            + "s, timeout: -1e99s, retries: .inf, test: [CMD, "
            + "a, " * 50_000
            + "]}\n"
        },
    )
    yield (
        "compose-secrets-many",
        {
            "compose.yaml": app
            + "    secrets: ["
            + ", ".join(f"s{n}" for n in range(30_000))
            + "]\nsecrets:\n"
            + "".join(f"  s{n}: {{file: ./f{n}}}\n" for n in range(30_000))
        },
    )
    yield (
        "compose-networks-many",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{image: a, networks: [n{n}, n{n + 1}], volumes: ['v{n}:/x'], depends_on: [a{(n + 1) % 6000}]}}\n"
                for n in range(6_000)
            )
            + "networks:\n"
            + "".join(f"  n{n}: {{}}\n" for n in range(6_000))
            + "volumes:\n"
            + "".join(f"  v{n}: {{}}\n" for n in range(6_000))
        },
    )
    yield (
        "compose-reset-tags",
        {
            "compose.yaml": app + "    ports: !reset []\n    environment: !override {A: b}\n",
            "compose.override.yaml": "services:\n  app:\n    ports: !reset " + "[" * 500 + "]" * 500 + "\n",
        },
    )
    yield (
        "compose-profiles",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{image: 'a:latest', profiles: [p{n}], privileged: true}}\n" for n in range(5_000)
            )
        },
    )
    for name, many in {"": 1, "-elsewhere": 2}.items():
        base = "image: a, environment: {" + ", ".join(f"A{n}: b" for n in range(5_000)) + "}"
        file = "file: b.yaml, " if name else ""
        yield (
            f"compose-extends-wide{name}",
            {
                "compose.yaml": f"services:\n  base: {{{base}}}\n"
                + "".join(f"  s{n}: {{extends: {{{file}service: base}}}}\n" for n in range(3_000 // many)),
                "b.yaml": f"services:\n  base: {{{base}}}\n",
            },
            TOLD,
        )
    yield (
        "compose-env-file-of-all",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{image: a, env_file: big.env}}\n" for n in range(500)),
            "big.env": "".join(f"PASSWORD{n}=hunter2hunter2\n" for n in range(5_000)),
        },
    )
    yield (
        "compose-dockerfile-of-all",
        {
            "compose.yaml": "services:\n"
            + "".join(f"  s{n}: {{build: {{context: ., target: t{n % 5}}}}}\n" for n in range(2_000)),
            "Dockerfile": "FROM a:latest AS t0\n" + "RUN x\n" * 2_000,
        },
    )
    yield "compose-stack-blank", {"stack.yaml": "services:\n  a:\n" + "\n" * 3_000_000 + "    image: b\n"}
    yield (
        "compose-links",
        {"compose.yaml": app + "    env_file: [a.env, d/c.env]\n"},
        {"links": ((".env", ".env"), ("a.env", "b.env"), ("b.env", "a.env"), ("d", "d"))},
    )
    yield "compose-documents", {"compose.yaml": (app + "---\n") * 5_000}
    yield (
        "compose-build",
        {
            "compose.yaml": "services:\n"
            + "".join(
                f"  a{n}: {{build: {{context: ./c{n}, dockerfile_inline: 'FROM a:latest', args: {{A: b}}}}}}\n"
                for n in range(3_000)
            )
        },
    )
    yield (
        "compose-types-odd",
        {
            "compose.yaml": "services: {a: [], b: null, c: 5, d: {image: [], ports: {a: b}, environment: 5, volumes: x, deploy: [], build: [1], healthcheck: 1e9, gpus: {}, command: {a: b}}}\nnetworks: []\nvolumes: 5\nname: {}\n"
        },
    )
