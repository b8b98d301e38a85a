"""From commands to launchers: which engine starts, and what its flags ask for.

Every fact is an int or str that is known, UNKNOWN when it is written but decided elsewhere, or None when it
was not written (and the engine has no default that we may rely on).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.launchers.grammar import COMMON_SWITCHES, ENGINES, SERVER, TRAINING, Engine
from linter.formats.launchers.launcher import Launcher, Value
from linter.formats.launchers.script import HOLE
from linter.formats.launchers.words import Command, Environment, Files, Origin, Word, commands, no_files
from linter.formats.yamlcompose import plain_value
from linter.frozen import replace
from linter.patterns import lazy_regex

_PYTHON = lazy_regex(r"(python|pypy)[\d.]*")
_HYDRA = {
    "trainer.devices": "nproc",
    "trainer.n_gpus_per_node": "nproc",
    "trainer.num_nodes": "nnodes",
    "trainer.nnodes": "nnodes",
}
_SUBCOMMANDS = {
    "vllm": frozenset({"serve", "bench", "run-batch", "chat", "complete", "launch"}),
    "sglang": frozenset({"serve"}),
    "lmdeploy": frozenset({"serve"}),
    "ollama": frozenset({"serve", "run"}),
    "ray": frozenset({"start", "job", "symmetric-run", "up", "serve"}),
    "accelerate": frozenset({"launch"}),
    "mlflow": frozenset({"server", "ui", "models"}),
    "jupyter": frozenset({"lab", "notebook", "server", "nbclassic"}),
}
_BY_PROGRAM = {program: engine for engine in ENGINES for program in engine.programs}
_BY_NAME = {engine.name: engine for engine in ENGINES}
_BY_MODULE = {module: engine for engine in ENGINES for module in engine.modules}
_HYDRA_ENGINE = Engine("hydra", TRAINING)
WORKER = "worker"  # the subcommand of an engine that something in front of it answers for
# a command line that mentions none of these starts no launcher that we know
_INTEREST = lazy_regex(
    r"vllm|sglang|text-(?:generation-launcher|embeddings-router)|trtllm|tensorrt|triton|lmdeploy|lightllm|llama|ollama"
    r"|huggingfaceserver|jetstream|axengine|torch|deepspeed|accelerate|composer|mpi|horovodrun|\bray\b|jupyter|start-|notebook"
    r"|mlflow|tensorboard|langflow|qdrant|milvus|chroma|dynamo|tensorflow_model_server|infinity_emb|litellm"
    r"|trainer\.(?:devices|n_gpus|num_nodes|nnodes)"
)


# what stands beside an engine and is named after it
BESIDE = lazy_regex(
    r"(^|[-_])(controller|operator|web-app|webhook|exporter|manager|metrics|benchmark|client|initializer"
    r"|awaiter|configurable-http-proxy|network-tools)([-_]|$)"
)


@cache
def engine_of_image(repository: str) -> Engine | None:
    """The engine that an image's own entrypoint starts, by the image's repository with its registry."""
    lowered = repository.lower()
    if not _of_any().search(lowered) or BESIDE.search(lowered.rpartition("/")[2]):
        return None
    for engine in ENGINES:
        if engine.images and _of_images(engine.images).search(lowered):
            return engine
    return None


@cache
def _of_any() -> re.Pattern[str]:
    """What the images of any engine match: most images are of none."""
    return _of_images(tuple(pattern for engine in ENGINES for pattern in engine.images))


@cache
def _of_images(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return lazy_regex("|".join(f"(?:{pattern})" for pattern in patterns))


def launchers(
    command: Sequence[Any],
    args: Sequence[Any],
    env: Environment,
    image: str = "",
    files: Files = no_files,
    read: Callable[[], Sequence[Command]] | None = None,
) -> tuple[Launcher, ...]:
    """The launchers of a container, in the order that they start.

    `image` is the repository without tag or digest; with no `command` its engine takes the args. `read` gives the
    commands of these where others ask for them too.
    """
    read = read or (lambda: commands(command, args, env, files))
    found = _launchers(command, args, env, image, files, read)
    written = env.room.written
    return tuple(_configured(item, lambda path: written.get(path) or files(path)) for item in found)


def _launchers(
    command: Sequence[Any],
    args: Sequence[Any],
    env: Environment,
    image: str,
    files: Files,
    read: Callable[[], Sequence[Command]],
) -> tuple[Launcher, ...]:
    engine = engine_of_image(image) if image else None
    if engine is None and not command:
        engine = _engine_of_options(args)
    if (
        not command
        and engine is not None
        and not any(_INTEREST.search(str(arg)) for arg in args if arg is not UNKNOWN)
    ):
        words = tuple(word for cmd in commands(command, args, env) for word in cmd.words) if args else ()
        return (_launcher(engine, words, env, by_image=True),)
    if not _worth_reading(command, args) and not _names_file(command, args, files):
        return () if command or engine is None else (_launcher(engine, (), env, by_image=True),)
    found: list[Launcher] = []
    all_commands = read()
    for each in all_commands:
        found.extend(_of_words(each.words, env))
    if not found and engine is not None and not command and all_commands:
        bare = all_commands[0]
        found.append(_launcher(engine, bare.words, env, by_image=True))
    return tuple(found)


def _worth_reading(command: Iterable[Any], args: Iterable[Any]) -> bool:
    return any(_INTEREST.search(item) for group in (command, args) for item in group if isinstance(item, str))


# options that together are those of one engine, for images that are named after something else
_OF_VLLM = (
    "--model",
    "--served-model-name",
    "--gpu-memory-utilization",
    "--max-model-len",
    "--max-num-seqs",
    "--enable-auto-tool-choice",
)
_TELLING = (
    ("kserve", "--model-id", ("--model-name",)),
    ("vllm", "--tensor-parallel-size", (*_OF_VLLM, "--model-id", "--model-name")),
    ("vllm", "--gpu-memory-utilization", _OF_VLLM),
    ("vllm", "--max-model-len", _OF_VLLM),
    ("sglang", "--mem-fraction-static", ("--model-path", "--tp", "--tp-size")),
    ("tgi", "--num-shard", ("--model-id",)),
)


def _engine_of_options(args: Sequence[Any]) -> Engine | None:
    """The engine whose options the arguments of an image are; None when they could be another's."""
    given = {item.partition("=")[0].replace("_", "-") for item in args if isinstance(item, str)}
    for name, first, others in _TELLING:
        if first in given and any(other in given for other in others if other != first):
            return _BY_NAME[name]
    return None


