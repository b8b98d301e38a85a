"""What commands install, fetch, write and set."""

from __future__ import annotations

from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.formats.shell import parse_shell
from linter.formats.shell.caches import leftovers, updates
from linter.formats.shell.clones import clones
from linter.formats.shell.downloads import downloads
from linter.formats.shell.hubs import model_fetches
from linter.formats.shell.installs import install_of
from linter.formats.shell.packages import Package
from linter.formats.shell.settings import of_commands, of_variable, of_write
from linter.formats.shell.writes import writes


def found(text: str) -> list[Package]:
    installs = [install_of(command) for command in parse_shell(text)]
    return [package for install in installs if install is not None for package in install.packages]


@pytest.mark.parametrize(
    ("text", "name", "versioned", "exact"),
    [
        ("pip install torch", "torch", False, False),
        ("pip install torch==2.1", "torch", True, True),
        ("pip install 'torch>=2.1'", "torch", True, False),
        ("pip install torch>=2.1", "torch", False, False),  # the shell takes `>=2.1` for a file
        ("pip install 'Foo_Bar[x]~=1'", "foo-bar", True, False),
        ("pip install torch==${V}", "torch", True, True),
        ("pip install ./x", "./x", True, True),
        ("pip install x-1.whl", "x-1.whl", True, True),
        ("pip install 'x @ https://e.com/x.whl'", "x.whl", True, True),
        ("pip install git+https://e.com/a/b.git", "b", False, False),
        ("pip install git+https://e.com/a/b.git@main", "b", True, False),
        ("pip install git+https://e.com/a/b.git@0123456", "b", True, True),
        ("uv pip install --system x", "x", False, False),
        ("uv add x==1", "x", True, True),
        ("pipx install x", "x", False, False),
        ("apt-get -y install --no-install-recommends curl=7", "curl", True, True),
        ("apt-get install -t stable curl", "curl", False, False),
        ("apk add --no-cache curl~8", "curl", True, True),
        ("dnf install -y httpd-2.4", "httpd", True, True),
        ("yum install gcc-c++", "gcc-c++", False, False),
        ("zypper in 'x>=1'", "x", True, False),
        ("npm i -g @a/b@1", "@a/b", True, True),
        ("yarn add left-pad", "left-pad", False, False),
        ("gem install x -v 1", "x", True, True),
        ("conda install -y -c nvidia x=1", "x", True, True),
        ("mamba create -n e nvidia::x", "x", False, False),
        ("go install e.com/x@v1", "e.com/x", True, True),
    ],
)
def test_packages(text: str, name: str, versioned: bool, exact: bool) -> None:
    (package,) = found(text)
    assert (package.name, package.versioned, package.exact) == (name, versioned, exact)


@pytest.mark.parametrize(
    "text",
    [
        "pip install",
        "pip install -r r.txt",
        "pip download x",
        "apt-get update",
        "echo pip install x",
        "apt-get install curl-",
    ],
)
def test_no_packages(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "url", ["https://e.com/a/b.git@main", "https://e.com/a/b/@main", "ssh://git@e.com/a/b"]
)
def test_a_repository_is_named_by_its_address(url: str) -> None:
    (package,) = found(f"pip install git+{url}#subdirectory=c")
    assert package.name == "b"


def test_an_unknown_package_has_no_verdict() -> None:
    (package,) = found("pip install $PACKAGES")
    assert package.name is UNKNOWN
    assert package.versioned is UNKNOWN


def one_download(text: str) -> Any:
    return downloads(parse_shell(text))[0]


@pytest.mark.parametrize(
    ("text", "used", "verified"),
    [
        ("curl -fo x.tgz https://e.com/x.tgz && tar xf x.tgz", True, False),
        ("curl -O https://e.com/x-1.tgz && tar xf x-*.tgz", True, False),
        ("wget https://e.com/x.sh; sh x.sh", True, False),
        ("wget https://e.com/x.sh && chmod +x x.sh", True, False),
        ("wget https://e.com/x && chmod a+r x", False, False),
        ("wget -P /t https://e.com/x.deb && dpkg -i /t/x.deb", True, False),
        ("curl https://e.com/x > /usr/local/bin/x", True, False),
        ("curl https://e.com/x | tar xz", True, False),
        ("curl -O https://e.com/x.tgz && echo 'h  x.tgz' | sha256sum -c && tar xf x.tgz", True, True),
        ("curl -O https://e.com/x.tgz && sha256sum x.tgz && tar xf x.tgz", True, False),
        ("curl -O https://e.com/x.tgz && gpg --verify x.tgz.asc x.tgz && tar xf x.tgz", True, True),
        ("curl -O https://e.com/x.json", False, False),
        (
            "curl https://e.com/k.gpg -o /etc/apt/keyrings/k.gpg && chmod +x /etc/apt/keyrings/k.gpg",
            False,
            False,
        ),
    ],
)
def test_downloads(text: str, used: bool, verified: bool) -> None:
    download = one_download(text)
    assert (download.used, download.verified) == (used, verified)


