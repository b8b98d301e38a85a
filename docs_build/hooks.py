"""What mkdocs calls: adds the generated pages to the site, fills in tables, takes README's neighbours in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # mkdocs loads this file by its path

from mkdocs.structure.files import File, Files  # noqa: E402

from docs_build.site import fill, pages  # noqa: E402


def on_files(files: Files, config: Any) -> Files:
    """Generated pages stand beside the written ones; nothing is written to the docs folder."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    return fill(markdown)
