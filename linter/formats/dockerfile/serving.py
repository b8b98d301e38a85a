"""What a container that starts is: a server without a login, a development server; which product a port belongs to.

Ports and defaults from each product's documentation, as of 2026-11:
TorchServe management and metrics (pytorch.org/serve), MLflow (mlflow.org/docs: no authentication unless the basic-auth
app runs), TensorBoard (no authentication), Dask scheduler and dashboard, Ollama, ComfyUI, Qdrant, Redis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.model import fact
from linter.formats.shell.command import Command

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

# port -> (product, words of which one names it in the image, the packages or the command)
ADMIN_PORTS: dict[int, tuple[str, tuple[str, ...]]] = {
    8081: ("TorchServe management", ("torchserve",)),
    8082: ("TorchServe metrics", ("torchserve",)),
    5000: ("MLflow", ("mlflow",)),
    6006: ("TensorBoard", ("tensorboard",)),
    8786: ("Dask scheduler", ("dask",)),
    8787: ("Dask dashboard", ("dask",)),
    11434: ("Ollama", ("ollama",)),
    8188: ("ComfyUI", ("comfyui",)),
    6333: ("Qdrant", ("qdrant",)),
    6379: ("Redis", ("redis",)),
}
_AUTH_SWITCHES = (
    "requirepass",
    "basic-auth",
    "api_key",
    "api-key",
    "QDRANT__SERVICE__API_KEY",
    "--password",
)
_JUDGED = frozenset(
    ("mlflow", "tensorboard", "dask")
)  # programs of which `unauthenticated` knows how they listen
_ALL = ("0.0.0.0", "::", "[::]", "*")  # noqa: S104 - what is looked for


def admin_product(stage: Stage, port: object) -> str:
    """The product whose management port this is, in a stage that has it without authentication; else empty."""
    if not isinstance(port, int) or port not in ADMIN_PORTS:
        return ""
    product, words = ADMIN_PORTS[port]
    names = (stage.base.written, stage.start_line, *(package.name for package in stage.packages))
    haystack = " ".join(name for name in names if isinstance(name, str)).lower()
    if not any(word in haystack for word in words):
        return ""
    started = {command.type_key.partition("-")[0] for command in stage.start}
    if stage.final and not _JUDGED.isdisjoint(started.intersection(words)):
        return ""  # how it listens is what ml-server-no-auth is about
    switches = " ".join([stage.start_line, *stage.effective.env])
    return "" if any(word in switches for word in _AUTH_SWITCHES) else product


def unauthenticated(command: Command) -> str:
    """The server that a command opens to the network without a login; empty when it is none."""
    tool, options = command.type_key, {flag.name: flag.content for flag in command.flags}
    bound = any(options.get(name) in _ALL for name in ("host", "h", "ip", "dashboard-address", "listen"))
    if tool == "tensorboard":
        return "TensorBoard" if bound or "bind_all" in options else ""
    if tool == "mlflow" and command.does("server", "ui"):
        return "MLflow" if bound and "basic-auth" not in options.get("app-name", "") else ""
    if tool == "torchserve":
        return "TorchServe" if "disable-token-auth" in options or "disable-token" in options else ""
    if (
        tool in ("python", "comfy")
        and "listen" in options
        and (
            "comfy" in command.line.lower()
            or (command.operands[:1] and (command.operands[0].content.endswith("main.py")))
        )
    ):
        return "ComfyUI" if options["listen"] in ("", *_ALL) else ""
    if tool in ("dask-scheduler", "dask") and bound:
        return "Dask"
    return "Gradio" if "share=True" in command.line else ""


def development(command: Command) -> bool:
    """Whether a command runs a server that is made for development."""
    tool, words = command.type_key, [token.content for token in command.operands]
    if tool in ("npm", "yarn", "pnpm", "bun"):
        script = words[1] if words[:1] == ["run"] and len(words) > 1 else words[0] if words else ""
        return script in ("dev", "preview", "start:dev", "serve:dev")
    if tool in ("vite", "nodemon", "webpack-dev-server", "next") or (tool == "npx" and words[:1] == ["vite"]):
        return tool != "next" or words[:1] == ["dev"]
    if tool == "fastapi":
        return words[:1] == ["dev"] or command.has_flag("reload")
    if tool in ("uvicorn", "gunicorn", "hypercorn", "granian"):
        return command.has_flag("reload")
    if tool == "flask":
        return words[:1] == ["run"] or command.has_flag("debug")
    return tool == "python" and any(word.endswith("manage.py") for word in words) and "runserver" in words


class Started(Command):
    """A command that a container starts."""

    def __init__(self, command: Command, stage: Stage) -> None:
        self.__dict__.update(command.__dict__)
        self.stage = stage

    @fact
    def unauthenticated(self) -> str:
        """The server that it opens to the network without a login; empty when it is none."""
        return unauthenticated(self)

    @fact
    def development(self) -> bool:
        """Whether it runs a server that is made for development."""
        return development(self)
