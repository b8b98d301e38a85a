"""COPY and ADD: what goes where, and from which stage; the mounts of RUN."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.dockerfile.instruction import Instruction, Part
from linter.formats.dockerfile.lines import Heredoc
from linter.formats.document import Document
from linter.formats.image import HOLE, is_unknown
from linter.formats.model import fact, field
from linter.formats.shell.command import known
from linter.formats.shell.downloads import Download
from linter.formats.shell.urls import is_prose
from linter.formats.shell.writes import Write
from linter.patterns import lazy_regex
from linter.text import Span

_GIT = lazy_regex(r"git@|git://|ssh://git@|https?://[^#]*\.git(?:#|$)|github\.com/[\w.-]+/[\w.-]+(?:#|$)")


_ARCHIVE = lazy_regex(r"\.(?:tar|gz|bz2|xz|zst|tgz|tbz2?|tlz|tpz|txz|tzst|Z|lz|lzma|tZ|tb2)$", re.IGNORECASE)


_SHELL_WORD = lazy_regex(r"\|\||&&|;|\d?>>?(?:/dev/null|&\d)?")


_COMMIT = lazy_regex(r"[0-9a-f]{40}")


_LAYER = lazy_regex(r"(?:file|multi|dir):[0-9a-f]{64}")


_CREDENTIALS_VARIABLE = lazy_regex(
    r"\$\{?(?:AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|GOOGLE_APPLICATION_CREDENTIALS|HF_TOKEN_PATH|KUBECONFIG|DOCKER_CONFIG"
    r"|NETRC|NPM_CONFIG_USERCONFIG|BOTO_CONFIG|AZURE_CONFIG_DIR|CLOUDSDK_CONFIG)\b"
)


# Public halves and certificates are none: *.pub, *.crt, ca*.pem. Templates are none: .env.example.
_CREDENTIAL_FILE = lazy_regex(
    r"/(?:\.env(?:\.(?!(?:example|sample|template|dist|tmpl|defaults?|schema|development|test)\b)[\w.-]+)?|\.netrc|_netrc"
    r"|\.npmrc|\.pypirc|\.git-credentials"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh(?:/(?!.*\.pub$|known_hosts$|config$).*)?|\.aws(?:/credentials.*)?"
    r"|\.azure(?:/.*)?|\.config/gcloud(?:/.*)?"
    r"|\.kube(?:/config)?|\.docker/config\.json|\.dockercfg|\.huggingface(?:/.*)?|huggingface/token"
    r"|kaggle\.json|\.ngc(?:/.*)?"
    r"|[\w.-]*service[-_]?account[\w.-]*\.json|application_default_credentials\.json"
    r"|(?!(?:ca|root|cert|chain|fullchain|server-ca|tls-ca|public)[\w.-]*\.pem$)[\w.*-]+\.pem|[\w.*-]+\.(?:key"
    r"|p12|pfx|jks|keystore|kdbx))/?$",
    re.IGNORECASE,
)


class Mount(Part):
    """`RUN --mount=…`."""

    type: str = field("bind", "bind cache tmpfs secret ssh")
    target: str = field("", "path in the build container")
    id: str = field("", "id of the secret or cache")
    source: str = field("", "path within `from`")
    from_: str | None = field(None, "stage or image that is mounted", key="from")
    env: str | None = field(None, "environment variable that receives the secret")
    options: dict[str, str] = field({}, "all options as written")

    from_kind: Any = "image"

    def is_a(self, *types: str) -> bool:
        """Whether it is known to be of one of the types."""
        return isinstance(self.type, str) and self.type in types


class Source(Part):
    """One thing that COPY or ADD copies."""

    text: str = field("", "as written, variables resolved")
    context: bool = field(False, "whether it comes from the build context")

    def __init__(
        self, document: Document, span: Span, content: str, *, context: bool, heredoc: Heredoc | None = None
    ) -> None:
        super().__init__(document, span)
        self.content = content
        self.text = known(content)
        self.here = heredoc
        self.context = context and heredoc is None and not self.is_remote(content)

    @staticmethod
    def is_remote(content: str) -> bool:
        return (
            content.startswith(("http://", "https://", "ftp://", "git://", "ssh://", "git@"))
            or _GIT.match(content) is not None
        )

    @fact
    def label(self) -> str:
        """The source for messages, with … for what is not known."""
        return self.content.replace(HOLE, "…")

    @fact
    def credential_file(self) -> bool:
        """Whether it is a file that holds credentials by its name: .env, .netrc, id_rsa, *.pem, kube config …"""
        return (
            False
            if HOLE in self.content or not self.context
            else _CREDENTIAL_FILE.search("/" + self.content) is not None
        )

    @fact
    def layer(self) -> bool:
        """Whether it is what `docker history` shows in place of a source: `file:<hash>`."""
        return _LAYER.fullmatch(self.content) is not None

    @fact
    def heredoc(self) -> bool:
        """Whether it is a here-document."""
        return self.here is not None

    @fact
    def git(self) -> bool:
        """Whether it is a git repository."""
        return _GIT.match(self.content) is not None

    @fact
    def url(self) -> bool:
        """Whether it is fetched over HTTP or FTP, git repositories aside."""
        return not self.git and self.content.startswith(("http://", "https://", "ftp://"))

    @fact
    def prose(self) -> bool:
        """Whether its name says that it is a text for people: LICENSE, NOTICE, README …"""
        return is_prose(self.content)

    @fact
    def commit(self) -> bool:
        """Whether a git repository is fixed to a full commit."""
        fragment = self.content.partition("#")[2].partition(":")[0]
        return UNKNOWN if HOLE in fragment else _COMMIT.fullmatch(fragment) is not None

    @fact
    def archive(self) -> bool:
        """Whether its name says that it is an archive which ADD unpacks."""
        return UNKNOWN if self.content.endswith(HOLE) else _ARCHIVE.search(self.content) is not None

    @fact
    def any_kind(self) -> bool:
        """Whether it is a pattern that matches files of any kind: `dist/*`, not `dist/*.whl`."""
        return self.content.endswith("*")

    @fact
    def name(self) -> str:
        """Last part of the path."""
        return known(self.content.rstrip("/").rsplit("/", 1)[-1])

    @fact
    def path(self) -> str:
        """The path within its source, normalised, without a leading slash; `.` for all of it."""
        if HOLE in self.content:
            return UNKNOWN
        return posixpath.normpath("/" + self.content).lstrip("/") or "."

    @fact
    def everything(self) -> bool:
        """Whether it is the whole context: `.`, `./`, `/`, `*`."""
        return UNKNOWN if is_unknown(self.path) else self.context and self.path in (".", "*")


class Copy(Instruction):
    """COPY or ADD."""

    sources: list[Source] = field((), "what is copied")
    destination: str = field("", "where to, variables resolved")
    from_: str | None = field(
        None, "`--from`: a stage, an index or an image; null for the build context", key="from"
    )
    from_kind: str = field(
        "context", "context, stage, index, self, later, image or unknown (`--from` that names nothing)"
    )
    target: str = field("", "the destination as an absolute path, the working directory applied")
    chown: str | None = field(None, "`--chown`")
    chmod: str | None = field(None, "`--chmod`")
    workdir_set: bool = field(False, "whether the stage or its parents set a working directory before")

    written_destination = ""

    @fact
    def downloads(self) -> list[Download]:
        """URLs that ADD fetches."""
        return [
            Download(None, source, source.content, str(self.target), checksum=self.checksum)
            for source in self.sources
            if self.keyword == "ADD" and source.url
        ]

    @fact
    def writes(self) -> list[Write]:
        """Files that its here-documents write."""
        return [
            Write(None, str(self.target), one.here.body.text, one.here.body)
            for one in self.sources
            if one.here is not None
        ]

    @fact
    def shell_words(self) -> bool:
        """Whether words of a shell stand in it, which it takes for files: `2>/dev/null || true`."""
        words = [source.content for source in self.sources]
        return any(_SHELL_WORD.fullmatch(word) for word in words)

    @fact
    def checksum(self) -> bool:
        """Whether `--checksum` is given."""
        return bool(self.flags.get("checksum"))

    @fact
    def special(self) -> bool:
        """Whether ADD does something that COPY can not: unpack, fetch, checksum, git directory."""
        return any(name in self.flags for name in ("checksum", "keep-git-dir", "unpack"))

    @fact
    def delivered(self) -> bool:
        """Whether the image has what it copies: in its own layers, or by a COPY --from of the place where it goes."""
        stage = self.stage
        if stage.shipped or self.target is UNKNOWN:
            return True
        target = posixpath.normpath(self.target)
        return any(f"{target}/".startswith(f"{path}/") for path in stage.taken)

    @fact
    def to_credentials(self) -> bool:
        """Whether the destination is a variable in which tools look for the file of their credentials."""
        return _CREDENTIALS_VARIABLE.match(self.written_destination.strip("\"'")) is not None

    @fact
    def relative(self) -> bool:
        """Whether the destination is a relative path."""
        text = self.destination
        if is_unknown(text):
            return UNKNOWN
        return text != "" and not (
            text.startswith(("/", "$", "\\", HOLE)) or re.match(r"[A-Za-z]:", text) is not None
        )