def _names_file(command: Iterable[Any], args: Iterable[Any], files: Files) -> bool:
    """Whether a word is the path of a mounted file, or a script may hold one."""
    if files is no_files:
        return False
    return any("/" in item for group in (command, args) for item in group if isinstance(item, str))


def _configured(launcher: Launcher, files: Files) -> Launcher:
    """With what its configuration file says where the command line says nothing, when that file is known."""
    path = launcher.facts.get("config")
    text = files(path.text) if path is not None and path.known else None
    engine = _BY_NAME.get(launcher.engine)
    settings = _settings(text) if text is not None and engine is not None else None
    if path is None or settings is None or engine is None:
        return launcher
    origin = path.origin
    read = {
        name.replace("_", "-"): Value(value, Origin(origin.field, origin.index, name, path.text))
        for name, value in settings.items()
    }
    flags = {**read, **launcher.flags}
    facts = {**_facts(engine, flags), **launcher.facts}
    del facts["config"]  # it is known, so nothing is left open
    return replace(launcher, flags=flags, facts=facts)


def _settings(text: str) -> dict[str, str] | None:
    """The scalars of a configuration file in YAML or JSON; None when it can't be read."""
    value = plain_value(text)
    if not isinstance(value, dict):
        return None
    return {
        str(key): str(item).lower() if isinstance(item, bool) else str(item)
        for key, item in value.items()
        if not isinstance(item, (dict, list)) and item is not None
    }


_MOST_NESTED = 10  # launchers that start one another; each looks at the words of all that follow


def _of_words(words: tuple[Word, ...], env: Environment, left: int = _MOST_NESTED) -> list[Launcher]:
    """The launcher that a command starts, and those that it starts in turn."""
    if not words or left <= 0:
        return []
    engine, rest = _recognise(words)
    if engine is None:
        return _hydra(words)
    subcommand = WORKER if _is_worker(words) else ""
    names = _SUBCOMMANDS.get(engine.name)
    if names and rest and rest[0].text in names:
        subcommand, rest = rest[0].text, rest[1:]
    elif _program(words[0]) in ("ray", "vllm", "ollama", "accelerate"):
        return []  # ray status, vllm --version, ollama pull, accelerate config
    if engine.name == "vllm" and subcommand in ("bench", "chat", "complete"):
        return []
    if engine.name == "ray" and subcommand not in ("", "start", "symmetric-run"):
        return []
    head, inner = _split_nested(engine, rest) if engine.nested else (rest, ())
    result = [_launcher(engine, head, env, subcommand=subcommand, everything=rest, at=words[0].origin)]
    if engine.nested:
        result.extend(_of_words(inner, env, left - 1))
    return result


