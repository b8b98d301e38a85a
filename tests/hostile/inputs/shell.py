"""Scripts of RUN."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import Attack


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str]) -> Attack:
        return Attack(f"shell-{name}", lambda: {"Dockerfile": "FROM alpine\nRUN " + make() + "\n"})

    yield one("parentheses", lambda: "(" * 20_000 + "a" + ")" * 20_000)
    yield one("parentheses-open", lambda: "(" * 100_000)
    yield one("substitutions", lambda: "echo " + "$(" * 10_000 + "a" + ")" * 10_000)
    yield one("substitutions-open", lambda: "echo " + "$(" * 50_000)
    yield one("substitutions-in-a-row", lambda: "echo " + "$(a) " * 50_000)
    yield one("substitutions-quoted", lambda: "echo " + '"$(' * 3_000 + "a" + ')"' * 3_000)
    yield one("backquotes", lambda: "echo " + "`a " * 20_000)
    yield one("braces", lambda: "{ " * 20_000 + "a" + "; }" * 20_000)
    yield one("ifs", lambda: "if a; then " * 5_000 + "b" + "; fi" * 5_000)
    yield one("ifs-open", lambda: "if a; then " * 20_000)
    yield one("cases", lambda: "case x in " * 5_000)
    yield one("functions", lambda: "f() { " * 5_000 + "a; " + "}; " * 5_000)
    yield one("sh-c", lambda: "sh -c '" + 'sh -c "' * 2_000 + "\"'")
    yield one("sh-c-many", lambda: "sh -c 'curl x | sh' && " * 5_000 + "true")
    yield one("eval", lambda: "eval " * 20_000 + "a")
    yield one("sudo", lambda: "sudo env -i nice " * 20_000 + "a")
    yield one("xargs", lambda: "xargs " * 20_000 + "sh")
    yield one("expansions", lambda: "echo " + "${a:-" * 10_000 + "}" * 10_000)
    yield one("arithmetic", lambda: "echo $((" + "(" * 10_000 + "1" + ")" * 10_000 + "))")
    yield one("redirects", lambda: "a " + "> f " * 50_000)
    yield one("heredoc-words", lambda: "cat " + "<<'E' " * 5_000)
    yield one("assignments", lambda: "a=b " * 100_000 + "c")
    yield one("assignments-double", lambda: "a=xxxxxxxxxx; " + "a=$a$a$a$a; " * 2_000 + "$a")
    yield one("pipes", lambda: "a | " * 50_000 + "b")
    yield one("ands", lambda: "a && " * 50_000 + "b")
    yield one("semicolons", lambda: ";" * 300_000)
    yield one("ampersands", lambda: "&" * 300_000)
    yield one("negations", lambda: "! " * 50_000 + "a")
    yield one("globs", lambda: "echo " + "*" * 300_000)
    yield one("quotes", lambda: "echo " + "'" * 99_999)
    yield one("double-quotes", lambda: "echo " + '"' * 99_999)
    yield one("escapes", lambda: "echo " + "\\\\" * 300_000)
    yield one("dollar", lambda: "echo " + "$" * 300_000)
    yield one("controls", lambda: "\x01\x02\x7f\u0085\u2028 " * 20_000)