@pytest.mark.parametrize(
    ("url", "insecure", "moving"),
    [
        ("http://e.com/x", True, False),
        ("http://localhost:80/x", False, False),
        ("http://169.254.169.254/x", False, False),
        ("http://$HOST/x", False, False),
        ("https://e.com/releases/latest/download/x", False, True),
        ("https://github.com/a/b/archive/main.tar.gz", False, True),
        ("https://raw.githubusercontent.com/a/b/master/x.sh", False, True),
        ("https://e.com/x-latest-Linux.sh", False, True),
        ("https://e.com/v1.2/x", False, False),
        ("https://e.com/maintenance/x", False, False),
    ],
)
def test_urls(url: str, insecure: bool, moving: bool) -> None:
    download = one_download(f"curl -O {url}")
    assert (download.insecure, download.moving) == (insecure, moving)


@pytest.mark.parametrize(
    ("text", "ref", "moving"),
    [
        ("git clone https://e.com/r", None, True),
        ("git clone -b v1 https://e.com/r", "v1", False),
        ("git clone --branch main https://e.com/r", "main", True),
        ("git clone https://e.com/r && cd r && git checkout abcdef1", "abcdef1", False),
        ("git -c a=b clone --depth 1 https://e.com/r d && git -C d reset --hard abcdef1", "abcdef1", False),
        ("git clone -b $V https://e.com/r", UNKNOWN, False),
    ],
)
def test_clones(text: str, ref: Any, moving: bool) -> None:
    (clone,) = clones(parse_shell(text))
    assert clone.ref is ref or clone.ref == ref
    assert clone.moving is moving


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("huggingface-cli download a/b", False),
        (f"hf download a/b --revision {COMMIT}", True),
        ("hf download a/b --revision main", False),
        ("ollama pull llama3", False),
        ("python -c \"from x import *; snapshot_download('a/b')\"", False),
        (f"python -c \"snapshot_download(repo_id='a/b', revision='{COMMIT}')\"", True),
        ("python3 - <<EOF\nAutoModel.from_pretrained('a/b')\nEOF", False),
        ("wget https://huggingface.co/a/b/resolve/main/m.bin", False),
        (f"wget https://huggingface.co/a/b/resolve/{COMMIT}/m.bin", True),
        ("git clone https://huggingface.co/a/b", False),
        ("hf download a/b --revision $R", UNKNOWN),
        ("ngc registry model download-version org/m:1.0", True),
    ],
)
def test_models(text: str, pinned: Any) -> None:
    fetches = model_fetches(parse_shell(text))
    assert len(fetches) == 1
    assert fetches[0].pinned is pinned


def test_local_models_are_no_fetches() -> None:
    assert model_fetches(parse_shell("python -c \"AutoModel.from_pretrained('/models/x')\"")) == []


@pytest.mark.parametrize(
    ("text", "path", "content"),
    [
        ("echo a b > /f", "/f", "a b"),
        ("printf 'a\\n' >> /f", "/f", "a\n"),
        ("cat <<EOF > /f\nx\nEOF", "/f", "x\n"),
        ("cat > /f <<EOF\nx\nEOF", "/f", "x\n"),
        ("tee /f <<EOF\nx\nEOF", "/f", "x\n"),
        ("echo a | sudo tee -a /f", "/f", "a"),
        ("sed -i 's/a/b/' /f", "/f", "b"),
        (r"sed -i 's/#\(X \).*/\1no/' /f", "/f", "X no"),
    ],
)
def test_writes(text: str, path: str, content: str) -> None:
    (write,) = writes(parse_shell(text))
    assert (write.path, write.content) == (path, content)


