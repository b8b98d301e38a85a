"""What is known about base images and about what a container starts, from a dated table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.image import ImageRef, is_unknown
from linter.formats.image_users import own_user
from linter.formats.shell.command import Command
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage
    from linter.formats.model import Model

_TABLE = Path(__file__).parent.parent / "data" / "base-images.csv"
# program or Python module -> the server that it starts
_SERVERS: Sequence[tuple[str, str]] = (
    ("vllm", "vllm"),
    ("text-generation-launcher", "tgi"),
    ("text-embeddings-router", "tei"),
    ("tritonserver", "triton"),
    ("torchserve", "torchserve"),
    ("sglang", "sglang"),
    ("tensorflow_model_server", "tfserving"),
    ("jupyter", "jupyter"),
    ("jupyter-lab", "jupyter"),
    ("jupyterhub", "jupyter"),
    ("jupyter-notebook", "jupyter"),
    ("start-notebook", "jupyter"),
    ("ollama", "ollama"),
    ("trtllm-serve", "trtllm"),
    ("lmdeploy", "lmdeploy"),
    ("bentoml", "bentoml"),
    ("mlserver", "mlserver"),
    ("seldon-core-microservice", "seldon"),
    ("uvicorn", "uvicorn"),
    ("gunicorn", "gunicorn"),
    ("hypercorn", "uvicorn"),
    ("fastapi", "uvicorn"),
    ("ray", "ray"),
)
_SERVER_NAMES = dict(_SERVERS)
WEB_SERVERS = frozenset(("uvicorn", "gunicorn"))  # serve whatever somebody wrote
FRAMEWORKS = frozenset(
    (
        *(
            "torch",
            "torchvision",
            "torchaudio",
            "vllm",
            "transformers",
            "tensorflow",
            "tensorflow-cpu",
            "jax",
            "keras",
        ),
        *(
            "sglang",
            "diffusers",
            "sentence-transformers",
            "optimum",
            "onnxruntime",
            "onnxruntime-gpu",
            "openvino",
        ),
        *(
            "accelerate",
            "peft",
            "xgboost",
            "lightgbm",
            "scikit-learn",
            "faster-whisper",
            "llama-cpp-python",
            "ultralytics",
        ),
    )
)
_CUDA_TAG = lazy_regex(r"cuda[-_]?(\d{1,9})\.(\d{1,9})|^(\d{1,9})\.(\d{1,9})(?:\.\d+)?(?:-|$)", re.IGNORECASE)
# what a tag calls the distribution below a language or CUDA, as the table has it
_BELOW = lazy_regex(r"ubuntu\d+\.\d+|bionic|focal|jessie|stretch|buster|bullseye|alpine3\.\d+|centos\d+")
_WHEEL = lazy_regex(r"(?:[/+-]|^)cu(\d{2})(\d)(?:\b|/|$|[-.])")
_CUDA_PACKAGE = lazy_regex(
    r"cuda-(?:toolkit|libraries|libraries-dev|runtime|nvcc|compiler|cudart|cudart-dev|command-line-tools)-(\d+)-(\d+)"
)


@cache
def _rows() -> dict[str, tuple[tuple[str, str], ...]]:
    """By kind the expressions for name and tag."""
    result: dict[str, list[tuple[str, str]]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        if line and not line.startswith("#"):
            kind, image, tag, _, _ = line.split(",", 4)
            result.setdefault(kind, []).append((_glob(image), _glob(tag)))
    return {kind: tuple(rows) for kind, rows in result.items()}


def _glob(pattern: str) -> str:
    parts = re.split(r"(\*|\?|\[[^\]]*\])", pattern)
    return "".join(
        ".*" if part == "*" else "." if part == "?" else part if part.startswith("[") else re.escape(part)
        for part in parts
    )


_ANY_IMAGE = _glob("docker.io/*")  # of which the tag names a distribution
_expression = cache(re.compile)  # few of them are needed in a run


@cache
def _any_name(kind: str) -> re.Pattern[str]:
    """All names of a kind in one expression."""
    return re.compile("|".join(dict.fromkeys(name for name, _ in _rows().get(kind, ()))) or "(?!)")


def _matches(kind: str, image: ImageRef) -> Any:
    if is_unknown(image.full_name):
        return UNKNOWN
    found = _listed(kind, image.full_name, None if is_unknown(image.tag) else image.tag or "latest")
    return UNKNOWN if found is None else found


@lru_cache(maxsize=4096)
def _listed(kind: str, full_name: str, tag: str | None) -> bool | None:
    """Whether an image is in the table under a kind; None when that hangs on a tag that is not known."""
    if _any_name(kind).fullmatch(full_name) is None:
        return False  # nearly always
    unknown = False
    for name, tags in _rows().get(kind, ()):
        if not _expression(name).fullmatch(full_name):
            continue
        if tags == ".*":
            return True
        if tag is None:
            unknown = True
        elif _expression(tags).fullmatch(tag):
            return True
    return None if unknown else False


def is_ai(image: ImageRef) -> Any:
    """Whether the image is one of the AI bases; UNKNOWN when its name is not known."""
    return False if _matches("plain", image) is True else _matches("ai", image)


def is_gpu(image: ImageRef) -> Any:
    """Whether the image is made for accelerators."""
    return False if _matches("plain", image) is True else _matches("gpu", image)


def brings_cuda_packages(image: ImageRef) -> bool:
    """Whether the image has its CUDA from packages of the distribution, which an upgrade moves."""
    return is_gpu(image) is True and _matches("wheels", image) is False


def is_devel(image: ImageRef) -> Any:
    """Whether the image is a development flavour."""
    if is_unknown(image.tag) and "devel" in image.written.rpartition(":")[2] and is_gpu(image) is True:
        return True
    return _matches("devel", image)


def is_nonroot(image: ImageRef) -> Any:
    """Whether the image is known to start as a user other than root."""
    name = None if is_unknown(image.full_name) else image.full_name
    found = own_user(name, None if is_unknown(image.tag) else image.tag or "")
    if found is not True and image.unowned is True:
        return UNKNOWN  # the Dockerfile that it was built from says it
    return UNKNOWN if found is None else found


def is_rootful(image: ImageRef) -> Any:
    """Whether what the image is for needs root."""
    return _matches("rootful", image)


def drops_root(image: ImageRef) -> Any:
    """Whether the image's own entrypoint starts as root to leave it."""
    return _matches("drops", image)


