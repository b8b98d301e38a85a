"""The terminal picture of README and home page: the tool's own output, drawn. `python -m docs_build.picture` writes it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "assets" / "scan.svg"
SHOWN = (
    "scan",
    "fixtures/training-job/pytorchjob.yaml",
    "--select",
    "nproc-gpu-mismatch,gpu-privileged",
)
WIDTH = 122
# black red green yellow blue magenta cyan white, plain and bright
PALETTES = (
    [
        (40, 44, 52),
        (240, 113, 120),
        (152, 195, 121),
        (229, 192, 123),
        (110, 170, 245),
        (198, 140, 230),
        (86, 200, 210),
        (220, 224, 230),
    ],
    [
        (120, 128, 140),
        (255, 135, 140),
        (170, 215, 140),
        (245, 210, 140),
        (130, 190, 255),
        (215, 160, 245),
        (110, 220, 230),
        (255, 255, 255),
    ],
)


def draw() -> str:
    """The SVG: runs the command of the picture, as a terminal shows it."""
    from rich._export_format import CONSOLE_SVG_FORMAT
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    theme = TerminalTheme((24, 28, 34), (220, 224, 230), *PALETTES)
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text("$ tarecheck " + " ".join(SHOWN), style="bold"))
    console.print(Text.from_ansi(_output()))
    # no fonts from the web: a picture must not make a request
    template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    template = template.replace("Fira Code", "ui-monospace")
    return console.export_svg(title="tarecheck", theme=theme, code_format=template, unique_id="tarecheck")


def _output() -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TARECHECK_", "NO_COLOR"))}
    command = [sys.executable, "-m", "linter", *SHOWN, "--isolated", "--color", "always"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 our own command
    if run.returncode != 1:
        raise RuntimeError(f"the scan of the picture ended with {run.returncode}: {run.stderr}")
    return run.stdout.rstrip()


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
