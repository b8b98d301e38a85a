"""Dockerfiles: instructions, stages, variables, continued lines, here-documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.attack import TOLD, Attack, Files, Parts


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"dockerfile-{name}", lambda: {"Dockerfile": make()}, told)

    yield one("continuations", lambda: "FROM alpine\nRUN echo \\\n" + "  x \\\n" * 66_000)
    yield one("blank-continuations", lambda: "FROM alpine\nRUN echo \\\n" + "\\\n" * 66_000)
    yield one("empty-lines-in-continuation", lambda: "FROM alpine\nRUN echo \\\n" + "\n" * 66_000 + "x\n")
    yield one("comments-in-continuation", lambda: "FROM alpine\nRUN echo \\\n" + "# x\n" * 66_000 + "x\n")
    yield one("heredoc-unclosed", lambda: "FROM alpine\nRUN cat <<EOF\n" + "echo x\n" * 66_000, told=True)
    yield one("heredocs-unclosed", lambda: "FROM alpine\n" + "RUN cat <<EOF\n" * 60_000, told=True)
    yield one(
        "heredocs-many-on-a-line",
        lambda: "FROM alpine\nRUN cat " + " ".join(f"<<E{n}" for n in range(20_000)) + "\n" + "x\n" * 20_000,
        told=True,
    )
    yield one("heredocs-in-heredocs", lambda: "FROM alpine\nRUN <<E\n" + "cat <<F\n" * 20_000 + "E\n")
    yield one("heredoc-huge", lambda: "FROM alpine\nRUN <<E\n" + "pip install x\n" * 60_000 + "E\n")
    yield one("one-line", lambda: "FROM alpine\nRUN " + "a && " * 300_000 + "b\n")
    yield one("one-word", lambda: "FROM alpine\nRUN " + "a" * 1_900_000 + "\n")
    yield one("too-long", lambda: "FROM alpine\n" + "RUN a\n" * 500_000, told=True)
    yield one("quotes", lambda: "FROM alpine\nRUN <<a " + "\"'" * 100_000 + "\n")
    yield one("quotes-open", lambda: "FROM alpine\nRUN cat << " + '"\\' * 100_000 + "\n")
    yield one("backslashes", lambda: "FROM alpine\nRUN " + "\\" * 500_000 + "\n")
    yield one(
        "variables-that-double",
        lambda: "FROM alpine\nENV a=xxxxxxxxxx\n" + "ENV a=$a$a$a$a\n" * 500 + "RUN $a\n",
    )
    yield one(
        "variables-nested", lambda: "FROM alpine\nENV b=" + "${a:-" * 50_000 + "x" + "}" * 50_000 + "\n"
    )
    yield one("variables-nested-quotes", lambda: "FROM alpine\nENV b=" + '"${a:-' * 5_000 + "\n")
    yield one(
        "variables-many", lambda: "FROM alpine\n" + "".join(f"ENV a{n}=$a{n - 1}\n" for n in range(10_000))
    )
    yield one(
        "arguments-many", lambda: "".join(f"ARG a{n}=x\n" for n in range(20_000)) + "FROM $a1:$a2\n" * 500
    )
    yield one(
        "stages-in-a-row",
        lambda: (
            "FROM alpine AS s0\nRUN apt-get update\n"
            + "".join(f"FROM s{n - 1} AS s{n}\nRUN apt-get update\n" for n in range(1, 5_000))
        ),
    )
    yield one("stages-in-a-circle", lambda: "FROM b AS a\nFROM a AS b\nFROM c AS c\nCOPY --from=c / /\n")
    yield one("stages-equal", lambda: "FROM alpine AS a\nCOPY --from=a / /\n" * 10_000)
    yield one("env-pairs", lambda: "FROM alpine\nENV " + " ".join(f"k{n}=v" for n in range(100_000)) + "\n")
    yield one("env-spaces", lambda: "FROM alpine\nENV a" + " " * 1_000_000 + "b\n")
    yield one("label-quotes", lambda: 'FROM alpine\nLABEL a="' + '\\"' * 300_000 + "\n")
    yield one("json-form-deep", lambda: "FROM alpine\nCMD " + "[" * 200_000 + "\n")
    yield one("json-form-long", lambda: "FROM alpine\nCMD [" + '"a", ' * 200_000 + '"b"]\n')
    yield one(
        "flags",
        lambda: (
            "FROM --platform="
            + "a" * 100_000
            + " alpine\nRUN "
            + "--mount=type=cache,target=/x " * 30_000
            + "true\n"
        ),
    )
    yield one("mount-options", lambda: "FROM alpine\nRUN --mount=" + "a=b," * 200_000 + " true\n")
    yield one("copy-many", lambda: "FROM alpine\nCOPY " + "a " * 300_000 + "/x/\n")
    yield one(
        "ports",
        lambda: "FROM alpine\nEXPOSE " + "99999999999999999999/tcp " * 30_000 + "\nEXPOSE 1-99999999999\n",
    )
    yield one("onbuild", lambda: "FROM alpine\n" + "ONBUILD " * 100_000 + "RUN x\n")
    yield one(
        "templates", lambda: "FROM alpine\n" + "{{ if }}" * 100_000 + "\n" + "{%" * 100_000 + "\nRUN x\n"
    )
    yield one("template-ends", lambda: "FROM alpine\n{%" + "%} " * 200_000 + "x\nRUN x\n")
    yield one(
        "template-blanks", lambda: "FROM alpine\n{% %}" + " " * 200_000 + "x\nRUN {{" + " " * 200_000 + "\n"
    )
    yield one(
        "directives",
        lambda: "# escape=`\n" * 20_000 + "# syntax=x" + " " * 200_000 + "y\nFROM alpine\n",
    )
    yield one("directive-blanks", lambda: "#" + " " * 300_000 + "a = b" + "  c" * 100_000 + "\nFROM alpine\n")
    yield one("no-from", lambda: "RUN x\n" * 10_000)
    yield one(
        "many-instructions",
        lambda: "FROM alpine\n" + "RUN apt-get update && pip install x && curl http://x | sh\n" * 3_000,
    )
    yield one("many-users", lambda: "FROM alpine\n" + "USER root\n" * 30_000)
    yield one("curl-pipes", lambda: "FROM alpine\nRUN " + "curl http://x | " * 20_000 + "sh\n")
    yield one(
        "ignores",
        lambda: (
            "# hadolint ignore="
            + "DL3001," * 100_000
            + "\nFROM alpine\n"
            + "# hadolint ignore=DL3001\n" * 20_000
        ),
    )
    yield one("nul", lambda: b"FROM alpine\nRUN a\0b\n", told=True)
    yield one(
        "controls", lambda: "FROM alpine\nRUN \x1b[31mred\x1b]0;title\x07 \u202e\n" + "USER \x1b[2Jroot\n"
    )
    yield one("only-newlines", lambda: "\n" * 2_000_000)
    yield one(
        "image-reference",
        lambda: "FROM " + "a/" * 500_000 + "b:" + "c" * 100_000 + "@" + "sha256:" * 10_000 + "\n",
    )
    yield one("pip", lambda: "FROM python\nRUN pip install " + "a==1.0 " * 100_000 + "\n")
    yield one("apt", lambda: "FROM debian\nRUN apt-get install " + "-y a=1 " * 100_000 + "\n")


def by_command() -> Parts:
    def after(rest: str) -> Files:
        return {"Dockerfile": "FROM alpine:latest\n" + rest}

    yield "docker-heredoc-in-copy", after("COPY <<A <<B <<C /x/\n" + "x\n" * 60_000 + "A\nB\nC\n")
    yield "docker-heredoc-names", after("RUN cat <<" + "E" * 500_000 + "\nx\n" + "E" * 500_000 + "\n")
    yield "docker-heredoc-dashes", after("RUN cat <<-'E' <<-\"F\" <<-G\n" + "\tE\n" * 20_000)
    yield (
        "docker-heredoc-python",
        after("RUN <<E python3\n" + "import os; os.system('curl http://x | sh')\n" * 30_000 + "E\n"),
    )
    yield (
        "docker-heredoc-script-of-scripts",
        after("RUN <<E\n" + "bash -c \"bash -c 'curl http://x | bash'\"\n" * 10_000 + "E\n"),
    )
    yield "docker-escape-nothing", {"Dockerfile": "# escape=\nFROM alpine:latest\nRUN a \\\n b\n"}
    yield (
        "docker-escape-windows",
        {"Dockerfile": "# escape=`\nFROM alpine:latest\nRUN " + "a `\n" * 60_000 + "b\n"},
    )
    yield "docker-unicode-blanks", after("RUN\u00a0x\n\u2003USER root\n" * 20_000)
    yield (
        "docker-args-in-from",
        {
            "Dockerfile": "".join(f"ARG A{n}=${{A{n - 1}:-a}}${{A{n - 1}:+b}}\n" for n in range(3_000))
            + "FROM $A2999\n"
        },
    )
    yield (
        "docker-substring",
        after("ENV A=" + "x" * 1_000 + "\n" + "ENV B=${A%x*}${A##*x}${A/x/y}${A//x/yy}\n" * 3_000),
    )
    yield (
        "docker-pattern-bomb",
        after(
            "ENV A=" + "a" * 20_000 + "\nENV B=${A//" + "*a" * 60 + "b/x}\nENV C=${A%%" + "*a" * 60 + "b}\n"
        ),
    )
    yield (
        "docker-pattern-growth",
        after("ENV A=aaaaaaaaaa\n" + "ENV A=${A//a/aaaaaaaaaa}\n" * 200 + "RUN $A\n"),
    )
    yield (
        "docker-stages-copy",
        after(
            "".join(
                f"FROM alpine AS s{n}\n" + "".join(f"COPY --from=s{k} / /\n" for k in range(n))
                for n in range(150)
            )
        ),
    )
    yield (
        "docker-stage-numbers",
        after("COPY --from=" + "9" * 100_000 + " / /\nCOPY --from=-1 / /\nCOPY --from=1e9 / /\n"),
    )
    yield (
        "docker-stage-names",
        {"Dockerfile": "FROM alpine:latest AS " + "a" * 1_000_000 + "\nFROM " + "a" * 1_000_000 + "\n"},
    )
    yield "docker-from-nothing", {"Dockerfile": "FROM\n" * 30_000}, TOLD
    yield "docker-unknown-instructions", {"Dockerfile": "FROM alpine:latest\n" + "BOGUS x\n" * 30_000}
    yield (
        "docker-healthcheck-flags",
        after("HEALTHCHECK --interval=" + "9" * 100_000 + "h --retries=1e99 CMD x\n" * 5),
    )
    yield (
        "docker-chmod-numbers",
        after(
            "COPY --chmod=" + "7" * 50_000 + " a b\nRUN chmod " + "7" * 100_000 + " /x\nRUN chmod -0x1 a\n"
        ),
    )
    yield (
        "docker-user-numbers",
        after("USER " + "0" * 500_000 + "\nUSER 1e9:-1\nUSER " + "a:" * 50_000 + "\n"),
    )
    yield (
        "docker-stopsignal",
        after("STOPSIGNAL " + "9" * 100_000 + "\nSHELL [" + '"a",' * 50_000 + '"b"]\nRUN x\n'),
    )
    yield (
        "docker-json-form-odd",
        after(
            'CMD ["a", "\\ud800", "\\u0000"]\nENTRYPOINT ["a" "b"]\nRUN ["a", 1, null, [[]]]\nSHELL []\nRUN x\n'
        ),
    )
    yield "docker-label-equals", after("LABEL " + "=" * 200_000 + "\nLABEL a=" + "'\"" * 100_000 + "\n")
    yield (
        "docker-mounts",
        after("RUN " + "--mount=type=secret,id=a,target=/x,required,env=B " * 8_000 + "cat /x\n"),
    )
    yield (
        "docker-pip-requirements",
        after("RUN pip install " + "git+https://x/y@main#egg=z --index-url http://a " * 8_000 + "\n"),
    )
    yield (
        "docker-apt-lines",
        after(
            "RUN apt-get update && apt-get install -y "
            + " \\\n".join(f"p{n}=1.0" for n in range(30_000))
            + "\n"
        ),
    )
    yield "docker-sed-regex", after("RUN sed -i 's/" + "\\(a*\\)*" * 3_000 + "b/c/' /etc/x\n")
    yield "docker-shell-substitution", after("RUN a=${b:-${c:-" * 3_000 + "\n")
    yield "docker-shell-arithmetic", after("RUN echo $((" + "1+(" * 5_000 + "1" + ")" * 5_000 + "))\n")
    yield "docker-shell-heredocs", after("RUN bash -c 'cat <<A\n" + "x\n" * 100 + "A\n'\n")
    yield "docker-shell-quotes", after("RUN " + "'\\''" * 80_000 + '\nRUN "' + '\\"' * 80_000 + "\n")
    yield "docker-shell-functions", after("RUN " + "f() { " * 5_000 + "x; " + "}; " * 5_000 + "\n")
    yield "docker-shell-pipes", after("RUN " + "a | b |& c || d && " * 15_000 + "e\n")
    yield "docker-secrets", after("".join(f"ENV API_TOKEN_{n}=h{n}x9Kq2LmZ7{n}vB\n" for n in range(6_000)))
    yield (
        "docker-same-secret",
        after(
            "ENV TOKEN=h9x9Kq2LmZ7wvB5tQ\n"
            + "RUN curl -H 'Authorization: Bearer h9x9Kq2LmZ7wvB5tQ' http://x | sh\n" * 6_000
        ),
    )
    digits = "9" * 5_000  # int() refuses more than 4,300
    yield (
        "docker-long-numbers",
        {
            "Dockerfile": f"FROM nvidia/cuda:{digits}.{digits}-runtime\nEXPOSE {digits} 1-{digits}\nUSER {digits}\n"
            f"HEALTHCHECK --retries={digits} CMD a\nRUN chmod {digits} /a && pip install a=={digits}.{digits}\n"
            f"RUN a < /.heredoc.{digits}.\n"
        },
    )
    yield "docker-path-that-grows", lambda: {"Dockerfile": "FROM a\n" + "ENV PATH=$PATH:/opt/x\n" * 60_000}
    yield "docker-find-exec", lambda: {"Dockerfile": f"FROM a\nRUN find . {'-exec find ' * 60_000} a \\;\n"}
    broken = "RUN " + "x)))))) ; " * 55 + "\n"
    yield "docker-many-broken-scripts", lambda: {"Dockerfile": "FROM a\n" + broken * 9_000}
    for name, part in (("pipes", "a | b | c ; "), ("substitutions", "a=$(b $(c)) && ")):
        yield (
            f"docker-many-{name}",
            lambda part=part: {"Dockerfile": "FROM a\n" + f"RUN {part * 40}true\n" * 9_000},
        )
    for word in ("AAAA", "rm ", "find ", "curl ", "pip config ", "set -o ", "s/x\\a\\x ", "1", "model-"):
        yield (
            f"docker-word-{word.strip().replace('/', '_')}",
            lambda word=word: {
                "Dockerfile": f"FROM a\nRUN python3 -c '{word * (300_000 // len(word))}'\n"
                f"RUN apt-get update && apk add x && pip install x | a {word * (300_000 // len(word))}\n"
            },
        )
