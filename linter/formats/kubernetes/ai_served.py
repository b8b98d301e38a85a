"""What a launcher serves: the model, the code that comes with it, and who may ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.formats.launchers import Launcher, Value
from linter.formats.launchers.script import HOLE
from linter.formats.model import Model, fact
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

TRUE = frozenset(("1", "true", "yes", "on", "y", "t"))
HUB_MODEL = lazy_regex(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_PATH_VARIABLE = lazy_regex(r"\$[({]?\w*(?:PATH|DIR|MOUNT)\b")
COMMIT = lazy_regex(r"[0-9a-f]{40}")
_API_KEY_FLAGS = ("api-key", "api-keys", "api-key-file", "admin-api-key")
_API_KEY_VARIABLES = ("VLLM_API_KEY", "SGLANG_API_KEY", "LLAMA_API_KEY", "API_KEY", "LMDEPLOY_API_KEY")
TRUST_VARIABLES = ("TRUST_REMOTE_CODE", "NIM_FORCE_TRUST_REMOTE_CODE", "HF_TRUST_REMOTE_CODE")
MODEL_FLAGS = ("model", "model-path", "model-id", "model-name-or-path")


class Served(Model):
    """The half of a launcher that concerns its model and its callers."""

    container: Container
    launcher: Launcher

    def _variable(self, names: Sequence[str]) -> Value | None:
        env = self.container.ai.environment
        return next((Value(env.values[name], env.origin(name)) for name in names if name in env.values), None)

    @property
    def written_model(self) -> str:
        """The model as written, holes included; '' when it is not."""
        found = self._model()
        return "" if found is None else found.text

    @property
    def model_by_path(self) -> bool:
        """Whether the model is a variable that is named after a path."""
        found, words = self._model(), self.launcher.words
        if found is None or found.known:
            return False
        at = next((index for index, word in enumerate(words) if word.origin == found.origin), None)
        written = [found.origin.text] if at is None else [word.origin.text for word in words[at : at + 2]]
        return any(_PATH_VARIABLE.search(text) for text in written)

    def _model(self) -> Value | None:
        found = next((self.launcher.flags[key] for key in MODEL_FLAGS if key in self.launcher.flags), None)
        return found or self._positional() or self._variable(("MODEL_ID", "MODEL_NAME", "HF_MODEL_ID"))

    @fact
    def model(self) -> str | None:
        """The model that a server loads as written; null when it is not."""
        found = self._model()
        return None if found is None else found.text if found.known else UNKNOWN

    def _positional(self) -> Value | None:
        words = self.launcher.words
        if self.launcher.subcommand != "serve" or not words or words[0].text.startswith("-"):
            return None
        return Value(words[0].text, words[0].origin)

    @fact
    def hubModel(self) -> bool:
        """Whether the model is named as organisation/name on a model hub, and the hub is asked."""
        name = self.model
        if name is None or name is UNKNOWN:
            return False if name is None else UNKNOWN
        offline = self._variable(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
        if offline is not None and offline.text.lower() in TRUE:
            return False
        return HUB_MODEL.fullmatch(name) is not None

    @fact
    def pinned(self) -> bool:
        """Whether a revision of the model is given."""
        flags = self.launcher.flags
        value = (
            flags.get("revision")
            or flags.get("model-revision")
            or self._variable(("REVISION", "MODEL_REVISION"))
        )
        return (
            False
            if value is None
            else UNKNOWN
            if not value.known
            else value.text not in ("", "main", "master")
        )

    @fact
    def codePinned(self) -> bool:
        """Whether the code that comes with the model is fixed to a commit: a revision of the model, or of its code."""
        flags = self.launcher.flags
        values = [flags[name] for name in ("revision", "model-revision", "code-revision") if name in flags]
        if any(COMMIT.fullmatch(value.text) for value in values):
            return True
        return UNKNOWN if any(not value.known for value in values) else False

    @fact
    def trustRemoteCode(self) -> bool:
        """Whether it runs Python code from the model's repository."""
        value = self.launcher.flags.get("trust-remote-code")
        if value is None:
            value = self._variable(TRUST_VARIABLES)
            return False if value is None else UNKNOWN if not value.known else value.text.lower() in TRUE
        return value.text.lower() in ("", *TRUE) if value.known else UNKNOWN

    @fact
    def apiKey(self) -> bool:
        """Whether callers must show a key."""
        if (
            any(name in self.launcher.flags for name in _API_KEY_FLAGS)
            or self._variable(_API_KEY_VARIABLES) is not None
        ):
            return True
        open_words = any(HOLE in word.text for word in self.launcher.words)
        unseen = (
            self.container.ai.environment.open
            or open_words
            or self.launcher.configured
            or self.container.open
        )
        return UNKNOWN if unseen else False
