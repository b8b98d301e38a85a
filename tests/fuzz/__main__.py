"""See the package."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from linter.finding import Report
from linter.recipe import Prepared, Recipe
from linter.scan import Request, scan
from linter.text import decode
from linter.unit import Input
from tests.fuzz.mutate import mutated

ROOT = Path(__file__).resolve().parents[2]
SLOW = 5.0  # seconds of CPU for one file


def seeds(folder: Path) -> list[tuple[str, str]]:
    """The files that the fixtures have, by name."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size < 30_000 and path.name != "expected.json":
            try:
                found.append((path.name, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def scanned(name: str, text: str, prepared: Prepared, recipe: Recipe) -> Report:
    source = Input(str(Path(name).absolute()), name, named=True, data=text.encode("utf-8", "surrogatepass"))
    return scan(Request(paths=(), recipe=recipe, stdin=source, jobs=1, render=False, fixes=True), prepared)


def main() -> int:
    """Fuzz for some seconds; every failure is written to a file and named."""
    seconds, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    dice = random.Random(seed)
    files = seeds(Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT / "fixtures")
    texts = [text for _, text in files]
    recipe = Recipe(isolated=True, settings={"profile": "strict"})
    prepared = recipe.prepare()
    end, count, failed = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        name, text = dice.choice(files)
        changed = mutated(text, texts, dice)
        count += 1
        started = time.process_time()
        try:
            report = scanned(name, changed, prepared, recipe)
            wrong = [d.message for d in report.diagnostics if d.internal]
            size = len(decode(name, changed.encode("utf-8", "surrogatepass")).text)
            for finding in report.findings:
                place = finding.location
                if not 0 <= place.start <= place.end <= size:
                    wrong.append(f"{finding.rule}: span {place.start}:{place.end} outside of the text")
        except Exception as error:  # noqa: BLE001 - to be told
            wrong = [f"{type(error).__name__}: {error}"]
        took = time.process_time() - started
        if took > SLOW:
            wrong.append(f"took {took:.1f} s")
        if wrong:
            failed += 1
            kept = Path(f"fuzz-{os.getpid()}-{failed:03}-{name}")
            kept.write_text(changed, encoding="utf-8", errors="surrogatepass")
            print(f"{kept}: {wrong[0][:300]}", flush=True)
    print(f"{count} files, {failed} failures, seed {seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