def _is_worker(words: tuple[Word, ...]) -> bool:
    """Whether a Dynamo engine starts: its frontend answers, and finds it by a registry."""
    return any(word.text.startswith("dynamo.") for word in words[:4])


def _program(word: Word) -> str:
    return word.text.rpartition("/")[2]


def _recognise(words: tuple[Word, ...]) -> tuple[Engine | None, tuple[Word, ...]]:
    name = _program(words[0])
    if name in _BY_PROGRAM:
        return _BY_PROGRAM[name], words[1:]
    if not _PYTHON.fullmatch(name):
        return None, ()
    at = 1
    while at < len(words) and words[at].text.startswith("-") and words[at].text != "-m":
        at += 2 if words[at].text in ("-W", "-X") else 1
    if at + 1 < len(words) and words[at].text == "-m":
        return _BY_MODULE.get(words[at + 1].text), words[at + 2 :]
    if at < len(words):
        script = _program(words[at])
        if script in _BY_PROGRAM:
            return _BY_PROGRAM[script], words[at + 1 :]
    return None, ()


def _split_nested(engine: Engine, words: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The options of a starter, and the program that it starts with its own."""
    at = 0
    takes_two = {"x": 1, "mca": 2, "gmca": 2, "omca": 2}
    while at < len(words) and words[at].text.startswith("-"):
        text = words[at].text
        name = _flag_name(text)
        at += 1
        if "=" in text or name in engine.switches or text == "--":
            continue
        at += takes_two.get(name, 1)
    return words[:at], words[at:]


def _hydra(words: tuple[Word, ...]) -> list[Launcher]:
    facts: dict[str, Value] = {}
    for word in words:
        key, equals, text = word.text.lstrip("+").partition("=")
        if equals and key in _HYDRA:
            facts[_HYDRA[key]] = Value(text, word.origin)
    return [Launcher("hydra", TRAINING, facts=facts, words=words)] if "nproc" in facts else []


def _flag_name(text: str) -> str:
    return text.lstrip("-").partition("=")[0].replace("_", "-")


def _launcher(
    engine: Engine,
    words: tuple[Word, ...],
    env: Environment,
    *,
    subcommand: str = "",
    by_image: bool = False,
    everything: tuple[Word, ...] | None = None,
    at: Origin | None = None,
) -> Launcher:
    flags, bad = _flags(engine, words)
    facts = _facts(engine, flags)
    for fact, variables in engine.env.items():
        for variable in variables:
            text = env.get(variable)
            if fact not in facts and text is not None:
                facts[fact] = Value(text, env.origin(variable))
    if engine.nested:  # options of the program that is started are facts of its own, yet worth asking for
        tail, _ = _flags(engine, (everything or ())[len(words) :])
        flags = {**tail, **flags}
    return Launcher(
        engine.name, engine.role, subcommand, flags, facts, everything or words, by_image, at, bad
    )


def _facts(engine: Engine, flags: dict[str, Value]) -> dict[str, Value]:
    """What the options mean, by the engine's own spellings of them."""
    facts: dict[str, Value] = {}
    for fact, spellings in engine.flags.items():
        found = next((flags[name] for name in spellings if name in flags), None)
        if found is not None:
            facts[fact] = found
    return facts


def _flags(engine: Engine, words: tuple[Word, ...]) -> tuple[dict[str, Value], Word | None]:
    flags: dict[str, Value] = {}
    bad: Word | None = None
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        text = word.text
        if not text.startswith("-") or len(text) < 2 or text[1].isdigit():
            continue
        name = _flag_name(text)
        if "=" in text:
            flags[name] = Value(text.partition("=")[2], word.origin)
            continue
        if " " in name.strip():
            bad = bad or word
            flags[name.strip().partition(" ")[0]] = Value(HOLE, word.origin)
            continue
        following = words[index] if index < len(words) else None
        switch = name in COMMON_SWITCHES or name in engine.switches
        if (
            following is None
            or switch
            or (following.text.startswith("-") and not following.text[1:2].isdigit())
        ):
            flags[name] = Value("", word.origin)
            continue
        flags[name] = Value(following.text, word.origin)
        index += 1
    return flags, bad


def is_server(launcher: Launcher) -> bool:
    """Whether it answers inference requests."""
    return launcher.role == SERVER