def has_workdir(image: ImageRef) -> Any:
    """Whether the image's documentation says which working directory it sets."""
    return _matches("workdir", image)


def environment(image: ImageRef) -> dict[str, str]:
    """Variables that the image is known to set."""
    kinds = (kind for kind in _rows() if kind.startswith("env:"))
    pairs = (kind.removeprefix("env:").partition("=") for kind in kinds if _matches(kind, image) is True)
    return {name: value for name, _, value in pairs}


def architecture(image: ImageRef) -> Any:
    """The one architecture that the image is made for by its name, as in `arm64v8/`; empty when that says none."""
    if is_unknown(image.full_name):
        return UNKNOWN
    kinds = (kind for kind in _rows() if kind.startswith("arch:"))
    return next((kind.partition(":")[2] for kind in kinds if _matches(kind, image) is True), "")


def is_loose_cuda(image: ImageRef) -> Any:
    """Whether the image is CUDA under a tag without its patch version, so that it moves with each patch."""
    if is_unknown(image.full_name) or not image.full_name.endswith("nvidia/cuda"):
        return False
    if is_unknown(image.tag):
        return UNKNOWN
    return image.digest is None and re.match(r"\d+\.\d+\.\d+", image.tag or "") is None


def is_end_of_life(image: ImageRef) -> Any:
    """Whether the image, or the distribution named in its tag, gets no more security fixes."""
    return False if image.tag is None and image.digest is not None else _matches("eol", image)


def ended_below(image: ImageRef) -> Any:
    """The distribution named in the tag of an image, where that has ended and not the program in the image; empty:
    the image itself has, or nothing has."""
    ended = is_end_of_life(image)
    if ended is not True or is_unknown(image.tag):
        return UNKNOWN if ended is UNKNOWN else ""
    found = _BELOW.search(image.tag or "")
    own = (
        name
        for name, tags in _rows()["eol"]
        if name != _ANY_IMAGE and _expression(name).fullmatch(image.full_name)
        if _expression(tags).fullmatch(image.tag or "")
    )
    return found[0] if found is not None and next(own, None) is None else ""


def server(start: Sequence[Command], base: ImageRef) -> str:
    """The model server that commands start; else the one that the base image is made of; else empty."""
    for command in start:
        name = (
            command.type_key.rsplit(".", 1)[0] if command.type_key.startswith("start-") else command.type_key
        )
        if name.endswith("openai.api_server") or name.startswith("vllm."):
            return "vllm"
        if name.startswith("sglang."):
            return "sglang"
        if name in ("ray", "serve") and not command.does("start", "run", "deploy"):
            continue
        found = _SERVER_NAMES.get(name)
        if found:
            return found
    if start:
        return ""
    for part, found in (("vllm/vllm-openai", "vllm"), ("tritonserver", "triton"), ("text-generation-inference", "tgi"),
                        ("lmsysorg/sglang", "sglang"), ("pytorch/torchserve", "torchserve"),
                        ("ollama/ollama", "ollama")):  # fmt: skip
        if not is_unknown(base.full_name) and part in base.full_name:
            return found
    return ""


def cuda_versions(stage: Stage) -> Iterator[tuple[str, Model]]:
    """CUDA versions (major.minor) that the layers of a stage were made for, each with what says so."""
    yield from _of_image(stage)
    for one in stage.chain:
        for run in one.runs:
            for install in run.installs:
                for flag in install.command.flags:
                    found = (
                        _WHEEL.search(flag.content)
                        if "index" in flag.name or flag.name in ("i", "f", "find-links")
                        else None
                    )
                    if found:
                        yield f"{found.group(1)}.{found.group(2)}", flag
                for package in install.packages:
                    version = _of_package(package)
                    if version:
                        yield version, package


def _of_image(stage: Stage) -> Iterator[tuple[str, Model]]:
    image = stage.base
    if is_unknown(image.full_name) or not isinstance(image.tag, str):
        return
    if image.full_name.endswith("nvidia/cuda") or "cuda" in image.tag:
        found = _CUDA_TAG.search(image.tag)
        if found and (image.full_name.endswith("nvidia/cuda") or found.group(1)):
            yield f"{found.group(1) or found.group(3)}.{found.group(2) or found.group(4)}", image


def _of_package(package: Any) -> str | None:
    if package.manager in ("pip", "uv"):
        found = re.search(r"\+cu(\d{2})(\d)\b", package.content)
        return f"{found.group(1)}.{found.group(2)}" if found else None
    if is_unknown(package.name):
        return None
    if package.manager == "conda" and package.name == "pytorch-cuda":
        found = (
            re.match(r"(\d{1,9})\.(\d{1,9})", package.version) if isinstance(package.version, str) else None
        )
        return f"{found.group(1)}.{found.group(2)}" if found else None
    if package.manager in ("apt", "yum", "dnf"):
        found = _CUDA_PACKAGE.fullmatch(package.name)
        return f"{found.group(1)}.{found.group(2)}" if found else None
    return None
