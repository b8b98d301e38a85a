"""The whole file: stages, how they hang together, and what holds where a stage ends."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from functools import cached_property

from linter.cel import UNKNOWN
from linter.formats.dockerfile import bases, distributions
from linter.formats.dockerfile.copies import Copy
from linter.formats.dockerfile.froms import From
from linter.formats.dockerfile.instruction import Instruction, Part, parts
from linter.formats.dockerfile.instructions import Label, Port, Start, User, Workdir, is_root
from linter.formats.dockerfile.lines import Comment, Lines
from linter.formats.dockerfile.run import Launch, Run, judged_in_part
from linter.formats.dockerfile.scope import Scope
from linter.formats.dockerfile.variables import Variable
from linter.formats.document import Document
from linter.formats.image import ImageRef, is_unknown
from linter.formats.model import Model, Place, fact, field
from linter.formats.node import Step
from linter.formats.shell import parse_argv
from linter.formats.shell.command import Command, known
from linter.formats.shell.packages import Package
from linter.patterns import lazy_regex
from linter.text import Span

# what starts its processes on other nodes by SSH
_BY_SSH = lazy_regex(
    r"(?i)(?<![a-z])(?:lib)?(?:open)?mpi(?:run|exec|ch|4py|cc)?(?![a-z])|horovod|deepspeed|\bpdsh\b"
)
_RELEASED_FRONTEND = lazy_regex(r"[\w.:-]+/(?:[\w.-]+/)*dockerfile(?:-upstream)?:v?\d[\w.-]*")
_DROPPERS = frozenset(("gosu", "su-exec"))


class Effective(Model):
    """What holds at the end of a stage, inherited from the stages that it is built from."""

    user: str | None = field(None, "the last USER without the group; null when none is set in the file")
    workdir: str | None = field(None, "working directory; null when none is set in the file")
    shell: list[str] = field((), "the last SHELL")

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.document = stage.document
        self.user_instruction: User | None = None
        self.workdir_instruction: Workdir | None = None
        self.cmd: Launch | None = None
        self.entrypoint: Launch | None = None
        self.healthcheck: Start | None = None
        self.user = None
        self.workdir = None
        self.shell = []

    def inherit(self, other: Effective) -> None:
        """Start from what holds at the end of another stage."""
        for name in (
            "user",
            "workdir",
            "shell",
            "user_instruction",
            "workdir_instruction",
            "cmd",
            "entrypoint",
            "healthcheck",
        ):
            setattr(self, name, getattr(other, name))

    @fact
    def env(self) -> dict[str, str]:
        """Variables of ENV."""
        return {name: known(value) for name, value in self.stage.scope.env().items()}

    @fact(at="user")
    def root(self) -> bool:
        """Whether the user is root or 0, said by a USER of the file."""
        return False if self.user is None else is_root(self.user)

    @fact(at="user")
    def numeric(self) -> bool:
        """Whether the user is a number."""
        return False if self.user is None else UNKNOWN if is_unknown(self.user) else self.user.isdigit()

    @fact
    def has_healthcheck(self) -> bool:
        """Whether a HEALTHCHECK is set, also NONE."""
        return self.healthcheck is not None

    @fact
    def starts_something(self) -> bool:
        """Whether CMD or ENTRYPOINT is set."""
        return self.cmd is not None or self.entrypoint is not None

    def place(self) -> Place:
        return self.stage.place()

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] in ("user", "root") and self.user_instruction is not None:
            return self.user_instruction.place()
        return self.place()


class Stage(Part):
    """One build stage. The part before the first FROM is a stage with index -1."""

    name: str | None = field(None, "its alias; null without")
    index: int = field(0, "number of the stage, from 0")
    final: bool = field(False, "whether it is the last stage, the one that is built by default")
    shipped: bool = field(
        False, "whether the final stage is built FROM it, itself included: its layers are in the image"
    )
    reachable: bool = field(False, "whether the final stage needs it, also by COPY --from or a mount")
    from_: From = field(None, "its FROM", key="from")
    effective: Effective = field(None, "what holds at its end")

    def __init__(self, document: Document, index: int, span: Span) -> None:
        super().__init__(document, span)
        self.index = index
        self.name = None
        self.final = self.shipped = self.reachable = False
        self.parent: Stage | None = None
        self.bottom: Stage = self  # the stage at the bottom of its chain
        self.all: list[Instruction] = []  # ONBUILD triggers included
        self.effective = Effective(self)
        self.scope = Scope()
        self.onbuild_workdir = False  # an ONBUILD sets a working directory for the triggers after it
        self.needs: set[int] = set()  # stages that it copies from or mounts

    @property
    def address(self) -> str:
        return "file" if self.index < 0 else f"stage '{self.name}'" if self.name else f"stage {self.index}"

    @property
    def type_key(self) -> str:
        return "final" if self.final else "stage"

    @fact
    def instructions(self) -> list[Instruction]:
        """Its instructions, ONBUILD triggers included."""
        return self.all

    @fact
    def runs(self) -> list[Run]:
        """Its RUN instructions."""
        return [one for one in self.all if isinstance(one, Run)]

    @fact
    def copies(self) -> list[Copy]:
        """Its COPY and ADD instructions."""
        return [one for one in self.all if isinstance(one, Copy)]

    @fact
    def variables(self) -> list[Variable]:
        """Variables that its ENV and ARG instructions set."""
        return [part for one in self.all for part in parts(one) if isinstance(part, Variable)]

    @fact
    def ports(self) -> list[Port]:
        """Ports of its EXPOSE instructions."""
        return [part for one in self.all for part in parts(one) if isinstance(part, Port)]

    @fact
    def labels(self) -> list[Label]:
        """Its labels, with those of the stages that it is built from."""
        return [
            part
            for stage in self.chain
            for one in stage.all
            for part in parts(one)
            if isinstance(part, Label)
        ]

    @cached_property
    def arguments(self) -> set[str]:
        """Names of its build arguments."""
        return {one.name for one in self.variables if one.keyword == "ARG" and isinstance(one.name, str)}

    @cached_property
    def secret_arguments(self) -> set[str]:
        """Names of its build arguments that hold secrets by their names."""
        return {
            one.name
            for one in self.variables
            if one.keyword == "ARG" and isinstance(one.name, str) and one.secret_name is True
        }

    @cached_property
    def copied(self) -> list[tuple[int, str]]:
        """Where COPY and ADD stand in the file, and the paths that they fill."""
        return [
            (one.span.start, posixpath.normpath(one.target))
            for one in self.copies
            if isinstance(one.target, str)
        ]

    @cached_property
    def taken(self) -> list[str]:
        """What shipped stages copy from it, as absolute paths without a slash at their end."""
        names = (self.name, str(self.index))
        return [
            f"/{source.path}".rstrip("./")
            for other in self.document.root.stages
            if other.shipped
            for copy in other.copies
            if copy.from_ in names
            for source in copy.sources
            if source.path is not UNKNOWN
        ]

    @property
    def chain(self) -> list[Stage]:
        """The stage and those that it is built from, itself first."""
        result: list[Stage] = []
        stage: Stage | None = self
        while stage is not None:
            result.append(stage)
            stage = stage.parent
        return result

    @fact
    def root_from(self) -> From:
        """The FROM of the external image at the bottom of its chain."""
        return self.bottom.from_

    @fact(at="from")
    def base(self) -> ImageRef:
        """The external image at the bottom of its chain."""
        return self.bottom.from_.image if self.bottom.from_ is not None else UNKNOWN

    @fact
    def on_scratch(self) -> bool:
        """Whether the bottom of its chain is the empty image."""
        return self.bottom.from_ is not None and self.bottom.from_.scratch

    @fact
    def user_set(self) -> bool:
        """Whether a USER stands in it or in a stage that it is built from."""
        return self.effective.user is not None

    @fact(at="from")
    def gpu_base(self) -> bool:
        """Whether the external image below it is one for accelerators: CUDA, ROCm, Gaudi, Neuron, an ML framework."""
        return bases.is_gpu(self.base)

    @fact(at="from")
    def devel_base(self) -> bool:
        """Whether the external image below it is a development flavour with compilers."""
        return bases.is_devel(self.base)

    @fact(at="from")
    def nonroot_base(self) -> bool:
        """Whether the external image below it is known to run as a user other than root."""
        return bases.is_nonroot(self.base)

    @fact(at="from")
    def rootful_base(self) -> bool:
        """Whether the external image below it is for what needs root, such as an engine in a container."""
        return bases.is_rootful(self.base)

    @fact(at="from")
    def workdir_base(self) -> bool:
        """Whether the external image below it is known for its working directory."""
        return bases.has_workdir(self.base)

    @fact(at="from")
    def steady_base(self) -> bool:
        """Whether every version of the external image below it has the same working directory, as Docker's own have."""
        return distributions.is_steady(self.base)

    @fact(at="from")
    def base_packages(self) -> list[str]:
        """Packages of Debian that the external image below it surely has, as Docker's own of languages do."""
        return sorted(distributions.packages(self.base)) if self.base is not UNKNOWN else []

    @fact(at="from")
    def release_8(self) -> bool:
        """Whether the external image below it is release 8 of Red Hat's distribution or a rebuild of that."""
        return distributions.is_release_8(self.base)

    @fact
    def adds_nothing(self) -> bool:
        """Whether it is an image of somebody else under another name: nothing but FROM, labels and arguments."""
        own = (one.keyword for stage in self.chain for one in stage.all)
        return not set(own) - {"FROM", "ARG", "LABEL", "MAINTAINER"}

    @fact
    def drops_root(self) -> bool:
        """Whether its entrypoint leaves root: that of its base does, or a program such as gosu is put into it."""
        if self.effective.entrypoint is None and bases.drops_root(self.base) is True:
            return True
        installed = any(package.name in _DROPPERS for one in self.chain for package in one.packages)
        copied = (source.content for one in self.chain for copy in one.copies for source in copy.sources)
        return installed or any(path.rpartition("/")[2] in _DROPPERS for path in copied)

    @fact
    def indexes(self) -> list[str]:
        """The package indexes that its RUN instructions, and those below, set in place of the public one."""
        settings = (setting for one in self.chain for run in one.runs for setting in run.settings)
        return [one.value for one in settings if one.name == "index-url" and one.value is not UNKNOWN]

    @fact
    def commands(self) -> list[Command]:
        """Commands of its RUN instructions."""
        return [command for run in self.runs if not run.onbuild for command in run.commands]

    @fact
    def packages(self) -> list[Package]:
        """Packages that its RUN instructions install."""
        return [package for run in self.runs for package in run.packages]

    @fact
    def start(self) -> list[Command]:
        """The commands that a container of it starts: ENTRYPOINT with CMD, wrappers looked through."""
        entry, cmd = self.effective.entrypoint, self.effective.cmd
        if entry is None:
            return cmd.commands if cmd is not None else []
        if not entry.json or cmd is None or not cmd.json:
            return [*entry.commands, *(cmd.commands if cmd is not None and entry.json else [])]
        script = parse_argv([*entry.words(), *cmd.words()], entry.variables_at.get, entry)
        return judged_in_part(entry, script).commands

    @fact
    def start_line(self) -> str:
        """What a container of it starts, as one line for searching."""
        return "\n".join(command.line for command in self.start)

    @fact
    def server(self) -> str:
        """The model server that it starts: vllm, tgi, triton, ray, jupyter …; empty for none known."""
        return bases.server(self.start, self.base)

    @fact
    def serves_models(self) -> bool:
        """Whether it starts a model server: one by its name, or a web server in an image with an ML framework or with
        models, or on a base for accelerators."""
        if self.server not in bases.WEB_SERVERS:
            return bool(self.server)
        on_accelerators = bases.is_gpu(self.base) is True or bases.is_ai(self.base) is True
        return on_accelerators or any(
            run.model_fetches or any(package.name in bases.FRAMEWORKS for package in run.packages)
            for one in self.chain
            for run in one.runs
        )

    @fact
    def cuda(self) -> list[str]:
        """CUDA versions (major.minor) that its base image, wheels and packages were made for."""
        return sorted({version for version, _ in bases.cuda_versions(self)})

    def place(self) -> Place:
        return Place(self.span)


