"""What each instruction says, as models that rules can ask."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.dockerfile import bases, serving
from linter.formats.dockerfile.lines import Heredoc, Line
from linter.formats.document import Document, Model, Place, fact, field
from linter.formats.image import HOLE, ImageRef, is_unknown
from linter.formats.node import Step
from linter.formats.shell.command import known
from linter.formats.shell.fetches import Download
from linter.formats.shell.writes import Write
from linter.patterns import lazy_regex
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.dockerfile.model import Stage

_GIT = lazy_regex(r"git@|git://|ssh://git@|https?://[^#]*\.git(?:#|$)|github\.com/[\w.-]+/[\w.-]+(?:#|$)")
_ARCHIVE = lazy_regex(r"\.(?:tar|gz|bz2|xz|zst|tgz|tbz2?|tlz|tpz|txz|tzst|Z|lz|lzma|tZ|tb2)$", re.IGNORECASE)
_COMMIT = lazy_regex(r"[0-9a-f]{40}")
_LAYER = lazy_regex(r"(?:file|multi|dir):[0-9a-f]{64}")
_CREDENTIALS_VARIABLE = lazy_regex(
    r"\$\{?(?:AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|GOOGLE_APPLICATION_CREDENTIALS|HF_TOKEN_PATH|KUBECONFIG|DOCKER_CONFIG"
    r"|NETRC|NPM_CONFIG_USERCONFIG|BOTO_CONFIG|AZURE_CONFIG_DIR|CLOUDSDK_CONFIG)\b"
)
_PLAIN_VALUE = lazy_regex(
    r"(?:/|\./|~/|\$HOME/)[^\s:@]*|-?\d{1,9}(?:\.\d+)?|true|false|yes|no|on|off|none|null|https?://[^@\s]*",
    re.IGNORECASE,
)
# Public halves and certificates are none: *.pub, *.crt, ca*.pem. Templates are none: .env.example.
_CREDENTIAL_FILE = lazy_regex(
    r"/(?:\.env(?:\.(?!(?:example|sample|template|dist|tmpl|defaults?|schema)\b)[\w.-]+)?|\.netrc|_netrc"
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


class Part(Model):
    """Anything with a place in a Dockerfile."""

    def __init__(self, document: Document, span: Span, spans: Mapping[str, Span] | None = None) -> None:
        self.document = document
        self.span = span
        self.spans: dict[str, Span] = dict(spans) if spans else {}

    def place(self) -> Place:
        return Place(self.span)

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and isinstance(steps[0], str):
            found = self.spans.get(steps[0])
            if found is not None and not (
                len(steps) > 1 and isinstance(getattr(self, steps[0], None), Model)
            ):
                return Place(found)
            if found is None and getattr(self, steps[0], self) is None:
                return Place(self.span, absent=True)
        return super().locate(steps)


class Instruction(Part):
    """One instruction."""

    keyword: str = field("", "FROM RUN COPY …, in upper case")
    value: str = field("", "all after the keyword, continued lines joined")
    written_keyword: str = field("", "the keyword as written")
    flags: dict[str, str] = field({}, "`--name=value` flags by name, without dashes")
    onbuild: bool = field(False, "whether it is the trigger of an ONBUILD")
    json: bool = field(False, "whether the exec form (a JSON list) is used")
    before_from: bool = field(False, "whether it stands before the first FROM")
    undefined: list[str] = field(
        (), "variables it uses that nothing in the file declares, if that is certain to be wrong"
    )

    def __init__(self, document: Document, line: Line, stage: Stage, keyword: str, value_at: int) -> None:
        joined = line.joined
        super().__init__(document, joined.span(0, len(joined.text)))
        self.line = line
        self.stage = stage
        self.keyword = keyword
        self.value_at = value_at
        self.value = known(joined.text[value_at:].strip())
        self.written_keyword = joined.text.lstrip().split(None, 1)[0] if joined.text.strip() else ""
        self.flags = {}
        self.onbuild = False
        self.json = False
        self.before_from = stage.index < 0
        self.undefined = []
        self.ordinal = 0
        self.spans["keyword"] = self.spans["written_keyword"] = joined.span(0, len(self.written_keyword))

    @property
    def address(self) -> str:
        return f"{self.stage.address}/{'ONBUILD ' if self.onbuild else ''}{self.keyword}[{self.ordinal}]"

    @property
    def type_key(self) -> str:
        return self.keyword

    @property
    def raw(self) -> str:
        """The value as written, with holes."""
        return self.line.joined.text[self.value_at :]

    @fact
    def uppercase(self) -> bool:
        """Whether the keyword is written in capitals."""
        return self.written_keyword.isupper()

    @fact
    def lowercase(self) -> bool:
        """Whether the keyword is written in small letters."""
        return self.written_keyword.islower()

    @fact
    def empty_continuation(self) -> bool:
        """Whether a blank line stands between its continued lines."""
        return bool(self.line.empty_continuations) and not self.onbuild

    @fact
    def legacy(self) -> bool:
        """Whether ENV or LABEL has the form `name value`, without `=`."""
        return any(getattr(part, "legacy", False) for part in self.__dict__.get("parts", ()))

    @fact
    def misdescribed(self) -> bool:
        """Whether a comment stands directly above that does not begin with the name of the stage or argument."""
        above = self.line.comments_above
        name = (
            getattr(self, "alias", None)
            if self.keyword == "FROM"
            else next((part.name for part in parts(self) if isinstance(part, Variable)), None)
        )
        if not above or not isinstance(name, str):
            return False
        return above[-1].text.partition(" ")[0].rstrip(":") != name

    @fact
    def trigger(self) -> str:
        """The keyword after ONBUILD; empty for others."""
        return str(self.__dict__.get("trigger_keyword", ""))

    def located(self, start: int, end: int) -> Span:
        """The source span of a part of the joined text."""
        return self.line.joined.span(start, end)


class From(Instruction):
    """FROM: what a stage starts from."""

    image: ImageRef = field(None, "the image, ARG defaults applied; of an alias, a reference of that name")
    alias: str | None = field(None, "name of the stage: `AS name`")
    platform: str | None = field(None, "`--platform`, variables resolved")
    written_platform: str | None = field(None, "`--platform` as written")
    external: bool = field(True, "whether the image is neither an earlier stage nor scratch")
    scratch: bool = field(False, "whether it is the empty image")
    undeclared: list[str] = field((), "variables that no ARG before the first FROM declares")
    with_defaults: ImageRef = field(
        None, "the image with ARG defaults alone: an ARG without a default is empty"
    )
    written_as: str = field("", "the word AS as written")

    twin: From | None = None  # an earlier FROM with the same alias

    @fact(at="image")
    def ai(self) -> bool:
        """Whether the image is one of the AI bases: CUDA, NGC, PyTorch, vLLM, Ray, Hugging Face …"""
        return bases.is_ai(self.image) if self.external else False

    @fact(at="image")
    def mutable(self) -> bool:
        """Whether the image may change: a moving tag, or a CUDA tag without its patch version, and no digest."""
        if not self.external:
            return False
        loose = bases.is_loose_cuda(self.image)
        return loose if loose is True else self.image.floating

    @fact(at="platform")
    def constant_platform(self) -> bool:
        """Whether `--platform` is a literal that the stage's name says nothing of."""
        written = self.written_platform
        if written is None or "$" in written or HOLE in written:
            return False
        alias = (self.alias or "").lower()
        return not any(word and word in alias for word in re.split(r"[/\s]", written.lower()))

    @fact
    def uses_variables(self) -> bool:
        """Whether the image is made of variables."""
        return "$" in self.raw

    @fact(at="alias")
    def duplicate(self) -> bool:
        """Whether an earlier stage has the same name."""
        return self.twin is not None

    @fact(at="image")
    def end_of_life(self) -> bool:
        """Whether the image, or the distribution named in its tag, gets no more security fixes."""
        return bases.is_end_of_life(self.image) if self.external else False


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
    def commit(self) -> bool:
        """Whether a git repository is fixed to a full commit."""
        fragment = self.content.partition("#")[2].partition(":")[0]
        return UNKNOWN if HOLE in fragment else _COMMIT.fullmatch(fragment) is not None

    @fact
    def archive(self) -> bool:
        """Whether its name says that it is an archive which ADD unpacks."""
        return UNKNOWN if self.content.endswith(HOLE) else _ARCHIVE.search(self.content) is not None

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
    def checksum(self) -> bool:
        """Whether `--checksum` is given."""
        return bool(self.flags.get("checksum"))

    @fact
    def special(self) -> bool:
        """Whether ADD does something that COPY can not: unpack, fetch, checksum, git directory."""
        return any(name in self.flags for name in ("checksum", "keep-git-dir", "unpack"))

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
        return not (text.startswith(("/", "$", "\\", HOLE)) or re.match(r"[A-Za-z]:", text) is not None)


