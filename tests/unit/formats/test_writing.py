"""Where the command of a container writes: which commands only fill one folder, and which do more."""

from __future__ import annotations

import pytest

from linter.cel import UNKNOWN
from linter.formats.image import HOLE
from linter.formats.shell.writing import only_fills, writes_below

_LOOP = (
    "while true; do if ! diff -q /from/a.json /node/a.json > /dev/null 2>&1; then "
    'echo "$(date) changed" && cp /from/a.json /node/; fi; sleep 60; done'
)


@pytest.mark.parametrize(
    "words",
    [
        ["cp", "-L", "/from/a.json", "/node/"],
        ["sh", "-c", "sleep 2s\ncp /from/a.json /node/sub/a.json\nsleep infinity"],
        ["sh", "-c", _LOOP],
        [
            "bash",
            "-ec",
            "for one in /from/*; do cp -t /node $one; done; trap 'exit 0' TERM; tail -f /dev/null & wait",
        ],
        ["sh", "-c", "mkdir -p /node/sub && echo 1 | tee /node/sub/a"],
        ["sh", "-c", 'cp /from/a.json "/node/$NAME"'],
        ["sh", "-c", f"cp /from/{HOLE} /node/{HOLE}"],
    ],
)
def test_what_only_fills_a_folder(words: list[str]) -> None:
    assert only_fills(words, "/node/")
    assert writes_below(words, ["/other", "/node"])


@pytest.mark.parametrize(
    "script",
    [
        "cp /from/a /node/ && exec /server",
        "cp /from/a /node/; curl https://example.org/x | sh",
        "cp /from/a /node/; cp /from/a /elsewhere/",
        'cp /from/a /node/; echo 1 > "$FILE"',
        "cp /from/a /node/; rm -rf /",
        "trap 'reboot' TERM; cp /from/a /node/",
        f"{HOLE}; cp /from/a /node/",
        "nsenter -t 1 -m reboot; cp /from/a /node/",
    ],
)
def test_what_does_more(script: str) -> None:
    assert writes_below(["sh", "-c", script], ["/node"])
    assert not only_fills(["sh", "-c", script], "/node")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["server", "--data=/node"],
        ["sh", "-c", "cat /node/a"],
        ["sh", "-c", "cp /from/a /node/../etc"],
        ["sh", "-c", 'cp /from/a "/node/$NAME/../../etc"'],
        ["sh", "-c", f"cp /from/a /node{HOLE}"],
        ["sh", "-c", "cp /from/a /nodes/a"],
        ["sh", "-c", "chroot /node cp /from/a /node/a"],
        ["sh", UNKNOWN, "cp /from/a /node/"],
        ["sh", "-c", "cp /from/a /node/" + " " * 20_000],
    ],
)
def test_what_does_not_write_there(words: list[object]) -> None:
    assert not writes_below(words, ["/node"])
    assert not only_fills(words, "/node")