def settings(text: str) -> set[tuple[str, str, Any]]:
    commands = parse_shell(text)
    result = [(one.tool, one.name, one.value) for one in of_commands(commands)]
    for write in writes(commands):
        result += [(one.tool, one.name, one.value) for one in of_write(write)]
    return set(result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install --trusted-host h x", ("pip", "trusted-host", "h")),
        ("pip config set global.trusted-host h", ("pip", "trusted-host", "h")),
        ("pip install -i http://e x", ("pip", "index-url", "http://e")),
        ("printf '[global]\\ntrusted-host = h\\n' > /etc/pip.conf", ("pip", "trusted-host", "h")),
        ("uv pip install --allow-insecure-host h x", ("uv", "trusted-host", "h")),
        ("npm config set strict-ssl false", ("npm", "strict-ssl", "false")),
        ("yarn config set strict-ssl=false", ("npm", "strict-ssl", "false")),
        ("echo strict-ssl=false >> ~/.npmrc", ("npm", "strict-ssl", "false")),
        ("git -c http.sslVerify=false clone x", ("git", "http.sslverify", "false")),
        ("git config --global http.sslVerify false", ("git", "http.sslverify", "false")),
        ("yum --setopt=base.gpgcheck=0 install x", ("yum", "gpgcheck", "0")),
        ("dnf config-manager --setopt=x.sslverify=0 --save", ("yum", "sslverify", "0")),
        ("echo gpgcheck=0 > /etc/yum.repos.d/x.repo", ("yum", "gpgcheck", "0")),
        (
            "apt-get -o APT::Get::AllowUnauthenticated=true install x",
            ("apt", "apt::get::allowunauthenticated", "true"),
        ),
        ("echo check_certificate=off >> ~/.wgetrc", ("wget", "check-certificate", "off")),
        ("conda config --add channels defaults", ("conda", "channel", "defaults")),
        ("echo 'StrictHostKeyChecking no' >> /etc/ssh/ssh_config", ("ssh", "stricthostkeychecking", "no")),
        ("ssh -o StrictHostKeyChecking=no h", ("ssh", "stricthostkeychecking", "no")),
    ],
)
def test_settings(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in settings(text)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PIP_TRUSTED_HOST", "h", ("pip", "trusted-host")),
        ("UV_INSECURE_HOST", "h", ("uv", "trusted-host")),
        ("npm_config_strict_ssl", "false", ("npm", "strict-ssl")),
        ("GIT_SSL_NO_VERIFY", "0", ("git", "http.sslverify")),
        ("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=no", ("ssh", "stricthostkeychecking")),
    ],
)
def test_variables_are_settings_too(name: str, value: str, expected: tuple[str, str]) -> None:
    (command,) = parse_shell("x")
    (setting,) = of_variable(name, value, command.place().span, command)
    assert (setting.tool, setting.name) == expected


def left(text: str, mounts: tuple[str, ...] = ()) -> list[str]:
    return [one.manager for one in leftovers(parse_shell(text), mounts, {}.get)]


def test_leftovers() -> None:
    assert left("apt-get update && apt-get install -y x") == ["apt"]
    assert left("apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*") == []
    assert left("apt-get update", ("/var/lib/apt",)) == []
    assert left("yum install -y x") == ["yum"]
    assert left("yum install -y x && yum clean all") == []
    assert left("yum clean all && yum install -y x") == ["yum"]
    assert left("apk add x") == ["apk"]
    assert left("pip install x") == ["pip"]
    assert left("PIP_NO_CACHE_DIR=1 pip install x") == []
    assert left("pip install x", ("/root/.cache/pip",)) == []
    assert left("uv pip install x && uv cache clean") == []


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("pip install torch", False),
        ("pip install --no-deps torch", False),
        ("pip install --no-deps ./a.whl torch", False),
        ("pip install --no-deps -r x.txt ./a.whl", False),
        ("pip install --no-deps git+https://example.com/x.git", False),
        ("pip install --no-deps /wheels/*.whl", True),
        ("pip install --no-deps -e .", True),
        ("pip install -e .", False),
        ("pip install --no-index --find-links /wheels torch", True),
        ("pip install --upgrade pip setuptools wheel", True),
        ("pip install --upgrade pip torch", False),
        ("pip install pip -r x.txt", False),
        ("uv pip install torch", True),
        ("uv pip install --link-mode=copy torch", False),
        ("uv pip install --link-mode copy --no-deps dist/x.whl", True),
    ],
)
def test_little_leftovers(text: str, little: bool) -> None:
    assert [one.little for one in leftovers(parse_shell(text), (), {}.get)] == [little]


def test_uv_copies_when_it_is_told_to() -> None:
    environment = {"UV_LINK_MODE": "copy"}.get
    assert [one.little for one in leftovers(parse_shell("uv pip install x"), (), environment)] == [False]


def test_updates() -> None:
    assert [one.alone for one in updates(parse_shell("apt-get update"))] == [True]
    assert [one.alone for one in updates(parse_shell("apt-get update && apt-get install x"))] == [False]
    assert updates(parse_shell("pip install --update x")) == []


@pytest.mark.parametrize(
    ("text", "conditional"),
    [
        ("git config http.sslVerify false", False),
        ('[ "$X" = 1 ] && git config http.sslVerify false', True),
        ("[[ -n $X ]] && true && git config http.sslVerify false || true", True),
        ("true && git config http.sslVerify false", False),
        ('if [ "$X" = 1 ]; then git config http.sslVerify false; fi', True),
        ('[ "$X" = 1 ] && true; git config http.sslVerify false', False),
    ],
)
def test_settings_that_a_test_decides(text: str, conditional: bool) -> None:
    (setting,) = of_commands(parse_shell(text))
    assert (setting.name, setting.conditional) == ("http.sslverify", conditional)


@pytest.mark.parametrize(
    ("ref", "released"),
    [
        ("v0.4.0", True),
        ("4.1.0-rc3", True),
        ("google-cloud-pipeline-components-2.22.0", True),
        ("v0.6.6.post1+Gaudi-1.20.0", True),
        ("main", False),
        ("r1.20.0", False),
        ("release-1.2", False),
        ("0123456", False),
    ],
)
def test_tags_of_releases(ref: str, released: bool) -> None:
    (package,) = found(f"pip install git+https://e.com/a/b.git@{ref}")
    assert package.released is released
