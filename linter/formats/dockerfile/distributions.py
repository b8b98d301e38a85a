"""What is known of base images by the distribution that they are of, as their names say it."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.image import ImageRef, is_unknown
from linter.patterns import lazy_regex

# Bash and BusyBox's shell give their process to the one command of `sh -c`, Debian's dash makes a child
_EXECS = lazy_regex(
    r"(?:.*/)?(?:alpine|busybox|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux|photon|archlinux)(?:[-_/:].*)?"
    r"|.*/ubi\d*(?:[-/:].*)?|.*:(?:.*-)?alpine[\d.]*"
)
_RELEASE_8 = lazy_regex(
    r".*/ubi8(?:[-/:].*)?|.*/(?:centos|rockylinux|almalinux|oraclelinux|ubi(?:-\w+)?)(?:/[\w-]+)?:(?:stream)?8(?:[.-].*)?"
)
# Docker's own images and those of distributions and languages: their working directory is the same in every version
_STEADY = lazy_regex(
    r"docker\.io/library/.*|public\.ecr\.aws/(?:docker/library|amazonlinux)/.*|registry\.(?:access\.)?redhat\.(?:com|io)/ubi\d.*"
    r"|gcr\.io/distroless/.*|mcr\.microsoft\.com/(?:windows|dotnet|openjdk)/.*|quay\.io/(?:centos|fedora|rockylinux|almalinuxorg)/.*"
    r"|(?:docker\.io|nvcr\.io)/nvidia/cuda.*|docker\.io/(?:azul/zulu-openjdk|amazon/aws-cli|rockylinux/|almalinux/|redhat/ubi).*"
)

# What the full images of Docker's languages on Debian have of that which people install; slim ones have little
_OF_DOCKER = ("docker.io/library/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/")
_SCM = frozenset(("ca-certificates", "curl", "git", "gnupg", "mercurial", "openssh-client", "procps", "wget"))
_COMPILERS = frozenset(("g++", "gcc", "libc6-dev", "make", "pkg-config"))
_BUILDPACK = (
    _SCM
    | _COMPILERS
    | {"autoconf", "automake", "bzip2", "dpkg-dev", "file", "libtool", "patch", "unzip", "xz-utils"}
    | {"libffi-dev", "libpq-dev", "libsqlite3-dev", "libssl-dev", "libxml2-dev", "zlib1g-dev"}
)
_PACKAGES = {
    "golang": _SCM | _COMPILERS,
    "rust": _BUILDPACK,
    "python": _BUILDPACK,
    "node": _BUILDPACK,
    "ruby": _BUILDPACK,
    "perl": _BUILDPACK,
    "gcc": _BUILDPACK,
    "buildpack-deps": _SCM,
}
_OTHERWISE = lazy_regex(r"(?:.*-)?(?:slim|alpine|windowsservercore|nanoserver|curl)(?:[\d.-].*)?")


def packages(image: ImageRef) -> frozenset[str]:
    """Packages of Debian that it surely has."""
    if is_unknown(image.full_name) or is_unknown(image.tag) or not image.full_name.startswith(_OF_DOCKER):
        return frozenset()
    found = _PACKAGES.get(image.full_name.rpartition("/")[2], frozenset())
    return frozenset() if _OTHERWISE.fullmatch(image.tag or "") else found


def _name(image: ImageRef) -> Any:
    if is_unknown(image.full_name) or is_unknown(image.tag):
        return UNKNOWN
    return f"{image.full_name}:{image.tag or ''}"


def shell_gives_way(image: ImageRef) -> Any:
    """Whether its shell becomes the one command that it is given by `sh -c`."""
    name = _name(image)
    return UNKNOWN if is_unknown(name) else _EXECS.fullmatch(name) is not None


def is_release_8(image: ImageRef) -> Any:
    """Whether it is release 8 of Red Hat's distribution, or of one that is built of its sources."""
    name = _name(image)
    return UNKNOWN if is_unknown(name) else _RELEASE_8.fullmatch(name) is not None


def is_steady(image: ImageRef) -> Any:
    """Whether every version of it has the same working directory."""
    return UNKNOWN if is_unknown(image.full_name) else _STEADY.fullmatch(image.full_name) is not None
