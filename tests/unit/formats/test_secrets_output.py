"""No output of the command line shows a secret whole, whatever the format of the file and of the report."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from linter.cli import cli
from linter.formats import secrets
from linter.formats.secrets import classify, redact, sample
from linter.formats.secrets import table as secrets_table
from linter.formats.secrets.text import _is_harmless, _masked
from linter.reporters import REPORTERS

# values on one line that need no quotes of their own, so that every file stays readable
KINDS = [kind for kind in secrets.kinds() if not set(sample(kind, 1)) & set("\"'\n #{}\\`")]


def _name(kind: str) -> str:
    names = secrets_table.by_kind()[kind].names
    return names[0].replace("-", "_").upper() if names else "MY_SECRET_" + kind.replace("-", "_").upper()


def _tree(folder: Path) -> dict[str, str]:
    """Files of every format with one secret of each kind; the secret parts by kind."""
    values = {kind: sample(kind, 1) for kind in KINDS}
    named = [(_name(kind), value) for kind, value in values.items()]
    short = [(name, value) for name, value in named if "\n" not in value]
    (folder / "Dockerfile").write_text(
        "FROM alpine:latest\n"
        + "".join(f"ENV {name}={value}\nARG {name}2={value}\n" for name, value in named)
        + "".join(f"RUN export {name}={value} && curl -k https://example.org\n" for name, value in named)
        + "".join(f"ENV {name} {value}\n" for name, value in short)  # which is rewritten
        + "USER root\n"
    )
    (folder / "compose.yaml").write_text(
        "services:\n  app:\n    image: app\n    privileged: true\n    environment:\n"
        + "".join(f"      {name}: {value}\n" for name, value in dict(named).items())
    )
    (folder / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: app\n"
        "    securityContext: {privileged: true}\n    env:\n"
        + "".join(f"    - name: {name}\n      value: {value}\n" for name, value in named)
        + "".join(f"    - {{value: '{value}', name: {name}}}\n" for name, value in short)
        + "".join(
            f"    - name: {name}\n      value: |-\n        {value}\n"
            for name, value in named
            if "\n" not in value
        )
        + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n"
        + "".join(f"  {name}: {value}\n" for name, value in dict(named).items())
    )
    (folder / "main.tf").write_text(
        'resource "aws_instance" "x" {\n'
        + "".join(f'  {name.lower()} = "{value}"\n' for name, value in dict(named).items())
        + "}\n"
    )
    hidden = {}
    for kind, value in values.items():
        found = classify(_name(kind), value)
        assert found is not None, kind
        hidden[kind] = value[found.start : found.end]
    return hidden


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("tree")
    return folder, _tree(folder)


@pytest.mark.parametrize("reporter", sorted(REPORTERS))
def test_no_report_shows_a_secret(reporter: str, tree: tuple[Path, dict[str, str]]) -> None:
    folder, hidden = tree
    arguments = [
        "scan",
        str(folder),
        "--isolated",
        "--profile",
        "strict",
        "--format",
        reporter,
        "--jobs",
        "1",
    ]
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert len(result.output) > 1000
    assert [kind for kind, value in hidden.items() if value in result.output] == []


_PIECES = [
    *[part for kind in secrets.kinds() for part in (sample(kind, 1), sample(kind, 2)[:12])],
    *[
        "pass",
        "Token",
        "auth",
        "://u:pw1@",
        "%3A%2F%2F",
        "Bearer ",
        "default: ",
        "value=",
        "\\n",
        "=",
        ": ",
        "$",
    ],
]


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=5))
def test_what_is_let_through_at_once_holds_nothing_to_mask(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert not _is_harmless(text) or _masked(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen2.5-Coder-14B-Instruct-AWQ",
        "hf://HuggingFaceTB/SmolLM2-135M-Instruct",
        "TheBloke/Mixtral-8x7B-Instruct-v0.1-GPTQ",
        "nvidia/Llama-3_3-Nemotron-Super-49B-v1",
        "datasets/somebody8231489123/ShareGPT_Vicuna_unfiltered",
    ],
)
def test_names_of_models_are_shown(name: str) -> None:
    assert redact(f"'vllm' loads {name} in whatever version the hub has") == (
        f"'vllm' loads {name} in whatever version the hub has"
    )


def test_random_text_beside_dashes_is_masked() -> None:
    token = "-".join(("aB3", "dE5fG7hI9jK1", "lM3nO5pQ7"))
    assert token not in redact(f"id {token} of a call")
