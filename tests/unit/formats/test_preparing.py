"""What init containers need root for: owners, the kernel, mounts and folders of new volumes, and what does more."""

from __future__ import annotations

import pytest

from linter.cel import UNKNOWN
from linter.formats.shell.preparing import needs_root, only_prepares


@pytest.mark.parametrize(
    "words",
    [
        ["mkdir", "-p", "/data/models"],
        ["/bin/sh", "-c", "mkdir -p /data/a /data/b"],
        ["sh", "-ec", "install -m 0770 -d /data/a && chmod 0770 /data/a"],
        ["sh", "-c", "--", "if [ ! -d /data/a ]; then mkdir /data/a; fi"],
        [
            "bash",
            "-c",
            "set -eu\n# folders\nfor one in a b; do\n  mkdir -p /data/$one 2>/dev/null || true\ndone\nls -la /data",
        ],
        ["sh", "-c", "mkdir -p \\\n  /data/a \\\n  /data/b"],
        ["sh", "-c", "python prepare.py && chown -R 1000 /data"],
        ["useradd", "-u", "1001", "-m", "jane"],
    ],
)
def test_what_root_is_for(words: list[str]) -> None:
    assert needs_root(words)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["sh", "-c", "ls /data"],
        ["sh", "-c", "mkdir /data/a && python prepare.py"],
        ["sh", "-c", "mkdir /data/a; /data/start"],
        ["sh", "-c", "mkdir /data/a & curl https://example.org"],
        ["sh", "-c", "mkdir /data/a | sh"],
        ["sh", "-c", "mkdir /data/$(curl https://example.org)"],
        ["sh", "-c", "mkdir /data/`start`"],
        ["sh", "-c", "mkdir /data/a && echo '* * * * * root sh /data/a/x' > /host/etc/cron.d/x"],
        ["sh", "-c", "mkdir /data/a && sh < /data/x"],
        ["sh", "-c", "mkdir /data/a; if start; then exit; fi"],
        ["start", "mkdir", "/data"],
        ["sh", "-c", "mkdir /data/a", UNKNOWN],
    ],
)
def test_what_does_more(words: list[str]) -> None:
    assert not needs_root(words)


@pytest.mark.parametrize(
    ("script", "only"),
    [
        ("mkdir -p /homes/jane && chown 1001 /homes/jane", True),
        ("useradd -u 1001 -g staff -m -d /homes/jane jane", True),
        ("groupadd -g 50 staff; /usr/sbin/useradd -g staff jane", True),
        ("useradd jane && su jane -c start", False),
        ("useradd-all", False),
    ],
)
def test_what_a_job_does_besides(script: str, only: bool) -> None:
    assert only_prepares(["/bin/sh", "-c", script]) is only
