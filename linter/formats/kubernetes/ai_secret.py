"""Credentials of AI providers in manifests: in variables, arguments, ConfigMaps and Secrets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats import secrets
from linter.formats.data.ai_credentials import CREDENTIALS
from linter.formats.kubernetes.ai_command import commands_of, words_of
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.launchers import Word
from linter.formats.launchers.script import HOLE
from linter.formats.model import Model, Place, field
from linter.formats.node import Step
from linter.patterns import kept_regex, lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.manifest import Manifest

_EMPTY_WORDS = lazy_regex(
    r"(?is)(empty|none|null|nil|dummy|fake|test(ing)?|changeme|change[-_]me|not[-_ ]?(needed|used|required|set)"
    r"|n/?a|token|key|secret"
    r"|sk-(fake|test|dummy|x+|no-?key.*|1{3,}|0{3,}|placeholder|your.*)|(x|\*|\.|-)+|your.*|my[-_].*|<.*>|.*(placeholder|example|redacted).*)"
)
# the prefix of a provider's tokens with a word behind it that is too short for one
_STUB = lazy_regex(r"(?:nvapi-|hf_|sk-(?:ant-|proj-|or-)?|gsk_|r8_|xai-|pplx-|pcsk_|lsv2_).{0,15}")
_WORD = lazy_regex(r"[a-z]{2,16}(?:-[a-z]{2,16})?")
_TEMPLATE = lazy_regex(r"\$\(?\{?[A-Za-z_]|\{\{|<[^<>]+>|%\w+%|__\w+__|@@")
_ARGUMENT_FLAGS = frozenset(
    [
        "api-key",
        "api-keys",
        "hf-token",
        "hf-api-token",
        "token",
        "ngc-api-key",
        "auth-token",
        "admin-api-key",
        "openai-api-key",
        "hub-token",
        "wandb-api-key",
        "use-auth-token",
    ]
)
_ARGUMENTS = lazy_regex(
    r"--?(?:api[-_]keys?|\w*[-_]?token|ngc[-_]api[-_]key|wandb[-_]api[-_]key|openai[-_]api[-_]key)\b"
)
_LOGIN = frozenset(("huggingface-cli", "hf", "wandb", "ngc"))


def is_literal(value: Any) -> bool:
    """Whether a value of a credential is the credential itself, and no reference, template or filler."""
    if not isinstance(value, str) or len(value) < 4 or HOLE in value:
        return False
    return not (
        _TEMPLATE.search(value)
        or _EMPTY_WORDS.fullmatch(value)
        or _STUB.fullmatch(value)
        or secrets.is_placeholder(value)
    )


def is_for_own_server(name: Any, value: Any) -> bool:
    """Whether a client of OpenAI's API sends a mere word (`ollama`): OpenAI issues none, and servers and gateways
    of one's own that speak its API take what their owners like."""
    return name == "OPENAI_API_KEY" and isinstance(value, str) and _WORD.fullmatch(value) is not None


def is_template(value: Any) -> bool:
    """Whether a value is a spot that a tool fills in before the manifest is applied."""
    return (
        isinstance(value, str)
        and not value.startswith("$(")
        and bool(HOLE in value or _TEMPLATE.search(value) or "PLACEHOLDER" in value.upper())
    )


class Credential(Model):
    """A credential of an AI provider. `kind`: literal, or reference (a variable in its place)."""

    name: str = field("", "the variable, key or option that holds it")
    kind: str = field("", "literal or reference")

    def __init__(self, owner: Any, name: str, kind: str, place: Place) -> None:
        self.document = owner.document
        self.owner = owner
        self.name = name
        self.kind = kind
        self._place = place

    @property
    def address(self) -> str:
        return str(self.owner.address)

    def place(self) -> Place:
        return self._place

    def locate(self, steps: Sequence[Step]) -> Place:
        return self._place


def in_arguments(container: Container) -> list[Credential]:
    """Credentials that a container's command line holds, or refers to."""
    written = [*words_of(container, "command"), *words_of(container, "args")]
    if not any(isinstance(item, str) and _ARGUMENTS.search(item) for item in written):
        return []
    found = []
    for command in commands_of(container):
        words = command.words
        login = (
            bool(words)
            and words[0].text.rpartition("/")[2] in _LOGIN
            and any(word.text == "login" for word in words)
        )
        found += [
            _argument(container, word, following, login)
            for word, following in zip(words, [*words[1:], None], strict=True)
        ]
    return [item for item in found if item is not None]


def _argument(container: Container, word: Word, following: Word | None, login: bool) -> Credential | None:
    flag, equals, value = word.text.partition("=")
    name = flag.lstrip("-").replace("_", "-")
    if (
        not flag.startswith("-")
        or name not in _ARGUMENT_FLAGS
        or (name == "token" and not (login or container.ai.workload is True))
    ):
        return None
    origin = word.origin
    if not equals:
        if following is None or following.text.startswith("-"):
            return None
        value, origin = following.text, (following if following.origin.index != origin.index else word).origin
    written = following.origin.text if following is not None and not equals else word.origin.text
    if HOLE in value or "$" in written:
        return Credential(container, flag, "reference", word_place(container, origin))
    return (
        Credential(container, flag, "literal", word_place(container, origin)) if is_literal(value) else None
    )


def in_configmap(manifest: Manifest) -> list[Credential]:
    """Keys of a ConfigMap that name a credential and hold one."""
    return [
        Credential(manifest, key, "literal", place)
        for key, value, place in _entries(manifest, "data")
        if key.upper() in CREDENTIALS and is_literal(value)
    ]


def in_secret(manifest: Manifest) -> list[Credential]:
    """Keys of a Secret whose value has the form of an AI provider's token."""
    found = []
    for side in ("data", "stringData"):
        for key, value, place in _entries(manifest, side):
            text = _decoded(value) if side == "data" else value
            if not isinstance(text, str) or not is_literal(text.strip()):
                continue
            match = secrets.classify(key, text.strip())
            if (
                match is not None
                and match.confidence != "low"
                and (key.upper() in CREDENTIALS or _ai_kind(match.kind))
            ):
                found.append(Credential(manifest, key, "literal", place))
    return found


def _ai_kind(kind: str) -> bool:
    return bool(
        kept_regex(
            r"hugging|nvidia|openai|anthropic|wandb|cohere|mistral|groq|replicate|langfuse|langsmith|pinecone|perplexity|aws-access"
        ).search(
            kind,
        )
    )


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return UNKNOWN
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return UNKNOWN


def _entries(manifest: Manifest, side: str) -> Iterator[tuple[str, Any, Place]]:
    node = manifest.node.get(side) if manifest.node is not None else None
    for key in node.keys() if node is not None else ():
        child = node.get(key) if node is not None else None
        if child is not None and node is not None:
            yield key, child.string(), Place(node.entry_span(key))