class Dockerfile(Part):
    """A Dockerfile."""

    syntax: ImageRef = field(None, "image of the `# syntax=` directive")
    has_syntax: bool = field(False, "whether a `# syntax=` directive is given")
    escape: str = field("\\", "the escape character")
    stages: list[Stage] = field((), "its stages in order")

    def __init__(self, document: Document, lines: Lines) -> None:
        super().__init__(document, Span(0, 0))
        self.lines = lines
        self.escape = lines.escape
        self.stages = []
        self.head = Stage(document, -1, Span(0, 0))
        self.comments: list[Comment] = lines.comments
        given = lines.directives.get("syntax")
        self.has_syntax = given is not None
        self.spans["syntax"] = given[1] if given is not None else Span(0, 0)
        self.syntax = ImageRef(given[0] if given else "", self, ("syntax",))

    @fact
    def mirrored_syntax(self) -> bool:
        """Whether the frontend is a release on a mirror from which a base comes, too."""
        frontend = self.syntax.text
        if not self.has_syntax or is_unknown(frontend) or not _RELEASED_FRONTEND.fullmatch(frontend):
            return False
        mirror = frontend.rpartition("/")[0] + "/"
        bases_of = (stage.from_.image.text for stage in self.stages if stage.from_.external)
        return any(isinstance(text, str) and text.startswith(mirror) for text in bases_of)

    @property
    def final_stage(self) -> Stage | None:
        return self.stages[-1] if self.stages else None

    @fact
    def final(self) -> Stage:
        """The last stage."""
        return self.stages[-1] if self.stages else self.head

    @fact
    def instructions(self) -> list[Instruction]:
        """All instructions in order."""
        return [one for stage in (self.head, *self.stages) for one in stage.all]

    @fact
    def by_ssh(self) -> bool:
        """Whether an instruction tells that MPI, Horovod or DeepSpeed starts its processes through SSH; a remark does
        not."""
        return any(isinstance(one.value, str) and _BY_SSH.search(one.value) for one in self.instructions)

    @fact
    def keyword_case(self) -> str:
        """How most keywords are written: upper or lower; a tie is upper."""
        upper = sum(1 for one in self.instructions if one.uppercase)
        lower = sum(1 for one in self.instructions if one.lowercase)
        return "lower" if lower > upper else "upper"

    def place(self) -> Place:
        first = self.stages[0].span if self.stages else Span(0, 0)
        return Place(first)
