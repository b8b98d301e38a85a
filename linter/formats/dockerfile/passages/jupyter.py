"""Jupyter without a password or as root; code of model repositories that is allowed to run."""

from __future__ import annotations

import re

from linter.formats.dockerfile.instruction import Instruction, parts
from linter.formats.dockerfile.passages.passage import Passage, found_in, mentions, texts_of
from linter.formats.dockerfile.variables import Variable
from linter.patterns import lazy_regex

# an empty password is the default, with which a token is made at start: an empty token opens it
_JUPYTER_OPEN = lazy_regex(
    r"--(?:NotebookApp|ServerApp|IdentityProvider|LabApp|JupyterApp)?\.?token=(?:''|\"\"|\\\"\\\""
    r"|(?=[\s\"',\]&;]|$))"
    r"|c\.(?:NotebookApp|ServerApp|IdentityProvider|LabApp)\.token\s*=\s*u?(?:''|\"\"|\\\"\\\")"
    r"|--(?:NotebookApp|ServerApp|IdentityProvider)\.token(?:\s+|[\"'],\s*)(?:''|\"\")"
    r"|--(?:NotebookApp|ServerApp)\.allow_unauthenticated_access=True|JUPYTER_TOKEN=(?:''|\"\")"
)


_JUPYTER_CROSS = lazy_regex(r"allow_origin\s*=\s*\\?['\"]?\*")


_JUPYTER_XSRF = lazy_regex(r"disable_check_xsrf\s*=\s*True")


_JUPYTER_ROOT = lazy_regex(r"--allow-root\b|\.allow_root\s*=\s*True")


_KUBEFLOW = "NB_PREFIX"  # whose gateway asks for a login, and serves the notebook below this path


_JUPYTER = lazy_regex(r"jupyter|notebook|ServerApp|NotebookApp", re.IGNORECASE)


_REMOTE_CODE = lazy_regex(
    r"--trust[-_]remote[-_]code(?![-_\w])(?!(?:\s*=\s*|\s+)[\"']?(?:false|False|0)\b)|trust_remote_code\s*=\s*True"
)


_COMMIT_REVISIONS = (
    re.compile(r"--revision[= ]+[\"']?[0-9a-f]{40}"),
    re.compile(r"--code-revision[= ]+[\"']?[0-9a-f]{40}"),
)


def jupyter_open(one: Instruction) -> list[Passage]:
    """Where Jupyter's token is switched off."""
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY", "ADD", "ENV"):
        return []
    if not mentions(one, "token", "TOKEN", "allow_") or mentions(one, _KUBEFLOW):
        return []
    result = list(found_in(one, "jupyter-open", _JUPYTER_OPEN, _JUPYTER if one.keyword != "ENV" else None))
    if not result and any(_JUPYTER_XSRF.search(text.text) for text in texts_of(one)):
        result = list(found_in(one, "jupyter-open", _JUPYTER_CROSS, _JUPYTER))
    return result


def jupyter_root(one: Instruction) -> list[Passage]:
    """Where Jupyter is allowed to run as root."""
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY") or not mentions(one, "root"):
        return []
    return list(found_in(one, "jupyter-root", _JUPYTER_ROOT, _JUPYTER))


def remote_code(one: Instruction) -> list[Passage]:
    """Where code of a model repository is allowed to run."""
    if one.keyword == "ENV":
        return [
            Passage(one, variable.span, "remote-code", str(variable.name))
            for variable in parts(one)
            if isinstance(variable, Variable)
            and "TRUST_REMOTE_CODE" in str(variable.name)
            and variable.truthy is True
        ]
    if one.keyword not in ("RUN", "CMD", "ENTRYPOINT", "COPY") or not mentions(one, "trust"):
        return []
    text = re.sub(r"\"\s*,\s*\"", " ", one.raw)
    if all(pattern.search(text) for pattern in _COMMIT_REVISIONS):
        return []
    return list(found_in(one, "remote-code", _REMOTE_CODE))
