"""Shell text to simple commands: structure, wrappers, broken texts, places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.formats.image import HOLE
from linter.formats.shell import parse_argv, parse_script, parse_shell, walk
from linter.formats.shell.command import Command
from linter.formats.shell.piped import pipes_to_shell
from linter.formats.shell.simple import plain
from linter.formats.shell.text import MappedText, located
from linter.formats.shell.words import value
from linter.text import Span


def lines(text: str, **variables: str) -> list[str]:
    return [command.line for command in parse_shell(text, variables.get)]


def tools(text: str) -> list[Any]:
    return [command.tool for command in parse_shell(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("A=1 B=2 cmd -x", ["cmd -x"]),
        ("if [ -f x ]; then a; else b; fi", ["a", "b"]),
        ("for f in a b; do wget $f; done", ["wget ?"]),
        ("(a; b) | { c; d; }", ["a", "b", "c", "d"]),
        ("case $x in a) b;; *) c;; esac", ["b", "c"]),
        ("f() { a; }; f", ["a", "f"]),
        ("echo $(wget y) `curl z`", ["echo ? ?", "wget y", "curl z"]),
        ("source <(curl x)", ["source ?", "curl x"]),
        ("! a", ["a"]),
        ("[[ $(uname) == x ]] && y", ["uname", "y"]),
        ("a > f -k u", ["a -k u"]),
        ("a # b\nc", ["a", "c"]),
        ("S=su; D=do; $S$D apt-get install x", ["sudo apt-get install x", "apt-get install x"]),
        ("X='pip install y'; $X", ["pip install y"]),
        ("a \\\n  b", ["a b"]),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("sudo -E -u root env A=1 pip install x", "pip install x"),
        ("bash -lc 'cd /x && pip install x'", "pip install x"),
        ("bash -euo pipefail -c 'pip install x'", "pip install x"),
        ('sh -c "pip install x"', "pip install x"),
        ("timeout -k 5 10 nohup nice -n 5 pip install x", "pip install x"),
        ("eval pip install x", "pip install x"),
        ("eval 'pip install x'", "pip install x"),
        ("ls | xargs -n 1 pip install x", "pip install x"),
        ("find . -name y -exec pip install x {} +", "pip install x {}"),
        ("python3 -u -m pip install x", "pip install x"),
        ("conda run -n base --no-capture-output pip install x", "pip install x"),
        ("su - app -c 'pip install x'", "pip install x"),
        ("time exec command pip install x", "pip install x"),
        ("chroot /mnt pip install x", "pip install x"),
        ("gosu app pip install x", "pip install x"),
        ("uv run --no-sync pip install x", "pip install x"),
        ("bash <<EOF\npip install x\nEOF", "pip install x"),
        ("sh <<<'pip install x'", "pip install x"),
        ("busybox sh -c 'pip install x'", "pip install x"),
        ("env -S 'pip install x'", "pip install x"),
    ],
)
def test_wrappers_are_looked_through(text: str, inner: str) -> None:
    assert inner in lines(text)


def test_names_of_the_same_tool() -> None:
    assert tools("pip3 x; pip3.11 x; /usr/bin/pip x; python3 -m pip x") == [
        "pip",
        "pip",
        "pip",
        "python",
        "pip",
    ]


@pytest.mark.parametrize(
    "text", ["foo && bar &&", "foo; echo 'open && x", "foo )", "foo; coproc X { y; }; z", "foo; !(x)"]
)
def test_a_broken_text_still_gives_its_commands(text: str) -> None:
    assert "foo" in lines(text)


def test_a_part_in_error_is_split_at_operators() -> None:
    assert "curl x" in lines("echo 'open; curl x | sh")


def test_long_chains_do_not_recurse() -> None:
    assert len(lines(" && ".join(["a"] * 20_000))) == 20_000


def test_deep_nesting_ends() -> None:
    text = "a"
    for _ in range(12):
        text = f"sh -c {text!r}"
    assert lines(text)


def test_heredocs_are_lifted() -> None:
    commands = parse_shell(
        "cat <<A <<'B' > /x\na\nA\nb\nB\npython3 - <<PY\nimport x\nPY\ndone_ <<-Z\n\tq\n\tZ\nlast"
    )
    assert [command.name for command in commands] == ["cat", "python3", "done_", "last"]
    bodies = [redirect.body.text for redirect in commands[0].redirects if redirect.body]
    assert bodies == ["a\n", "b\n"]
    assert commands[1].args == ["-"]
    assert commands[1].code == "import x\n"


def test_pipes_link_commands() -> None:
    first, second, third = parse_shell("a | b | c")
    assert first.downstream is second
    assert third.upstream is second


def test_a_redirect_before_a_pipe_takes_no_other_command_in() -> None:
    commands = parse_shell("a && b || c && d 2>/dev/null | e")
    piped = {command.name: command.downstream for command in commands if command.downstream is not None}
    assert piped == {"d": commands[-1]}
    inside, *_ = parse_shell("(a && b 2>/dev/null) | e")
    assert inside.downstream is not None


@pytest.mark.parametrize(
    "text",
    [
        "curl x | sh",
        "curl x | sudo -E bash -s -- arg",
        "curl x | tee /t | bash",
        "curl x | env A=1 sh -",
        "curl x |& python3",
        'sh -c "$(curl x)"',
        "bash <(curl x)",
        "source <(curl x)",
        ". <(curl x)",
        'eval "$(curl x)"',
        "$(curl x)",
        "`curl x`",
        "curl x | timeout 5 sh",
        "{ curl x; } | sh",
        "curl x > f; curl x | (bash)",
        "if true; then curl x | sh; fi",
        "bash -c 'curl x | sh'",
        "sh <<EOF\ncurl x | sh\nEOF",
        "A=$(true) curl x | bash",
        "cat <<< y; curl x | /bin/sh",
        'python3 -c "$(curl x)"',
        'bash <<< "$(curl x)"',
    ],
)
def test_a_download_that_is_run(text: str) -> None:
    assert any(pipes_to_shell(command) for command in parse_shell(text) if command.type_key == "curl")


@pytest.mark.parametrize(
    "text",
    [
        "curl x | tar xz",
        "curl x | python3 -c 'import sys'",
        "curl x | bash script.sh",
        "echo $(curl x)",
        "X=$(curl x) sh script.sh",
        "curl x | grep y; sh",
        "curl x && sh y",
        "bash script.sh $(curl x)",
        "curl x | jq .z | xargs wget",
        'test "$(curl x)" = 1',
    ],
)
def test_a_download_that_is_not_run(text: str) -> None:
    assert not any(pipes_to_shell(command) for command in parse_shell(text) if command.type_key == "curl")


def test_flags() -> None:
    (command,) = parse_shell("curl -fsSLo out -H 'A: b' --retry 3 --url=x -k https://e.com -- -z")
    assert [(flag.name, flag.value) for flag in command.flags] == [
        ("f", ""),
        ("s", ""),
        ("S", ""),
        ("L", ""),
        ("o", "out"),
        ("H", "A: b"),
        ("retry", "3"),
        ("url", "x"),
        ("k", ""),
    ]
    assert [token.content for token in command.operands] == ["https://e.com", "-z"]


def test_places_go_back_to_the_source() -> None:
    source = "RUN a && \\\n    # c\n    b  x\n"
    mapped = MappedText([("a && ", 4), ("    b  x", source.index("    b"))])
    spans = [command.place().span for command in parse_shell(mapped)]
    assert [source[span.start : span.end] for span in spans] == ["a", "b  x"]


def test_places_within_quotes() -> None:
    text = 'sh -c "echo \\"hi\\" && curl -k y"'
    (curl,) = [command for command in parse_shell(text) if command.type_key == "curl"]
    span = curl.place().span
    assert text[span.start : span.end] == "curl -k y"


def test_exec_form() -> None:
    words = [("sh", Span(1, 3)), ("-c", Span(4, 6)), ("curl $X | sh", Span(7, 19))]
    commands = parse_argv(words).commands
    assert [command.tool for command in commands] == ["sh", "curl", "sh"]
    assert commands[1].place().span == Span(7, 14)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a", "a"),
        ("'a b'", "a b"),
        ('"a$X"b', "a1b"),
        ("${X}y", "1y"),
        ("${Y:-d}", "d"),
        ("${X:+d}", "d"),
        ("$Y", HOLE),
        ("$(x)y", HOLE + "y"),
        ("`x`", HOLE),
        (r"\$X", "$X"),
        (r"$'a\nb\x41'", "a\nbA"),
        ("$$", HOLE),
        ("${X#a}", HOLE),
        ("a$", "a$"),
    ],
)
def test_word_values(raw: str, expected: str) -> None:
    assert value(raw, {"X": "1"}.get) == expected


TEXT = st.text(alphabet=st.sampled_from(list("ab $\"'`(){}|&;<>\\\n-=#!E")), max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_any_text_gives_places_inside_it(text: str) -> None:
    script = parse_script(located(text, 7))
    for command in script.commands:
        span = command.place().span
        assert 7 <= span.start <= span.end <= 7 + len(text)
        for token in command.tokens:
            place = token.place().span
            assert 7 <= place.start <= place.end <= 7 + len(text)


@given(
    st.lists(st.tuples(st.text("ab\n", max_size=5), st.integers(0, 50)), min_size=1, max_size=5), st.data()
)
def test_mapped_text_keeps_places(pieces: list[tuple[str, int]], data: st.DataObject) -> None:
    mapped = MappedText(pieces)
    assert mapped.text == "".join(text for text, _ in pieces)
    start = data.draw(st.integers(0, len(mapped.text)))
    end = data.draw(st.integers(start, len(mapped.text)))
    assert mapped.slice(start, end).text == mapped.text[start:end]
    span = mapped.span(start, end)
    assert span.start <= span.end


def test_words_of_a_wrapper_keep_their_command() -> None:
    commands = parse_shell("sudo pip install x")
    assert isinstance(commands[0], Command)
    assert commands[0].inner == [commands[1]]
    assert commands[1].sudo


PLAIN = st.lists(
    st.sampled_from(
        [
            "a",
            "-x",
            "'b c'",
            '"$V"',
            "V=1",
            "&&",
            "||",
            "|",
            ";",
            ">",
            "f",
            "2>&1",
            "<",
            "$V",
            "a=b",
            "sh",
            "-c",
        ]
    ),
    max_size=14,
)


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_plain_scripts_and_the_grammar_agree(words: list[str]) -> None:
    text = " ".join(words)
    if plain(text) is None:
        return

    def dump() -> list[object]:
        return [
            (one.line, one.place().span, one.wrappers, one.upstream and one.upstream.line, len(one.redirects))
            for one in parse_script(text).commands
        ]

    quick = dump()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "USE_PLAIN", False)
        assert dump() == quick


def test_words_behind_a_redirect_belong_to_its_command() -> None:
    assert lines("x $(y) && curl > f http://e.x/a | sh") == ["x ?", "y", "curl http://e.x/a", "sh"]


@pytest.mark.parametrize(
    "text", ["a $(b)", "if a; then b; fi", "{ a; }", "a & b", "a `b`", "export A=1", "a <<<b", "(a)", "! a"]
)
def test_what_is_not_plain(text: str) -> None:
    assert plain(text) is None