class Variable(Part):
    """One variable that ENV, ARG or a RUN sets."""

    name: str = field("", "name")
    value: str | None = field(None, "value, variables resolved; null for an ARG without a default")
    written: str = field("", "value as written")
    keyword: str = field("", "ENV, ARG or RUN (an assignment or export in a script)")
    legacy: bool = field(False, "whether the form without `=` is used")
    self_reference: bool = field(
        False, "whether the value uses a variable that the same instruction sets and nothing before it"
    )
    global_: bool = field(False, "whether it is an ARG before the first FROM", key="global")
    references: list[str] = field((), "variables that the value names")

    def __init__(
        self, instruction: Instruction, span: Span, name: str, content: str | None, written: str, keyword: str
    ) -> None:
        super().__init__(instruction.document, span)
        self.instruction = instruction
        self.stage = instruction.stage
        self.name = known(name)
        self.content = content
        self.value = None if content is None else known(content)
        self.written = written
        self.keyword = keyword
        self.legacy = False
        self.self_reference = False
        self.global_ = keyword == "ARG" and instruction.before_from
        self.references = []

    @property
    def address(self) -> str:
        return f"{self.instruction.address}/{self.name}"

    @property
    def type_key(self) -> str:
        return self.keyword

    @fact
    def empty(self) -> bool:
        """Whether the value is the empty string."""
        return self.content == ""

    @fact
    def plain(self) -> bool:
        """Whether the value is of a kind that no secret is: a path, a number, a boolean, a URL without a password."""
        return self.content is not None and _PLAIN_VALUE.fullmatch(self.content.strip()) is not None

    @fact
    def copied_into(self) -> bool:
        """Whether the value is a path at or below what a COPY or ADD of the same stage brings in."""
        copies = self.stage.copies
        if not self.content or HOLE in self.content:
            return any(
                copy.written_destination.rstrip("\"'/ ").endswith((f"${self.name}", f"${{{self.name}}}"))
                for copy in copies
            )
        relative = not self.content.startswith("/")
        workdir = self.stage.effective.workdir
        if relative and is_unknown(workdir):
            return False
        path = posixpath.normpath(posixpath.join("/", workdir or "", self.content))
        return any(
            isinstance(copy.target, str) and _below(path, posixpath.normpath(copy.target), whole=relative)
            for copy in copies
        )

    @fact
    def secret_name(self) -> bool:
        """Whether the name says that the value is a secret."""
        if is_unknown(self.name):
            return UNKNOWN
        return "PUBLIC" not in self.name.upper().split("_") and secrets.is_secret_name(self.name)

    @fact
    def default_password(self) -> bool:
        """Whether it is a password by its name and one of those that products come with by its value."""
        if is_unknown(self.name) or not isinstance(self.value, str):
            return UNKNOWN if is_unknown(self.name) or is_unknown(self.value) else False
        return secrets.is_default_password(self.name, self.value)

    @fact
    def literal_secret(self) -> bool:
        """Whether the value is a secret by its format or by name and look, with at least medium confidence."""
        if is_unknown(self.name) or not self.written:
            return False
        found = secrets.classify(self.name, self.written)
        return found is not None and found.confidence != "low"

    @fact
    def truthy(self) -> bool:
        """Whether the value switches something on: 1, true, yes, on."""
        return (
            UNKNOWN
            if is_unknown(self.value)
            else (self.value or "").strip().lower() in ("1", "true", "yes", "on", "y")
        )

    @fact
    def falsy(self) -> bool:
        """Whether the value switches something off: 0, false, no, off."""
        return (
            UNKNOWN
            if is_unknown(self.value)
            else (self.value or "").strip().lower() in ("0", "false", "no", "off", "n")
        )

    @fact
    def inherits(self) -> bool:
        """Whether the value is made of the variable's own earlier value: `PATH=/x:$PATH`."""
        return self.name in self.references


