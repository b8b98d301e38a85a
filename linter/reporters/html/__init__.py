"""HTML for a security review: one file that needs no network and that no scanned text can turn against its reader."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TextIO

from linter.finding import Report
from linter.reporters.html.data import payload
from linter.reporters.html.page import body, title
from linter.reporters.options import Options


def write(report: Report, stream: TextIO, options: Options) -> None:
    """The policy names style and script by their hashes: nothing else runs, and nothing is fetched."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    stream.write(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title(report, options)}</title>\n<style>{style}</style>\n</head>\n"
    )
    stream.writelines(f"{line}\n" for line in body(report, options))
    stream.write(f'<script type="application/json" id="data">{payload(report)}</script>\n')
    stream.write(f"<script>{script}</script>\n</body>\n</html>\n")


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
