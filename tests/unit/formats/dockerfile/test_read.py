"""The model: stages, variables, users, what is inherited, what is unknown."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.dockerfile import FORMAT
from linter.formats.dockerfile.expand import ExpansionError, expand
from linter.formats.dockerfile.model import Dockerfile, Stage
from linter.formats.document import Document
from linter.formats.image import HOLE
from linter.formats.model import Fact, Field
from linter.text import SourceText


def read(text: str) -> Dockerfile:
    return FORMAT.read(SourceText("Dockerfile", text)).root  # type: ignore[no-any-return]


def final(text: str) -> Stage:
    return read(text).final


def env(text: str) -> dict[str, Any]:
    return final(text).effective.env


def test_env_forms() -> None:
    assert env("FROM a\nENV A=1 B=\"x y\" C='$A' D=a\\ b") == {"A": "1", "B": "x y", "C": "$A", "D": "a b"}
    assert env("FROM a\nENV A b c") == {"A": "b c"}
    assert env("# escape=`\nFROM a\nENV P=C:\\x\\`\n Q=2") == {"P": "C:\\x\\", "Q": "2"}
    assert env("FROM a\nENV A=${V:-3} B=${V:+x}") == {"A": "3", "B": ""}
    assert env("FROM a\nENV A=1\nENV A=2 B=$A") == {"A": "2", "B": "1"}


def test_a_broken_pair_does_not_hide_the_others() -> None:
    document = FORMAT.read(SourceText("Dockerfile", 'FROM a\nENV A=1 B\nENV C="2\nENV D=4'))
    assert document.root.final.effective.env == {"A": "1", "D": "4"}
    assert len(document.problems) == 2


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("ARG T=1\nARG I=img:$T\nFROM $I", "img:1"),
        ("FROM img:${T:-2}", "img:2"),
        ("ARG T\nFROM img:${T:-2}", "img:2"),
        ("ARG T=3\nFROM img:${T:+4}", "img:4"),
        ("ARG V=12.4.1\nFROM img:${V%.*}", "img:12.4"),
        ("ARG V=v1\nFROM img:${V#v}", "img:1"),
        ("ARG V=a-b-c\nFROM img:${V//-/_}", "img:a_b_c"),
        ("FROM --platform=x --foo=bar img AS b", "img"),
        ('FROM "img:1"', "img:1"),
    ],
)
def test_images(text: str, image: str) -> None:
    assert final(text).from_.image.text == image


@pytest.mark.parametrize("text", ["ARG T\nFROM img:$T", "FROM img:$T", "FROM {{ I }}", "FROM img:$${T}"])
def test_unknown_images(text: str) -> None:
    image = final(text).from_.image
    assert image.tag is UNKNOWN
    assert image.untagged is UNKNOWN


def test_arguments_and_their_scope() -> None:
    assert env("ARG T=1\nFROM a\nENV X=[$T]")["X"] is UNKNOWN
    assert env("ARG T=1\nFROM a\nARG T\nENV X=$T")["X"] == "1"
    assert env("FROM a\nARG T=2\nENV T=3\nARG T=4\nENV X=$T")["X"] == "3"
    assert env("FROM a AS b\nARG T=2\nFROM b\nENV X=$T")["X"] is UNKNOWN
    assert env("FROM scratch\nENV X=[$T]")["X"] == "[]"


def test_stages_inherit() -> None:
    text = (
        'FROM a AS b\nENV X=1\nUSER u\nWORKDIR /w\nSHELL ["bash","-c"]\nCMD ["c"]\n'
        "FROM b AS d\nENV Y=$X\nWORKDIR e\n"
    )
    stage = final(text)
    assert stage.effective.env == {"X": "1", "Y": "1"}
    assert (stage.effective.user, stage.effective.workdir, stage.effective.shell) == (
        "u",
        "/w/e",
        ["bash", "-c"],
    )
    assert stage.start[0].name == "c"
    assert stage.base.name == "a"


def test_an_entrypoint_clears_the_inherited_command() -> None:
    assert final('FROM a AS b\nCMD ["c"]\nFROM b\nENTRYPOINT ["e"]').start_line == "e"
    assert final('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]').start_line == "e c"
    assert final('FROM a\nENTRYPOINT ["sh", "-c", "exec vllm serve m"]').server == "vllm"


def test_which_stages_matter() -> None:
    file = read(
        "FROM a AS base\nFROM b AS build\nFROM c AS unused\nFROM d AS mounted\nFROM base\n"
        "COPY --from=build /x /x\nRUN --mount=from=mounted,target=/m y"
    )
    assert [stage.shipped for stage in file.stages] == [True, False, False, False, True]
    assert [stage.reachable for stage in file.stages] == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("build", "stage"),
        ("BUILD", "stage"),
        ("0", "index"),
        ("1", "self"),
        ("me", "self"),
        ("7", "later"),
        ("x", "unknown"),
        ("img:1", "image"),
        ("r.io/i", "image"),
    ],
)
def test_copy_from(source: str, kind: str) -> None:
    (copy,) = final(f"FROM a AS build\nFROM b AS me\nCOPY --from={source} /x /y").copies
    assert copy.from_kind == kind


def test_users() -> None:
    assert final("FROM a\nUSER 0:0").effective.root is True
    assert final("FROM a\nARG U=root\nUSER ${U}").effective.root is True
    assert final("FROM a\nUSER app").effective.root is False
    assert final("FROM a").effective.root is False
    assert final("FROM a\nUSER $U").effective.root is UNKNOWN
    assert final("FROM a\nONBUILD USER root").effective.root is False
    assert final("FROM a AS b\nUSER root\nFROM a\nUSER app").effective.root is False


def test_paths_and_ports() -> None:
    stage = final("FROM a\nWORKDIR /a\nWORKDIR b/../c\nCOPY x y/\nEXPOSE 80 90-91/udp 1.2.3.4:5:6 ${P:-7}")
    assert stage.effective.workdir == "/a/c"
    assert stage.copies[0].target == "/a/c/y/"
    assert [(port.first, port.last, port.protocol, port.mapped) for port in stage.ports] == [
        (80, 80, "tcp", False),
        (90, 91, "udp", False),
        (6, 6, "tcp", True),
        (7, 7, "tcp", False),
    ]


def test_sources() -> None:
    text = (
        "FROM a\nADD x.tar.gz https://e.com/y git@github.com:a/b.git#0123456789012345678901234567890123456789 . /d/\n"
        'COPY ["a b", "/c/"]\nCOPY <<E /f\nbody\nE'
    )
    add, copy, here = final(text).copies
    facts = [(source.archive, source.url, source.git, source.everything) for source in add.sources]
    assert facts[0] == (True, False, False, False)
    assert facts[1][1] is True
    assert facts[2][2] is True
    assert facts[3][3] is True
    assert add.sources[2].commit is True
    assert copy.sources[0].text == "a b"
    assert here.writes[0].text == "body\n"


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("RUN a && b", ["a", "b"]),
        ('RUN ["sh", "-c", "a | b"]', ["sh", "a", "b"]),
        ("RUN <<EOF\na\nb\nEOF", ["a", "b"]),
        ("RUN <<EOF\n#!/bin/bash\na\nEOF", ["a"]),
        ("RUN <<EOF\n#!/usr/bin/env python3\nimport a\nEOF", []),
        ("RUN bash <<EOF\na\nEOF", ["bash", "a"]),
        ("RUN --mount=type=cache,target=/c --network=none a", ["a"]),
        ('SHELL ["pwsh", "-c"]\nRUN Get-X | iex', []),
        ("ONBUILD RUN a", ["a"]),
        ("ARG T=sudo\nRUN $T a", ["sudo", "a"]),
        ("RUN a \\\n# c\n && b \\\n\n && c", ["a", "b", "c"]),
    ],
)
def test_commands(run: str, expected: list[str]) -> None:
    assert [command.name for one in final(f"FROM a\n{run}").runs for command in one.commands] == expected


def test_mounts() -> None:
    (run,) = final(
        "FROM a\nRUN --mount=type=secret,id=t,env=T --mount=type=cache,dst=/c,sharing=locked x"
    ).runs
    assert run.secret_ids == ["t", "T"]
    assert run.cached == ["/c"]


def test_places_of_commands_on_later_lines() -> None:
    text = "FROM a\nRUN x && \\\n    # c\n    curl -k \\\n      y\n"
    (run,) = final(text).runs
    span = run.commands[1].place().span
    assert text[span.start : span.end] == "curl -k"
    flag = run.commands[1].flags[0].place().span
    assert text[flag.start : flag.end] == "-k"


def test_addresses_have_no_line_numbers() -> None:
    one, two = read("FROM a AS b\nRUN x\n\nRUN y").stages[0].runs
    assert (one.address, two.address) == ("stage 'b'/RUN[1]", "stage 'b'/RUN[2]")


def test_undefined_variables() -> None:
    def undefined(text: str) -> list[str]:
        return [name for one in read(text).instructions for name in one.undefined]

    assert undefined("FROM scratch\nCOPY a $X/b") == ["X"]
    assert undefined("FROM a\nENV APP_HOME=/a\nCOPY a $APPHOME/b") == ["APPHOME"]
    assert undefined("FROM a\nENV PATH=/a\nENV CPATH=/b:$CPATH\nCOPY a $HOME") == []
    assert undefined("FROM a\nENV APP_1=/a\nCOPY a $APP_2 ${APPHOME:-x}") == []


def test_cuda_versions() -> None:
    text = (
        "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN apt-get install -y cuda-libraries-12-6\n"
        "RUN pip install torch==2.1 --index-url https://download.pytorch.org/whl/cu118"
    )
    assert final(text).cuda == ["11.8", "12.4", "12.6"]


def test_what_is_no_dockerfile() -> None:
    with pytest.raises(UnreadableError):
        read("hello: world\n")
    assert FORMAT.read(SourceText("Dockerfile", "RUN x")).problems[0].message.startswith("No FROM")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("a$X-${X}", "a1-1"),
        ("'$X'", "$X"),
        ('"$X"', "1"),
        (r"\$X", "$X"),
        ("${N}", HOLE),
        ("${E:-d}", "d"),
        ("${E-d}", "d"),
        ("${X:-d}", "1"),
        ("${X:+d}", "d"),
        ("${N:+d}", ""),
        ("${N:-${X}}", "1"),
        ("${X:?no}", "1"),
        ("$$X", HOLE + "X"),
        ("$", "$"),
        ("${L##*/}", "c"),
        ("${L%/*}", "a/b"),
        ("${L/b/x}", "a/x/c"),
    ],
)
def test_substitution(word: str, expected: str) -> None:
    assert expand(word, {"X": "1", "E": "", "L": "a/b/c"}.get) == expected


@pytest.mark.parametrize("word", ['"a', "'a", "${a", "${a:-"])
def test_open_words_are_errors(word: str) -> None:
    with pytest.raises(ExpansionError):
        expand(word, {}.get)


def test_values_do_not_grow_without_end() -> None:
    text = "FROM a\nENV A=xxxxxxxxxx\n" + "ENV A=$A$A$A$A\n" * 40
    assert len(str(env(text)["A"])) <= 100_000


KEYWORDS = (
    "FROM RUN COPY ADD ENV ARG USER WORKDIR EXPOSE CMD ENTRYPOINT HEALTHCHECK LABEL SHELL ONBUILD VOLUME".split()  # noqa: SIM905
)
INSTRUCTIONS = st.lists(
    st.builds(
        lambda keyword, rest: f"{keyword} {rest}",
        st.sampled_from(KEYWORDS),
        st.text(alphabet=st.sampled_from(list("ab1 $=:/-\"'[],{}\\<E@.\n")), max_size=25),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(INSTRUCTIONS)
def test_any_file_can_be_read_and_asked(rows: list[str]) -> None:
    text = "FROM a\n" + "\n".join(rows)
    document = FORMAT.read(SourceText("Dockerfile", text))
    for kind in FORMAT.subjects:
        for scope in kind.iterate(document):
            span = scope[0].place().span
            assert 0 <= span.start <= span.end <= len(text)


WRITTEN = """FROM --platform=linux/amd64 nvidia/cuda:12.4.1-runtime-ubuntu22.04 AS base
ARG VERSION=1.0
ENV HF_TOKEN=abc PATH=/opt/bin:/usr/bin
LABEL version=1.0
SHELL ["/bin/bash", "-c"]
RUN --mount=type=cache,target=/root/.cache --network=host apt-get install -y cuda-toolkit-12-4=1-1 curl && rm -rf /var
RUN conda install -y -c nvidia pytorch-cuda=12.1 python=3.11 && micromamba create -n x --file y.yml
RUN pip install --index-url https://download.pytorch.org/whl/cu118 torch==2.1 git+https://github.com/a/b@main ray
RUN npm install -g a@1 && gem install b -v 1 && go install a.org/b@v1 && apk add c=1 && dnf install -y d-1
RUN --mount=type=secret,id=abc,env=ABC --mount=type=bind,from=base,source=/a,target=/b zypper install e=1
RUN git clone --depth 1 -b main https://github.com/a/b /src && curl -fsSL -o /tmp/x https://a.org/x | tar xz -C /opt
RUN wget -O x https://a.org/x && sha256sum -c x.sum && chmod 777 x && chown -R root:root /opt && useradd -u 1000 me
RUN echo deb https://a.org/ stable main > /etc/apt/sources.list.d/a.list && pip config set global.index-url http://a.org
RUN huggingface-cli download --revision main meta/llama --token abc && sed -i s/a/b/ /etc/ssh/sshd_config
COPY --from=base --chown=root:root --chmod=777 a b /srv/
ADD --checksum=sha256:abc https://a.org/x.tar.gz /srv/
WORKDIR /srv
VOLUME /data
EXPOSE 8888/tcp 22
STOPSIGNAL SIGTERM
USER 1000:1000
HEALTHCHECK --interval=30s --retries=3 CMD curl -fk https://localhost:8000/health
ENTRYPOINT ["python", "-m", "vllm.entrypoints.openai.api_server", "--host", "0.0.0.0", "--model", "meta/llama"]
CMD ["--trust-remote-code", "--port", "8000"]
"""


@pytest.mark.parametrize("number", range(len(WRITTEN.splitlines())))
def test_any_word_may_be_unknown(number: int) -> None:
    """Each word, and what follows each `=`, `:` or `/` in it, replaced by a variable that nothing sets."""
    lines = WRITTEN.splitlines()
    row = lines[number]
    places = [(found.start(), found.end()) for found in re.finditer(r'(?<=[\s"=:/@])[^\s"=:/@,\[\]]+', row)]
    places += [(found.start(), found.end()) for found in re.finditer(r'(?<=[\s"])[^\s",\[\]]+', row)]
    for start, end in places:
        lines[number] = f"{row[:start]}$UNSET{row[end:]}"
        _ask_all(FORMAT.read(SourceText("Dockerfile", "\n".join(lines))))


def _ask_all(document: Document) -> None:
    for kind in FORMAT.subjects:
        if kind.project:
            continue
        for scope in kind.iterate(document):
            for name, value in vars(type(scope[0])).items():
                if isinstance(value, (Fact, Field)):
                    getattr(scope[0], name)


def test_what_a_conda_package_is_called_may_be_unknown() -> None:
    assert final("FROM a\nRUN conda install $X pytorch-cuda=$Y pytorch-cuda=12.1").cuda == ["12.1"]


@pytest.mark.parametrize("keyword", ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK CMD"])
@pytest.mark.parametrize("json_form", [False, True])
@pytest.mark.parametrize("depth", [2, 8])
def test_commands_too_deep_to_be_judged_are_told(keyword: str, json_form: bool, depth: int) -> None:
    script = "curl -k https://a.example.org"
    for _ in range(depth):
        script = "sh -c " + shlex.quote(script)
    words = json.dumps(["sh", "-c", script]) if json_form else script
    document = FORMAT.read(SourceText("Dockerfile", f"FROM a\n{keyword} {words}\n"))
    assert document.problems == []
    list(next(kind for kind in FORMAT.subjects if kind.name == "invocation").iterate(document))
    assert [problem.limit for problem in document.problems] == [True] * (depth == 8)
    assert all(problem.start == len("FROM a\n") for problem in document.problems)


def test_a_block_of_other_text_is_one_problem() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nFROM a:1\nUSER root\nfoo bar\n"
    document = FORMAT.read(SourceText("Dockerfile.x", text))
    assert len(document.problems) == 2
    assert document.root.final.effective.root is True


def test_what_a_template_goes_on_with_is_no_unknown_instruction() -> None:
    text = (
        "FROM a:1\nRUN x && \\\n    {%- if a -%}\n    apt-get install -y b\n    {%- else %}\n"
        "    apt-get install -y c\n    {% endif -%}\n\n{{ install_docker() }}\nUSER root\n"
    )
    document = FORMAT.read(SourceText("Dockerfile.j2", text))
    assert document.problems == []
    assert document.root.final_stage.effective.user == "root"


@pytest.mark.parametrize("line", ["${LABELS}", "%%LABELS%%", "@LABELS@"])
def test_a_line_that_a_script_fills_in_is_no_unknown_instruction(line: str) -> None:
    document = FORMAT.read(
        SourceText("bundle.Dockerfile", f"FROM a:1\n# what LABELS is\n{line}\nUSER root\n")
    )
    assert document.problems == []
    assert document.root.final_stage.effective.user == "root"
    broken = FORMAT.read(SourceText("bundle.Dockerfile", f"FROM a:1\n{line} and more\nUSER root\n"))
    assert len(broken.problems) == 1


def test_a_sentence_that_begins_with_from_names_no_image() -> None:
    document = FORMAT.read(SourceText("Dockerfile", "FROM Apache Spark 3.4.1\nUSER root\n"))
    assert [problem.message for problem in document.problems] == [
        "FROM takes an image and, after AS, a name."
    ]
    assert document.root.stages[0].from_.image.untagged is UNKNOWN