class Port(Part):
    """One port or range of EXPOSE."""

    text: str = field("", "as written")
    first: int = field(0, "port, or the first of a range")
    last: int = field(0, "the last of a range; else the port")
    protocol: str = field("tcp", "protocol as written")
    mapped: bool = field(False, "whether an address or a host port is given, which EXPOSE has no use for")

    stage: Any

    @fact
    def admin_product(self) -> str:
        """The ML product whose management port this is, when nothing switches authentication on; empty otherwise."""
        return serving.admin_product(self.stage, self.first)


class Start(Instruction):
    """CMD, ENTRYPOINT or HEALTHCHECK CMD."""

    none: bool = field(False, "HEALTHCHECK NONE")
    shell_set: bool = field(
        False, "whether a SHELL instruction stands before it in its stage or that one's parents"
    )
    last: bool = field(True, "whether no other of its kind follows in the stage")


class User(Instruction):
    """USER."""

    name: str = field("", "user without the group")
    group: str | None = field(None, "group after the colon")

    @fact
    def numeric(self) -> bool:
        """Whether the user is a number."""
        return UNKNOWN if is_unknown(self.name) else self.name.isdigit()

    @fact
    def root(self) -> bool:
        """Whether it is root or 0."""
        return is_root(self.name)


class Workdir(Instruction):
    """WORKDIR."""

    path: str = field("", "as written, variables resolved")
    target: str = field("", "as an absolute path, joined to the working directory before")
    first: bool = field(False, "whether no working directory was set before in the stage or its parents")

    @fact
    def relative(self) -> bool:
        """Whether the path is relative; a path that begins with an unknown variable is not known to be."""
        if is_unknown(self.path):
            return (
                UNKNOWN
                if self.raw.strip("\"' ").startswith("$")
                else not self.raw.strip("\"' ").startswith(("/", HOLE))
            )
        return not (self.path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", self.path) is not None)


class Label(Part):
    """One label."""

    name: str = field("", "key")
    value: str = field("", "value, variables resolved")
    legacy: bool = field(False, "whether the form without `=` is used")


def _below(path: str, folder: str, *, whole: bool) -> bool:
    """Whether a path is a folder or below it; the root folder counts only if the `whole` context may lie there."""
    return whole if folder == "/" else f"{path}/".startswith(folder + "/")


def is_root(user: Any) -> Any:
    """Whether a user name is root; UNKNOWN when it is not known."""
    if is_unknown(user):
        return UNKNOWN
    return user.strip().lower() in ("root", "0", "containeradministrator") or (
        user.isdigit() and int(user) == 0
    )


def parts(instruction: Instruction) -> list[Part]:
    """Variables, ports, labels of an instruction."""
    return instruction.__dict__.get("parts", [])
