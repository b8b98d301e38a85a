"""What rules can be `for` in a Dockerfile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.dockerfile.copies import Copy, Mount, Source
from linter.formats.dockerfile.froms import From
from linter.formats.dockerfile.instruction import Instruction, Part, parts
from linter.formats.dockerfile.instructions import Label, Port, User, Workdir
from linter.formats.dockerfile.model import Dockerfile, Stage
from linter.formats.dockerfile.passages import passages
from linter.formats.dockerfile.passages.passage import Passage
from linter.formats.dockerfile.passages.places import Reference, Remark, images, references
from linter.formats.dockerfile.passages.rights import Mode, modes
from linter.formats.dockerfile.project import DockerfileProject, projects
from linter.formats.dockerfile.run import Launch, Run
from linter.formats.dockerfile.secret import Secret, secrets
from linter.formats.dockerfile.serving import Started
from linter.formats.dockerfile.variables import Variable
from linter.formats.document import Document, SubjectKind
from linter.formats.image import ImageRef
from linter.formats.model import Model
from linter.formats.shell.caches import Leftover, Update
from linter.formats.shell.clones import Clone
from linter.formats.shell.command import Command
from linter.formats.shell.downloads import Download
from linter.formats.shell.hubs import ModelFetch
from linter.formats.shell.installs import Install
from linter.formats.shell.packages import Package
from linter.formats.shell.settings import Setting, of_variable, of_write
from linter.formats.shell.writes import Write

Scopes = Iterator[tuple[Any, ...]]


def _stages(document: Document) -> Iterator[Stage]:
    file = document.root
    if file.head.all:
        yield file.head
    yield from file.stages


def _of(model: type[Instruction], keywords: tuple[str, ...] = ()) -> Callable[[Document], Scopes]:
    def iterate(document: Document) -> Scopes:
        for stage in _stages(document):
            for one in stage.all:
                if isinstance(one, model) and (not keywords or one.keyword in keywords):
                    yield one, stage, document.root

    return iterate


def _parts(model: type[Part]) -> Callable[[Document], Scopes]:
    def iterate(document: Document) -> Scopes:
        for stage in _stages(document):
            for one in stage.all:
                for part in parts(one):
                    if isinstance(part, model):
                        yield part, one, stage, document.root

    return iterate


def _runs(document: Document) -> Iterator[tuple[Run, Stage]]:
    for stage in _stages(document):
        for one in stage.all:
            if isinstance(one, Run):
                yield one, stage


def _of_run(list_of: Callable[[Run], list[Any]]) -> Callable[[Document], Scopes]:
    def iterate(document: Document) -> Scopes:
        for run, stage in _runs(document):
            items = list_of(run)
            for item in () if items is UNKNOWN else items:
                yield item, run, stage, document.root

    return iterate


def _commands(document: Document) -> Scopes:
    for run, stage in _runs(document):
        for command in run.commands:
            yield command, run, stage, document.root


def _files(document: Document) -> Scopes:
    yield (document.root,)


def _all_stages(document: Document) -> Scopes:
    for stage in document.root.stages:
        yield stage, document.root


def _variables(document: Document) -> Scopes:
    """ENV and ARG pairs, and what scripts set."""
    for stage in _stages(document):
        for one in stage.all:
            found = one.assigned if isinstance(one, Run) else parts(one)
            for variable in found:
                if isinstance(variable, Variable):
                    yield variable, one, stage, document.root


def _variables_of(keyword: str) -> Callable[[Document], Scopes]:
    def iterate(document: Document) -> Scopes:
        for scope in _parts(Variable)(document):
            if scope[0].keyword == keyword:
                yield scope

    return iterate


def _invocations(document: Document) -> Scopes:
    for stage in _stages(document):
        for one in stage.all:
            if isinstance(one, (Run, Launch)):
                for command in one.commands:
                    yield command, one, stage, document.root


def _starts(document: Document) -> Scopes:
    stage = document.root.final_stage
    if stage is not None:
        for command in stage.start:
            yield Started(command, stage), stage, document.root


def _downloads(document: Document) -> Scopes:
    for stage in _stages(document):
        for one in stage.all:
            if isinstance(one, (Run, Copy)):
                for download in one.downloads:
                    yield download, one, stage, document.root


def _settings(document: Document) -> Scopes:
    for stage in _stages(document):
        for one in stage.all:
            if isinstance(one, Run):
                for setting in one.settings:
                    yield setting, one, stage, document.root
                continue
            for part in parts(one):
                if (
                    isinstance(part, Variable)
                    and isinstance(part.name, str)
                    and part.content is not None
                    and not _is_passed_on(part, stage)
                ):
                    for setting in of_variable(part.name, part.content, part.span, part):
                        yield setting, one, stage, document.root
            for write in one.writes if isinstance(one, Copy) else ():
                for setting in of_write(write):
                    yield setting, one, stage, document.root


def _is_passed_on(part: Variable, stage: Stage) -> bool:
    """Whether an ENV only keeps what an ARG of that name sets, of which the same is said."""
    if part.keyword != "ENV" or part.written.strip("\"'") not in (f"${part.name}", f"${{{part.name}}}"):
        return False
    if part.name not in stage.arguments:
        return False
    declared = (*stage.variables, *stage.document.root.head.variables)
    return any(one.keyword == "ARG" and one.name == part.name and one.content is not None for one in declared)


def _passages(document: Document) -> Scopes:
    for stage in _stages(document):
        for passage, _ in passages(stage):
            yield passage, stage, document.root


def _modes(document: Document) -> Scopes:
    for stage in _stages(document):
        for one in stage.all:
            for mode in modes(one):
                yield mode, one, stage, document.root


def _references(document: Document) -> Scopes:
    for stage in _stages(document):
        for reference in references(stage):
            yield reference, stage, document.root


def _packages(document: Document) -> Scopes:
    for run, stage in _runs(document):
        for install in run.installs:
            for package in install.packages:
                yield package, install, run, stage, document.root


def _sources(document: Document) -> Scopes:
    for stage in _stages(document):
        for one in stage.all:
            if isinstance(one, Copy):
                for source in one.sources:
                    yield source, one, stage, document.root


def _writes(document: Document) -> Scopes:
    """Files that scripts write, and here-documents that COPY writes."""
    for stage in _stages(document):
        for one in stage.all:
            for write in one.writes if isinstance(one, (Run, Copy)) else ():
                yield write, one, stage, document.root


def _secrets(document: Document) -> Scopes:
    for found in secrets(document):
        yield found, document.root


def _images(document: Document) -> Scopes:
    for stage in _stages(document):
        for image in images(stage):
            yield image, stage, document.root


def _comments(document: Document) -> Scopes:
    for comment in document.root.comments:
        yield Remark(document, comment), document.root


_STAGE: tuple[tuple[str, type[Model]], ...] = (("stage", Stage), ("dockerfile", Dockerfile))
_RUN: tuple[tuple[str, type[Model]], ...] = (("run", Run), *_STAGE)
_INSTRUCTION: tuple[tuple[str, type[Model]], ...] = (("instruction", Instruction), *_STAGE)


def _kind(
    name: str,
    model: type[Model],
    rest: tuple[tuple[str, type[Model]], ...],
    iterate: Callable[[Document], Scopes],
    doc: str,
) -> SubjectKind:
    return SubjectKind(name, "dockerfile", ((name, model), *rest), iterate, doc)


SUBJECTS = (
    _kind("dockerfile", Dockerfile, (), _files, "the whole file"),
    _kind("stage", Stage, (("dockerfile", Dockerfile),), _all_stages, "a build stage"),
    _kind("instruction", Instruction, _STAGE, _of(Instruction), "any instruction, ONBUILD triggers included"),
    _kind("from", From, _STAGE, _of(From), "FROM"),
    _kind("run", Run, _STAGE, _of(Run), "RUN"),
    _kind("copy", Copy, _STAGE, _of(Copy), "COPY and ADD"),
    _kind("add", Copy, _STAGE, _of(Copy, ("ADD",)), "ADD"),
    _kind("source", Source, (("copy", Copy), *_STAGE), _sources, "one source of COPY or ADD"),
    _kind("env", Variable, _INSTRUCTION, _variables_of("ENV"), "one variable of ENV"),
    _kind("arg", Variable, _INSTRUCTION, _variables_of("ARG"), "one variable of ARG"),
    _kind("variable", Variable, _INSTRUCTION, _variables, "a variable that ENV, ARG or a script sets"),
    _kind("label", Label, _INSTRUCTION, _parts(Label), "one label"),
    _kind("expose", Port, _INSTRUCTION, _parts(Port), "one port of EXPOSE"),
    _kind("user", User, _STAGE, _of(User), "USER"),
    _kind("workdir", Workdir, _STAGE, _of(Workdir), "WORKDIR"),
    _kind("launch", Launch, _STAGE, _of(Launch), "CMD, ENTRYPOINT, HEALTHCHECK"),
    _kind("healthcheck", Launch, _STAGE, _of(Launch, ("HEALTHCHECK",)), "HEALTHCHECK"),
    _kind("mount", Mount, _RUN, _of_run(lambda run: run.mounts), "one --mount of RUN"),
    _kind("command", Command, _RUN, _commands, "a simple command of RUN"),
    _kind(
        "invocation", Command, _INSTRUCTION, _invocations, "a command of RUN, CMD, ENTRYPOINT or HEALTHCHECK"
    ),
    _kind("start", Started, _STAGE, _starts, "a command that a container of the final stage starts"),
    _kind("install", Install, _RUN, _of_run(lambda run: run.installs), "a command that installs packages"),
    _kind("dependency", Package, (("install", Install), *_RUN), _packages, "one package that is installed"),
    _kind("download", Download, _INSTRUCTION, _downloads, "a URL that RUN or ADD downloads"),
    _kind(
        "setting", Setting, _INSTRUCTION, _settings, "a setting of pip, npm, apt, git …, however it is made"
    ),
    _kind(
        "leftover", Leftover, _RUN, _of_run(lambda run: run.leftovers), "a package index or cache that stays"
    ),
    _kind("update", Update, _RUN, _of_run(lambda run: run.updates), "an update of a package index"),
    _kind("mode", Mode, _INSTRUCTION, _modes, "permissions that are set"),
    _kind("reference", Reference, _STAGE, _references, "what COPY --from or a mount names"),
    _kind("image", ImageRef, _STAGE, _images, "an image that FROM, COPY --from or a mount names"),
    _kind("comment", Remark, (("dockerfile", Dockerfile),), _comments, "a comment, heredocs aside"),
    _kind("passage", Passage, _STAGE, _passages, "a place that means something; `types` says what"),
    _kind("clone", Clone, _RUN, _of_run(lambda run: run.clones), "a git repository that RUN clones"),
    _kind(
        "model",
        ModelFetch,
        _RUN,
        _of_run(lambda run: run.model_fetches),
        "a model that RUN fetches from a hub",
    ),
    _kind("write", Write, _INSTRUCTION, _writes, "a file that RUN or a COPY heredoc writes"),
    SubjectKind(
        "project",
        "dockerfile",
        (("project", DockerfileProject),),
        projects,
        "all Dockerfiles of a scan together, with their .dockerignore files",
        project=True,
    ),
    _kind("secret", Secret, (("dockerfile", Dockerfile),), _secrets, "a secret anywhere in the text"),
)
