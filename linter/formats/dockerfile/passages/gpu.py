"""GPU drivers and CUDA versions that don't belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.dockerfile.bases import brings_cuda_packages, cuda_versions
from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.run import Run
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_DRIVER = lazy_regex(
    r"nvidia-driver-.*|cuda-drivers.*|libnvidia-compute-.*|libcuda1(?:-.*)?|nvidia-dkms-.*|nvidia-utils-.*"
    r"|nvidia-kernel-.*|amdgpu-dkms.*"
    r"|nvidia-headless-.*|kmod-nvidia.*|nvidia-open.*"
)
_RUNFILE = lazy_regex(r"(?<![\w.-])[\w.-]+\.run$")


def driver_installs(run: Run) -> list[Passage]:
    """GPU drivers that are installed."""
    result = [
        Passage(run, package.place().span, "gpu-driver", package.name)
        for package in run.packages
        if package.manager in ("apt", "yum", "dnf", "zypper")
        and isinstance(package.name, str)
        and _DRIVER.fullmatch(package.name)
    ]
    for command in run.commands:
        program = command.words[0].content if command.words else ""
        if _is_runfile(program) and (
            command.has_flag("driver") or not command.has_flag("toolkit", "toolkitpath", "extract", "x")
        ):
            result.append(Passage(run, command.place().span, "gpu-driver", program.rsplit("/", 1)[-1]))
    return result


def _is_runfile(program: str) -> bool:
    """Whether it is an installer of NVIDIA's, of the driver or of CUDA with the driver in it."""
    found = _RUNFILE.search(program)
    return found is not None and ("NVIDIA-Linux-" in found[0] or "_linux" in found[0].partition("cuda_")[2])


def held(stage: Stage) -> bool:
    """Whether packages are held at their versions in a stage."""
    return any(command.type_key == "apt-mark" and command.does("hold") for command in stage.commands)


def gpu_upgrades(stage: Stage) -> list[Passage]:
    """Upgrades of all packages on an accelerator base that holds none of them back."""
    if stage.index < 0 or not brings_cuda_packages(stage.base) or held(stage):
        return []
    return [
        Passage(run, command.place().span, "gpu-upgrade", command.type_key)
        for run in stage.runs
        for command in run.commands
        if command.type_key in ("apt-get", "apt") and command.does("upgrade", "dist-upgrade", "full-upgrade")
    ]


def cuda_mismatches(stage: Stage) -> list[Passage]:
    """What was made for another CUDA version than the base image, or than what came before it."""
    found = list(cuda_versions(stage))
    if not found:
        return []
    first = found[0][0]
    return [
        Passage(stage, model.place().span, "cuda-mismatch", version, first)
        for version, model in found[1:]
        if version.split(".")[0] != first.split(".")[0]
        or tuple(map(int, version.split("."))) > tuple(map(int, first.split(".")))
    ]
