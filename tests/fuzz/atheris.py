"""Coverage-guided fuzzing by hand: `python -m tests.fuzz.atheris NAME SECONDS`, with atheris installed (`.[fuzz]`).

NAME is one of `tests.fuzz.targets.TARGETS`. Each failure is printed once with the file that shows it, and the run
goes on. What it finds becomes a case of `tests/fuzz/test_found.py`.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["linter"]):
    from linter.text import decode
    from tests.fuzz.__main__ import ROOT, seeds
    from tests.fuzz.targets import TARGETS

    SEEDS = [text for _, text in seeds(ROOT / "fixtures")]
    for text in SEEDS:  # what is imported late is instrumented, too
        TARGETS[sys.argv[1]](text)

from tests.fuzz.mutate import TOKENS
from tests.hostile.test_wrong_types import PLAN

SLOWEST = 20  # seconds for one text


def main() -> None:
    name, seconds = sys.argv[1], int(sys.argv[2])
    target = TARGETS[name]
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    seen: set[str] = set()

    def run(data: bytes) -> None:
        text = decode("x", data).text
        try:
            target(text)
        except Exception as error:  # noqa: BLE001 - each is a finding
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} at {last.filename}:{last.lineno}"
            if where not in seen:
                seen.add(where)
                (folder / f"found-{len(seen)}").write_text(text, encoding="utf-8", errors="surrogatepass")
                print(f"{folder}/found-{len(seen)}: {where}: {str(error)[:200]}", flush=True)

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, text in enumerate([*more(name), *SEEDS]):
        (corpus / f"seed-{number}").write_text(text[:4_000], encoding="utf-8")
    words = folder / "words"
    words.write_text("".join(f'"{_quoted(token)}"\n' for token in TOKENS), encoding="utf-8")
    options = (f"-max_total_time={seconds}", f"-timeout={SLOWEST}", "-max_len=4000", f"-dict={words}")
    atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix={folder}/", *options], run)
    atheris.Fuzz()


def more(name: str) -> list[str]:
    """Texts to begin with that the fixtures do not have."""
    if name == "plan":
        return [json.dumps(PLAN)]
    if name == "cel":
        rules = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").rglob("*.yaml"))]
        return [
            found for text in rules for found in re.findall(r"^(?:when|message): (.+)$", text, re.MULTILINE)
        ]
    return []


def _quoted(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
