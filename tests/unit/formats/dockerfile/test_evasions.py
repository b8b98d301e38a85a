"""The same flaw in many spellings: none may get through. Each row is a rule and a file that it must find."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from linter.formats.classify import classify
from linter.formats.dockerfile import FORMAT
from linter.ruleset.evaluate import evaluate
from linter.ruleset.files import builtin_directory
from linter.ruleset.load import load_file
from linter.ruleset.plan import Judged, Plan
from linter.text import SourceText, decode

BASE = "FROM python:3.12-slim\n"

EVASIONS = [
    ("root-user", BASE + "USER root \\\n"),
    ("root-user", BASE + "RUN <<EOF\nUSER app\nEOF\nUSER root"),
    ("root-user", BASE + "USER app\nRUN echo foo\\\\\nUSER root"),
    ("root-user", BASE + "USER app\nRUN foo \\\n\n bar\nUSER 00"),
    ("root-user", BASE + "COPY <<A <<B /d/\nUSER app\nA\nUSER app\nB\nUSER 0"),
    ("root-user", "# check=skip=all\n# escape=`\nFROM python:3.12-slim\nUSER app\nRUN a \\\nUSER root"),
    ("root-user", "# escape=`\nFROM python:3.12-slim\nUSER app\nRUN a `\n b\nUSER `\nroot"),
    ("root-user", "FROM a:1\r\nUSER root\r\n"),
    ("root-user", 'from a:1\nuser "root"'),
    ("root-user", "FROM a:1\nUS\\\nER root"),
    ("root-user", "FROM a:1\nARG U=ro\nENV V=${U}ot\nUSER $V:$V"),
    ("root-user", "FROM a:1 AS b\nUSER root\nFROM b"),
    ("root-user", "FROM a:1 AS B\nUSER root\nFROM b AS c\nFROM C"),
    ("root-user", "FROM a:1\nUSER app\nENV A=1 B\nUSER root"),
    ("root-user", "FROM a:1\nONBUILD USER app\nUSER root"),
    ("root-user", "ARG X\nFROM a:1\nARG X\nUSER ${X:-root}"),
    ("sudo-as-root", BASE + "RUN sudo a \\"),
    ("sudo-as-root", BASE + "RUN a;sudo b"),
    ("sudo-as-root", BASE + "RUN a|sudo b"),
    ("sudo-as-root", BASE + "RUN (sudo b)"),
    ("sudo-as-root", BASE + "RUN if true; then sudo b; fi"),
    ("sudo-as-root", BASE + "RUN /usr/bin/sudo b"),
    ("sudo-as-root", BASE + "RUN \\sudo b"),
    ("sudo-as-root", BASE + "RUN s'u'do b"),
    ("sudo-as-root", BASE + 'RUN "sudo" b'),
    ("sudo-as-root", BASE + "RUN $(echo x; sudo b)"),
    ("sudo-as-root", BASE + "RUN X=`sudo b`"),
    ("sudo-as-root", BASE + 'RUN ["sudo", "b"]'),
    ("sudo-as-root", BASE + 'RUN ["/bin/bash", "-c", "sudo b"]'),
    ("sudo-as-root", BASE + "RUN <<EOF\nset -e\nsudo b\nEOF"),
    ("sudo-as-root", BASE + "RUN bash -e <<'EOF'\nsudo b\nEOF"),
    ("sudo-as-root", BASE + 'RUN <<-"XY"\n\tsudo b\n\tXY'),
    ("sudo-as-root", BASE + "ONBUILD RUN <<-'X Y'\n\tsudo b\nX Y"),
    ("sudo-as-root", BASE + "RUN <<EOF\n#!/usr/bin/env -S A=1 bash -e\nsudo b\nEOF"),
    ("sudo-as-root", BASE + "RUN <<EOF\nfoo \\\n  && sudo b\nEOF"),
    ("sudo-as-root", BASE + "RUN python3 <<A && sudo b\nprint(1)\nA"),
    ("sudo-as-root", BASE + "RUN echo \u2028 x && sudo b"),
    ("root-user", BASE + 'COPY --chown=1:1 <<"E" <<-F /x/\nUSER app\nE\nUSER app\n\tF\nUSER root'),
    ("root-user", BASE + "ENV X=a\\\\\nUSER root"),
    ("root-user", "# escape=`\nFROM a:1\nENV P=C:\\ U=root\nUSER $U"),
    ("root-user", "F\\\nR\\\nOM a:1\nUSER root"),
    ("root-user", "FROM a:1\nENV U=rXot\nUSER ${U/X/o}"),
    ("root-user", "FROM a:1 AS b\nARG X=ro\nENV Z=${X}ot\nFROM b\nUSER $Z"),
    ("root-user", 'FROM a:1\nLABEL x="y\nUSER root'),
    ("unpinned-base-tag", "ARG A=late B=python:${A}st\nFROM $B AS x"),
    ("unpinned-base-tag", "ARG T\nFROM python${T:+:3}"),
    ("sudo-as-root", BASE + "ONBUILD RUN <<EOF\nsudo b\nEOF"),
    ("sudo-as-root", BASE + "RUN --mount=type=cache,target=/x --network=none sudo b"),
    ("sudo-as-root", BASE + "RUN a && \\\n# comment \\\n\n  sudo b"),
    ("sudo-as-root", BASE + "RUN a &&\\\nsudo b"),
    ("sudo-as-root", BASE + "RUN FOO=1 sudo b"),
    ("sudo-as-root", BASE + "RUN env FOO=1 sudo b"),
    ("sudo-as-root", BASE + "RUN xargs sudo b"),
    ("sudo-as-root", BASE + 'RUN eval "sudo b"'),
    ("sudo-as-root", BASE + "RUN time sudo b"),
    ("sudo-as-root", BASE + "RUN f() { sudo b; }; f"),
    ("sudo-as-root", BASE + "RUN a && (b || sudo c) 2>/dev/null"),
    ("sudo-as-root", BASE + "RUN cat <<A <<B | sh\nx\nA\nsudo b\nB\n"),
    ("sudo-as-root", BASE + "RUN { sudo b; } > /dev/null"),
    ("sudo-as-root", BASE + "RUN while true; do sudo b; done"),
    ("sudo-as-root", BASE + "RUN case x in x) sudo b;; esac"),
    ("sudo-as-root", BASE + "RUN ! sudo b"),
    ("sudo-as-root", BASE + "RUN a & sudo b"),
    ("sudo-as-root", BASE + "RUN cat <<EOF | sh\nsudo b\nEOF"),
    ("sudo-as-root", BASE + "RUN echo 'sudo b' | sh"),
    ("sudo-as-root", BASE + "RUN a; coproc X { y; }; sudo b"),
    ("sudo-as-root", BASE + "RUN echo $((1<<2)) && sudo b"),
    ("sudo-as-root", BASE + "RUN echo a >| f; sudo b"),
    ("sudo-as-root", BASE + "RUN nice -n 5 stdbuf -oL sudo b"),
    ("sudo-as-root", BASE + "RUN trap 'sudo b' EXIT"),
    ("sudo-as-root", BASE + "RUN bash -c \"bash -c 'sudo b'\""),
    ("sudo-as-root", BASE + "RUN su root -c 'sudo b'"),
    ("sudo-as-root", BASE + 'SHELL ["/bin/bash", "-c"]\nRUN sudo b'),
    ("sudo-as-root", BASE + "ARG C=sudo\nRUN ${C} b"),
    ("sudo-as-root", BASE + "RUN C=sudo && $C b"),
    ("sudo-as-root", BASE + 'RUN export C=sudo; "$C" b'),
    ("sudo-as-root", BASE + "RUN find / -exec sudo b {} \\;"),
    ("pipe-to-shell", BASE + "RUN curl x|bash"),
    ("pipe-to-shell", BASE + "RUN curl x \\\n | \\\n bash"),
    ("pipe-to-shell", BASE + "RUN curl x | tee f | sudo bash -s -- -y"),
    ("pipe-to-shell", BASE + "RUN curl x | bash -x"),
    ("pipe-to-shell", BASE + "RUN curl x | bash -eux -"),
    ("pipe-to-shell", BASE + "RUN curl x | python"),
    ("pipe-to-shell", BASE + "RUN curl x | perl"),
    ("pipe-to-shell", BASE + "RUN curl x | /usr/bin/env bash"),
    ("pipe-to-shell", BASE + "RUN curl x | bash /dev/stdin"),
    ("pipe-to-shell", BASE + 'RUN bash -c "`curl x`"'),
    ("pipe-to-shell", BASE + 'RUN source /dev/stdin <<< "$(curl x)"'),
    ("pipe-to-shell", BASE + "RUN curl x | gunzip | sh"),
    ("pipe-to-shell", BASE + "RUN wget x -O - | sh"),
    ("pipe-to-shell", BASE + "RUN curl -L $URL | sh"),
    ("pipe-to-shell", BASE + "RUN sh -c 'curl x | sh'"),
    ("pipe-to-shell", BASE + 'RUN X=$(curl x) && eval "$X"'),
    ("pipe-to-shell", BASE + 'RUN X=$(curl x); sh -c "$X"'),
    ("pipe-to-shell", BASE + 'RUN X=$(curl x); echo "$X" | sh'),
    ("pipe-to-shell", BASE + "RUN cat <(curl x) | sh"),
    ("pipe-to-shell", BASE + "RUN sh < <(curl x)"),
    ("pipe-to-shell", BASE + "RUN curl x > >(sh)"),
    ("pipe-to-shell", BASE + "RUN sh <<EOF\n$(curl x)\nEOF"),
    (
        "pipe-to-shell",
        BASE + "RUN python3 -c \"import urllib.request as u; exec(u.urlopen('https://x').read())\"",
    ),
    ("pipe-to-shell", BASE + "RUN python3 <<EOF\nimport requests\nexec(requests.get('https://x').text)\nEOF"),
    ("pipe-to-shell", BASE + 'RUN ["bash", "-c", "curl x | sh"]'),
    ("pipe-to-shell", BASE + "RUN curl x |& sh"),
    ("pipe-to-shell", BASE + "RUN curl x | xargs -I{} sh -c {}"),
    ("pipe-to-shell", BASE + "RUN curl x | while read l; do eval $l; done"),
    ("pipe-to-shell", BASE + "RUN curl x | busybox sh"),
    ("pipe-to-shell", BASE + "RUN curl x | ksh"),
    ("pipe-to-shell", BASE + "RUN curl x | node -"),
    ("pipe-to-shell", BASE + "RUN curl x | ( cat | bash )"),
    ("secret-name-in-arg-env", "ARG HF_TOKEN\nFROM python:3.12-slim\n"),
    ("secret-name-in-arg-env", BASE + "ENV A=1 \\\n  HF_TOKEN=abc"),
    ("secret-name-in-arg-env", BASE + "ENV HF_TOKEN abc"),
    ("secret-name-in-arg-env", BASE + "ONBUILD ENV HF_TOKEN=abc"),
    ("secret-name-in-arg-env", BASE + 'ENV "HF_TOKEN"=abc'),
    ("secret-name-in-arg-env", BASE + "ARG A B HF_TOKEN"),
    ("unpinned-base-tag", "FROM \\\n ubuntu"),
    ("unpinned-base-tag", "ARG T=latest\nARG I=ubuntu:$T\nFROM ${I}"),
    ("unpinned-base-tag", "FROM --platform=$BUILDPLATFORM reg:5000/x/y"),
    ("unpinned-base-tag", "FROM a:1 AS x\nFROM X1"),
    ("unpinned-base-tag", "FROM UBUNTU"),
    ("add-url-without-checksum", BASE + 'ADD ["https://x/y", "/z"]'),
    ("add-url-without-checksum", BASE + "ARG U=https://x/y\nADD ${U} /z"),
    ("add-url-without-checksum", BASE + 'ADD "https://x/y" /z'),
    ("curl-insecure", BASE + "RUN curl -Lk x"),
    ("curl-insecure", BASE + "RUN c=curl; $c -k x"),
    ("curl-insecure", BASE + "RUN curl --insec''ure x"),
    ("curl-insecure", BASE + "RUN curl -o f -k x"),
    ("curl-insecure", BASE + "HEALTHCHECK CMD true\nRUN a && curl x -sk -o y"),
    ("curl-insecure", BASE + "RUN F=-k; curl $F x"),
    ("world-writable", BASE + "RUN chmod -R 0777 /x"),
    ("world-writable", BASE + "RUN chmod --recursive ugo+rwx /x"),
    ("world-writable", BASE + "RUN install -m 777 a /x"),
    ("world-writable", BASE + "RUN mkdir -m 777 /x"),
    ("world-writable", BASE + "RUN chmod a=rwx /x"),
    ("world-writable", BASE + "RUN find /x -exec chmod 777 {} +"),
    ("world-writable", BASE + "COPY --chmod=0777 a /x"),
    ("jupyter-no-auth", BASE + "CMD jupyter notebook --NotebookApp.token='' --ip=0.0.0.0"),
    ("jupyter-no-auth", BASE + 'CMD ["sh","-c","jupyter lab --ServerApp.token=\'\'"]'),
    (
        "jupyter-no-auth",
        BASE + "RUN echo \"c.NotebookApp.token = ''\" >> ~/.jupyter/jupyter_notebook_config.py",
    ),
    ("jupyter-no-auth", BASE + 'ENTRYPOINT ["jupyter","lab","--IdentityProvider.token="]'),
    ("jupyter-no-auth", BASE + 'CMD jupyter lab --ServerApp.token ""'),
    (
        "jupyter-no-auth",
        BASE + "RUN jupyter lab --generate-config && echo 'c.ServerApp.token = u\"\"' >> /x",
    ),
    ("jupyter-no-auth", BASE + "ENV JUPYTER_TOKEN=''\nCMD jupyter lab"),
    ("ld-preload-env", BASE + "ENV LD_PRELOAD=./evil.so"),
    ("ld-preload-env", BASE + "ENV A=1 LD_PRELOAD=/proc/self/x"),
    ("nvidia-visible-devices-all", BASE + "ARG D=all\nENV NVIDIA_VISIBLE_DEVICES=$D"),
    ("nvidia-visible-devices-all", BASE + "ENV NVIDIA_VISIBLE_DEVICES all"),
    ("git-clone-unpinned", BASE + "RUN git clone --depth=1 https://x/y"),
    ("pin-pip", BASE + "RUN pip install --no-cache-dir \\\n   requests \\\n   # c\n   && x"),
    ("pin-pip", BASE + "RUN python3.11 -m pip install requests"),
    ("pin-pip", BASE + "RUN pip3 --no-cache-dir install requests"),
    ("pin-pip", BASE + "RUN uv pip install requests"),
    ("pin-pip", BASE + 'RUN ["pip", "install", "requests"]'),
    ("pin-pip", BASE + "RUN /opt/venv/bin/pip install requests"),
    ("passwordless-sudo", BASE + "RUN echo 'x ALL=(ALL:ALL) NOPASSWD: ALL' | tee -a /etc/sudoers.d/x"),
    ("passwordless-sudo", BASE + "RUN printf 'x ALL=(ALL) NOPASSWD:ALL\\n' > /etc/sudoers.d/x"),
    ("passwordless-sudo", BASE + "RUN sed -i 's/%sudo.*ALL/%sudo ALL=(ALL) NOPASSWD:ALL/' /etc/sudoers"),
    ("passwordless-sudo", BASE + "RUN adduser app docker"),
    ("passwordless-sudo", BASE + "RUN useradd -G docker app"),
    ("ssh-key-in-image", BASE + "RUN ssh-keygen -f k -N ''"),
    ("expose-ssh-port", BASE + "EXPOSE 22/tcp"),
    ("expose-ssh-port", BASE + "EXPOSE 8000 \\\n 22"),
    ("copy-credential-file", BASE + 'COPY ["./.env", "/app/"]'),
    ("copy-credential-file", BASE + "COPY a/.aws /root/.aws"),
    ("copy-credential-file", BASE + "ADD --chown=1 id_ed25519 /k"),
    ("secret-build-arg-in-run", BASE + "ARG TOKEN\nRUN pip install git+https://x:${TOKEN}@h/y"),
    (
        "secret-build-arg-in-run",
        BASE + 'ARG GITHUB_TOKEN\nRUN <<EOF\ncurl -H "Authorization: $GITHUB_TOKEN" https://x\nEOF',
    ),
    (
        "secret-build-arg-in-run",
        'ARG GITHUB_TOKEN\nFROM python:3.12-slim\nARG GITHUB_TOKEN\nRUN ["sh","-c","x $GITHUB_TOKEN"]',
    ),
    ("cuda-stubs-on-runtime-path", BASE + 'ENV LD_LIBRARY_PATH="/a:/usr/local/cuda/lib64/stubs"'),
    ("apt-unauthenticated", BASE + "RUN apt-get install -y --allow-unauthenticated x"),
    (
        "apt-unauthenticated",
        BASE + "RUN echo 'APT::Get::AllowUnauthenticated \"true\";' > /etc/apt/apt.conf.d/99x",
    ),
    ("pip-trusted-host", BASE + "RUN PIP_TRUSTED_HOST=x pip install y==1"),
    (
        "pip-trusted-host",
        BASE + "RUN mkdir ~/.pip && cat > ~/.pip/pip.conf <<EOF\n[global]\ntrusted-host=x\nEOF",
    ),
    ("pip-extra-index", BASE + "RUN printf '[global]\\nextra-index-url=https://x\\n' > /etc/pip.conf"),
    ("ssh-host-check-off", BASE + "RUN cat >> ~/.ssh/config <<EOF\nHost *\n  StrictHostKeyChecking no\nEOF"),
    (
        "ssh-host-check-off",
        BASE + "RUN sed -i 's/#PermitRootLogin prohibit-password/PermitRootLogin yes/' /etc/ssh/sshd_config",
    ),
    ("ssh-host-check-off", BASE + "COPY <<EOF /root/.ssh/config\nHost *\n StrictHostKeyChecking no\nEOF"),
    ("dockerfile-trust-remote-code", BASE + "ENTRYPOINT vllm serve x --trust-remote-code"),
    (
        "dockerfile-trust-remote-code",
        BASE + "RUN python - <<EOF\nAutoModel.from_pretrained('x/y', trust_remote_code = True)\nEOF",
    ),
    ("multiple-cmd", BASE + 'CMD a\nCMD ["b"]'),
    (
        "model-download-unpinned",
        BASE + "RUN python - <<EOF\nimport huggingface_hub as h\nh.snapshot_download(\n  repo_id='a/b')\nEOF",
    ),
    ("workdir-system-dir", BASE + 'WORKDIR "/proc/self/fd/7"'),
    ("workdir-system-dir", BASE + "ENV D=/proc\nWORKDIR $D/self"),
    ("secret-mount-persisted", BASE + "RUN --mount=type=secret,id=t cat /run/secrets/t > /root/.t"),
    ("secret-mount-persisted", BASE + "RUN --mount=type=secret,id=t,target=/t cp /t /etc/x"),
    (
        "secret-mount-persisted",
        BASE + "RUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) && echo $TOKEN > /x",
    ),
    ("url-with-credentials", BASE + "RUN pip install --index-url https://u:Xk29dkQp2@h/s x==1"),
    (
        "http-download",
        BASE + "RUN python -c \"import urllib.request; urllib.request.urlretrieve('http://e.com/x','x')\"",
    ),
    (
        "download-without-checksum",
        BASE + "RUN cd /tmp && curl -sSLO https://e.com/x.deb && apt-get install -y ./x.deb",
    ),
    ("download-without-checksum", BASE + "RUN wget https://e.com/x.sh && bash ./x.sh && rm x.sh"),
    ("download-without-checksum", BASE + "RUN wget -q https://e.com/x.run && sh x.run"),
    (
        "download-without-checksum",
        BASE
        + "RUN curl -L https://e.com/kubectl -o /usr/local/bin/kubectl && chmod +x /usr/local/bin/kubectl",
    ),
    ("apt-key", BASE + "RUN curl -fsSL https://x | gpg --dearmor -o /etc/apt/trusted.gpg.d/x.gpg"),
    ("apt-source-untrusted", BASE + "RUN add-apt-repository 'deb [trusted=yes] https://x /'"),
    ("gpu-driver-in-image", BASE + "RUN apt-get install -y cuda-drivers-550"),
]

HARMLESS = [
    ("sudo-as-root", BASE + "RUN echo 'sudo b' > f && grep sudo /etc/group"),
    ("sudo-as-root", BASE + "RUN cat <<EOF > /f\nsudo b\nEOF"),
    ("sudo-as-root", BASE + "COPY <<EOF /f\nRUN sudo b\nEOF"),
    ("sudo-as-root", BASE + "# RUN sudo b\nLABEL a='RUN sudo b'"),
    ("pipe-to-shell", BASE + 'RUN X=$(curl x) && test "$X" = 1 && echo $X'),
    ("pipe-to-shell", BASE + "RUN curl x | while read l; do echo $l; done"),
    ("pipe-to-shell", BASE + "RUN curl x | tar x && sh y"),
    ("root-user", BASE + "RUN <<EOF\nUSER root\nEOF\nUSER app"),
    ("root-user", BASE + "USER root\nUSER app"),
    ("root-user", BASE + "USER rooty"),
    ("secret-mount-persisted", BASE + "RUN --mount=type=secret,id=t T=$(cat /run/secrets/t) x > /dev/null"),
    ("secret-name-in-arg-env", BASE + "ENV MAX_TOKENS=1 TOKENIZERS_PARALLELISM=false NEXT_PUBLIC_API_KEY=x"),
    ("world-writable", BASE + "RUN chmod 775 /x && chmod -R g+w /y && chmod 1777 /z"),
    ("curl-insecure", BASE + "RUN curl -o k-file https://e.com/-k && wget -k x"),
    ("unpinned-base-tag", "FROM a:1 AS Build\nFROM build\nFROM SCRATCH"),
]


@pytest.fixture(scope="module")
def finds() -> Callable[[str, SourceText], bool]:
    plans: dict[str, Plan] = {}

    def ask(rule_id: str, text: SourceText) -> bool:
        if rule_id not in plans:
            rule = load_file(builtin_directory() / "dockerfile" / f"{rule_id}.yaml")
            judged = Judged(rule, rule.info.severity, rule.info.confidence, rule.params)
            plans[rule_id] = Plan(FORMAT, [judged])
        return bool(evaluate(FORMAT.read(text), plans[rule_id]).findings)

    return ask


@pytest.mark.parametrize(("rule_id", "text"), EVASIONS)
def test_found(rule_id: str, text: str, finds: Callable[[str, SourceText], bool]) -> None:
    assert finds(rule_id, SourceText("Dockerfile", text))


@pytest.mark.parametrize(("rule_id", "text"), HARMLESS)
def test_left_alone(rule_id: str, text: str, finds: Callable[[str, SourceText], bool]) -> None:
    assert not finds(rule_id, SourceText("Dockerfile", text))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfFROM a:1\nUSER root",
        "FROM a:1\nUSER root".encode("utf-16"),
        "\ufeffFROM a:1\nUSER root".encode("utf-16-be"),
        "FROM a:1\nUSER root".encode("utf-32"),
        b"FROM a:1\n# \xe9\nUSER root",
    ],
)
def test_encodings(data: bytes, finds: Callable[[str, SourceText], bool]) -> None:
    assert finds("root-user", decode("Dockerfile", data))


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-32-be", "utf-8"])
def test_a_byte_order_mark_hides_no_dockerfile(encoding: str) -> None:
    assert classify("Dockerfile", "\ufeffFROM a:1\nUSER root".encode(encoding)) == "dockerfile"
