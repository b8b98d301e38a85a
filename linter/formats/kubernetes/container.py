"""Containers of every sort: app, init, sidecar and ephemeral ones are one class; facts say which is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from linter.cel import UNKNOWN
from linter.formats.image import ImageRef
from linter.formats.kubernetes import ai_launcher
from linter.formats.kubernetes.ai_accelerator import AcceleratorRequest, Accelerators, requests_of
from linter.formats.kubernetes.ai_command import words_of
from linter.formats.kubernetes.ai_container import AiContainer
from linter.formats.kubernetes.ai_launcher import Launch
from linter.formats.kubernetes.composed_image import ComposedImage
from linter.formats.kubernetes.env import EnvFrom, EnvVar
from linter.formats.kubernetes.kinds import UNNAMED
from linter.formats.kubernetes.leaks import Leak, in_words
from linter.formats.kubernetes.nodepaths import OF_ROOT
from linter.formats.kubernetes.part import (
    Entry,
    Part,
    both,
    either,
    known,
    known_items,
    negate,
    same,
    unsure,
    written_name,
)
from linter.formats.kubernetes.probe import ContainerPort, Handler, Lifecycle, Probe
from linter.formats.kubernetes.resources import Resources
from linter.formats.kubernetes.security import Effective, SecurityContext, capability
from linter.formats.kubernetes.volume import VolumeMount, below, normal_path
from linter.formats.model import Place, fact, field, remembered
from linter.formats.node import Node, Step
from linter.formats.shell.kernel import only_sets_kernel
from linter.formats.shell.preparing import needs_root, only_prepares
from linter.formats.shell.writing import writes_below
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.pod import PodSpec


_FLAG = lazy_regex(r"--?([A-Za-z][\w.-]*)(?:=(.*))?\Z", re.DOTALL)
# containers that a webhook adds and completes; a manifest that names one says what it wants changed of it.
# Sources: GKE's documentation of its CSI drivers' sidecars; Istio's of `image: auto`
_COMPLETED = frozenset(("gke-gcsfuse-sidecar", "gke-gcsfuse-metadata-prefetch", "gke-parallelstore-sidecar"))
_BY_MESH = "auto"  # the image
COMPONENTS = frozenset(
    ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet", "kube-proxy")
)
_IDLE = lazy_regex(
    r"(?:(?:/bin/)?(?:ba)?sh -[a-z]{0,3}c (?:-- )?)?(?:trap [^;]*; *)?"
    # what people need for it is installed before
    r"\s*(?:(?:#|(?:echo|printf|apk|apt(?:-get)?|yum|dnf|microdnf|pip3?|npm|mkdir|touch|chmod|set|export|cd)\b)[^;&|`\n]{0,500}"
    r"(?:&&|[;\n])\s*){0,20}(?:exec )?(?:/bin/)?"
    r"(?:sleep (?:infinity|inf|\d{3,}|\d+[hd])|tail -f /dev/null"
    r"|while (?:true|:) *[;\n]\s*do\s+"
    r"(?P<said>(?:(?:date|echo|printf)\b(?:[^;&|`$\n]|\$(?:\(date[^()]{0,50}\)|\w+|\{[\w:-]+\})){0,500}[;\n]\s*){0,9})"
    r"sleep [\w.]+\s*[;\n]\s*done)"
    r"(?: *& *wait)?[; ]*"
)


_OF_OWNERS = lazy_regex(r"(?:\A|-)(?:perms?|permissions?|chown|chmod|ownership)(?:-|\Z)")
_OF_ITS_POD = lazy_regex(r"(?:\A|[\s/])kubectl\s+proxy(?=\s|\Z)")
_TAKES_JOBS = lazy_regex(
    r"(?:\A|[\s/&;])celery(?:\s[^;&|\n]{0,200}?)?(?<!-A)(?<!--app)\s(?:worker|beat)(?=\s|\Z)"
    r"|(?:\A|[\s/&;])(?:sidekiq|rq\s+worker|dramatiq|resque|good_job|huey_consumer(?:\.py)?)(?=\s|\Z)"
    r"|\squeue:(?:work|listen)(?=\s|\Z)"
    # Sentry's, which take what is to be stored from Kafka
    r"|(?:\A|[\s/&;])snuba\s+(?:(?:rust-|bulk-)?consumer|replacer|subscriptions-[a-z-]+)(?=\s|\Z)"
    r"|(?:\A|[\s/&;])sentry\s+run\s+(?:worker|taskworker|consumer|cron)(?=\s|\Z)"
)
_PAUSE = lazy_regex(r"(?:\A|/)pause(?:-(?:amd|arm)64)?(?=[:@]|\Z)")


_NO_NAMES = frozenset((UNNAMED, "values", "valuesObject", "spec"))


class Container(Part):
    """A container of a pod: app, init or ephemeral."""

    is_container: ClassVar[bool] = True

    name: str | None = field(None, "name, unique in the pod")
    image: str | None = field(None, "image reference as written")
    command: list[str] = field(None, "entry point; replaces the image's")
    args: list[str] = field(None, "arguments; replace the image's command")
    workingDir: str | None = field(None, "working directory")
    ports: list[ContainerPort] = field(None, "ports that it listens on")
    env: list[EnvVar] = field(None, "environment variables")
    envFrom: list[EnvFrom] = field(None, "objects of which all keys become environment variables")
    resources: Resources = field(None, "what it may use")
    volumeMounts: list[VolumeMount] = field(None, "where it sees volumes")
    volumeDevices: list[Any] = field(None, "raw block devices")
    livenessProbe: Probe = field(None, "restart the container when it fails")
    readinessProbe: Probe = field(None, "take the pod out of Services while it fails")
    startupProbe: Probe = field(None, "hold back the other probes until it succeeds")
    lifecycle: Lifecycle = field(None, "what runs after the start and before the stop")
    securityContext: SecurityContext = field(None, "security settings")
    imagePullPolicy: str | None = field(None, "Always, IfNotPresent or Never")
    restartPolicy: str | None = field(None, "of an init container: Always makes it a sidecar")
    stdin: bool = field(False, "keep standard input open")
    tty: bool = field(False, "allocate a terminal")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.open and self.node is not None and _is_completed(self.node):
            self.open = True

    @remembered
    def pod(self) -> PodSpec:
        found: Any = self.owner
        return found

    @property
    def doubtful(self) -> bool:
        return self.pod.doubtful

    @fact(at="name")
    def title(self) -> str:
        """Its name for messages; the template's own words where a template gives the name, its image's where there is
        none: Knative asks for no name, and values of a chart may have none. Those of a release have its name."""
        own = written_name(self, "name")
        if self._is_unnamed():
            own = getattr(self.pod.manifest, "release", "") or "values"
        image = self.imageRef.name if own == "?" or self._is_unnamed() else ""
        return image if isinstance(image, str) and image else own

    def _is_unnamed(self) -> bool:
        """Whether it is of values whose key for it, if any, only says that they are values: its template names it."""
        template = self.pod.template
        if template is None or template.at.role != "values":
            return False
        # `main` may be its key
        return self.name in _NO_NAMES and (self.name != UNNAMED or UNNAMED not in template.steps)

    @fact
    def role(self) -> str:
        """`app`, `init` or `ephemeral`: the list that it stands in."""
        return {"initContainers": "init", "ephemeralContainers": "ephemeral"}.get(
            str(self._list_name()), "app"
        )

    def _list_name(self) -> Any:
        return self.parent.step if self.parent is not None else ""

    @fact
    def sidecar(self) -> bool:
        """Whether it is an init container that keeps running beside the app containers."""
        if self.role != "init":
            return False
        return UNKNOWN if unsure(self.restartPolicy) else self.restartPolicy == "Always"

    @fact
    def runs(self) -> bool:
        """Whether it runs as long as the pod: an app container or a sidecar."""
        return True if self.role == "app" else self.sidecar

    @fact(at="command")
    def idles(self) -> bool:
        """Whether it only sleeps, for people to run commands in, or says something again and again."""
        words = self.words
        if words is UNKNOWN or any(word is UNKNOWN for word in words):
            return UNKNOWN
        return self._idling(words) is not None

    @fact(at="command")
    def repeats(self) -> bool:
        """Whether it says something again and again, such as the time, and does nothing else."""
        words = self.words
        if words is UNKNOWN or any(word is UNKNOWN for word in words):
            return UNKNOWN
        found = self._idling(words)
        return found is not None and bool(found["said"])

    def _idling(self, words: Sequence[Any]) -> re.Match[str] | None:
        return _IDLE.fullmatch(" ".join(str(word) for word in words).strip())

    @fact(at="command")
    def preparesAsRoot(self) -> bool:
        """Whether it is an init container that changes owners, users, the kernel's settings or mounts, as root alone
        may, or only makes folders in its volumes; or a job's that does nothing but make folders and users, and change
        owners."""
        if self.role != "init":
            job = self.pod.lifetime == "batch" and self.words is not UNKNOWN
            return job and only_prepares(self.words)
        if isinstance(self.name, str) and _OF_OWNERS.search(self.name) is not None:
            return True
        return self.words is not UNKNOWN and needs_root(self.words)

    @fact(at="command")
    def servesItsPod(self) -> bool:
        """Whether it listens for the other containers of its pod alone, as `kubectl proxy` does by default."""
        if self.words is UNKNOWN:
            return False
        text = " ".join(word for word in self.words if isinstance(word, str))
        return _OF_ITS_POD.search(text) is not None and "--address" not in text

    @fact(at="command")
    def takesJobs(self) -> bool:
        """Whether it takes jobs from a queue, such as a worker of Celery, whatever ports it names."""
        if self.words is UNKNOWN:
            return False
        text = " ".join(word for word in self.words if isinstance(word, str))
        return _TAKES_JOBS.search(text) is not None

    @fact(at="volumeMounts")
    def readsOfRoot(self) -> bool:
        """Whether it runs on each node and has what root alone may read there: the containers' logs, the pods' folders,
        where plug-ins meet the kubelet, the socket of the container runtime."""
        if self.pod.lifetime != "node":
            return False
        paths = (mount.volume.hostPath for mount in known_items(self.volumeMounts))
        return any(path.normal in OF_ROOT or path.runtimeSocket is True for path in paths)

    @fact(at="command")
    def onlySetsKernel(self) -> bool:
        """Whether it is an init container that does nothing but give settings of the node's kernel new values, and has
        nothing else of the node."""
        if self.role != "init" or self.sidecar is True:
            return False
        own = (mount.volume.hostPath.node is None for mount in known_items(self.volumeMounts))
        return all(own) and only_sets_kernel(self.scripts)

    @fact(at="command")
    def writesAsRoot(self) -> bool:
        """Whether its command writes what root alone may write of its node, such as settings of the kernel, and it
        serves nobody."""
        mounts = [
            mount for mount in known_items(self.volumeMounts) if mount.volume.hostPath.sensitive is True
        ]
        if not mounts or unsure(self.words, self.ports) or (self.ports and self.runs is not False):
            return False
        folders = [mount.mountPath for mount in mounts if mount.readOnly is False]
        return writes_below(self.scripts, [folder for folder in folders if isinstance(folder, str)])

    @fact(at="securityContext.capabilities")
    def tunnelsAsRoot(self) -> bool:
        """Whether it sets up a VPN in the network of its pod: Kubernetes gives added capabilities to UID 0 alone."""
        added = self.addedCapabilities
        return both(self.imageRef.ofTunnel, UNKNOWN if added is UNKNOWN else "NET_ADMIN" in added)

    @fact(at="volumeMounts")
    def asksDriverOfRoot(self) -> bool:
        """Whether it is a helper at the socket of a CSI driver that runs as root in its pod, which root alone opens."""
        if not self.imageRef.ofDriver:
            return False
        shared = {mount.name for mount in known_items(self.volumeMounts)}
        return any(
            (other.securityContext.privileged is True or other.runsAsRoot is True)
            and not other.imageRef.ofDriver
            and any(mount.name in shared for mount in known_items(other.volumeMounts))
            for other in self.pod.known_containers
        )

    @fact(at="image")
    def imageRef(self) -> ImageRef:
        """The image reference, taken apart."""
        node = self.node.get("image") if self.node is not None else None
        # the raw text keeps what is known of a reference of which a template fills in a part
        text = getattr(getattr(node, "raw", None), "value", None) if self.image is UNKNOWN else self.image
        return ImageRef(text if isinstance(text, str) else UNKNOWN, self, ("image",))

    @fact(at="image")
    def exports(self) -> bool:
        """Whether it shows figures to monitoring, by its name or its image's: node-exporter, drm-exporter."""
        names = (self.title, self.imageRef.name)
        return any(isinstance(name, str) and name.endswith("exporter") for name in names)

    @fact(at="image")
    def pause(self) -> bool:
        """Whether its image is Kubernetes' pause, which does nothing and has a user of its own; where a value gives the
        image, by its own name."""
        if self.image is UNKNOWN:
            return self.name == "pause"
        return isinstance(self.image, str) and _PAUSE.search(self.image) is not None

    @fact(at="image")
    def built(self) -> bool:
        """Whether Skaffold builds its image, which gets its tag with each deployment, or no node ever pulls it."""
        from linter.formats.kubernetes.skaffold import builds

        return same(self.imagePullPolicy, "Never") is True or builds(self.document, self.imageRef)

    @fact
    def effective(self) -> Effective:
        """What applies to it: its own settings, else the pod's."""
        return Effective(self, self.pod)

    @fact(at="securityContext")
    def runsAsRoot(self) -> bool:
        """Whether nothing keeps it from UID 0: no effective runAsNonRoot, and runAsUser unset or 0."""
        user, non_root = self.effective.runAsUser, self.effective.runAsNonRoot
        may_be_zero = UNKNOWN if user is UNKNOWN else user in (None, 0)
        return both(negate(UNKNOWN if non_root is UNKNOWN else non_root is True), may_be_zero)

    @fact
    def addedCapabilities(self) -> list[str]:
        """Capabilities added, in upper case without CAP_."""
        added = self.securityContext.capabilities.add
        return UNKNOWN if added is UNKNOWN else [capability(name) for name in added]

    @fact(at="securityContext")
    def neverHoldsAdded(self) -> bool:
        """Whether none of its processes ever has what capabilities it adds: another user than root has none of them
        when it starts, and may not gain any (`allowPrivilegeEscalation: false`)."""
        gains = self.securityContext.allowPrivilegeEscalation
        return both(negate(self.runsAsRoot), UNKNOWN if gains is UNKNOWN else gains is False)

    @fact
    def fullyPrivileged(self) -> bool:
        """Whether it is privileged or has SYS_ADMIN or ALL, which makes other hardening moot."""
        added = self.addedCapabilities
        big = UNKNOWN if added is UNKNOWN else "SYS_ADMIN" in added or "ALL" in added
        return either(self.securityContext.privileged, big)

    @fact(at="resources.requests")
    def cpuRequested(self) -> bool:
        """Whether a CPU request applies, directly, by a limit, or for the pod as a whole."""
        return either(self.resources.requested("cpu"), self.pod.resources.requested("cpu"))

    @fact(at="resources.requests")
    def memoryRequested(self) -> bool:
        """Whether a memory request applies, directly, by a limit, or for the pod as a whole."""
        return either(self.resources.requested("memory"), self.pod.resources.requested("memory"))

    @fact(at="resources.limits")
    def cpuLimited(self) -> bool:
        """Whether a CPU limit applies, directly or for the pod as a whole."""
        return either(self.resources.limited("cpu"), self.pod.resources.limited("cpu"))

    @fact(at="resources.limits")
    def memoryLimited(self) -> bool:
        """Whether a memory limit applies, directly or for the pod as a whole."""
        return either(self.resources.limited("memory"), self.pod.resources.limited("memory"))

    @fact(at="resources")
    def storageBounded(self) -> bool:
        """Whether ephemeral storage is both requested and limited."""
        request = self.resources.entry("requests", "ephemeral-storage")
        asked = UNKNOWN if request is UNKNOWN else request is not None
        return both(asked, self.resources.limited("ephemeral-storage"))

    @fact
    def probes(self) -> list[Probe]:
        """Its liveness, readiness and startup probes, those that are written."""
        own = self.node
        if own is None:
            return []
        names = ("livenessProbe", "readinessProbe", "startupProbe")
        found: list[Probe] = [getattr(self, name) for name in names if own.get(name) is not None]
        return [probe for probe in found if probe.node is not None]

    @fact(at="livenessProbe")
    def sameProbes(self) -> bool:
        """Whether its liveness and readiness probe ask the same."""
        live, ready = self.livenessProbe.asked(), self.readinessProbe.asked()
        return bool(live) and live == ready

    @fact
    def handlers(self) -> list[Handler]:
        """Its probes and life-cycle hooks, those that are written."""
        if self.node is None or self.node.get("lifecycle") is None:
            return [*self.probes]
        hooks = (self.lifecycle.postStart, self.lifecycle.preStop)
        return [*self.probes, *(hook for hook in hooks if hook.node is not None)]

    @fact
    def leaks(self) -> list[Leak]:
        """Literal secrets in its command and arguments."""
        return [*in_words(self, "command", self.command), *in_words(self, "args", self.args)]

    @fact
    def component(self) -> str | None:
        """The control-plane program that it runs, such as kube-apiserver; null for everything else."""
        words = self.words
        first = words[0] if words and isinstance(words[0], str) else ""
        name = first.split()[0].rpartition("/")[2] if first.split() else ""
        if (not first or first.startswith("-")) and isinstance(self.imageRef.name, str):
            name = self.imageRef.name.removesuffix("-amd64")
        return name if name in COMPONENTS else None

    @fact(at="command")
    def flags(self) -> dict[str, str]:
        """Flags of the command line and their values; `true` for a flag without one."""
        return parse_flags(self.words)

    @fact
    def wordEntries(self) -> list[Entry]:
        """The words of its command and arguments one by one."""
        words = self.words
        return [
            UNKNOWN if unsure(word) else Entry(self, ("words", i), "", word) for i, word in enumerate(words)
        ]

    @fact(at="command")
    def words(self) -> list[str]:
        """Command and arguments in one list."""
        parts: list[Any] = []
        for values in (self.command, self.args):
            parts += [UNKNOWN] if values is UNKNOWN else values
        return parts

    @remembered
    def scripts(self) -> Sequence[Any]:
        """Its words, with what is known of those into which a template writes something; empty where one is missing.

        An operator whose kind is not known may fill in what is not written, but adds nothing to a command."""
        found = [*words_of(self, "command"), *words_of(self, "args")]
        template = self.pod.template
        guessed = template is not None and template.at.role == "guessed"
        whole = guessed and self.command is not UNKNOWN and len(self.command) == len(found) > 0
        return found if whole or len(found) == len(self.words) else ()

    def locate(self, steps: Sequence[Step]) -> Place:
        if (
            len(steps) > 1
            and steps[0] == "words"
            and isinstance(steps[1], int)
            and self.command is not UNKNOWN
        ):
            index = steps[1] - len(self.command)
            return super().locate(("args", index) if index >= 0 else ("command", steps[1]))
        if len(steps) > 1 and steps[0] == "flags":
            return self._locate_flag(str(steps[1]))
        if len(steps) > 1 and steps[0] == "imageRef":
            return self._locate_in_image(steps[1])
        return super().locate(steps)

    def _locate_in_image(self, part: Step) -> Place:
        """Where a part of the image reference is written, which only charts have on lines of their own."""
        node = self.node.get("image") if self.node is not None else None
        if isinstance(node, ComposedImage) and part in ("registry", "repository"):
            return Place(node.source)
        return super().locate(("image",))

    def _locate_flag(self, name: str) -> Place:
        for index, word in enumerate(self.words):
            if isinstance(word, str) and re.match(rf"--?{re.escape(name)}(?:=|\Z)", word):
                return self.locate(("words", index))
        place = super().locate(("command",))
        return Place(place.span, absent=True)

    @fact(at="resources")
    def accelerators(self) -> list[AcceleratorRequest]:
        """Its accelerator resources, misspelt ones included."""
        return requests_of(self)

    @fact
    def accelerator(self) -> Accelerators:
        """All its accelerators together."""
        return Accelerators(self)

    @fact
    def launchers(self) -> list[Launch]:
        """The launchers that it starts, such as vLLM or torchrun, in order."""
        return ai_launcher.launches(self)

    @fact
    def launcher(self) -> Launch:
        """The launcher that matters most; one without an engine when there is none."""
        return ai_launcher.main_launch(self)

    @fact
    def ai(self) -> AiContainer:
        """What it is for, if it is an AI container."""
        return AiContainer(self)

    def mount_at(self, path: str) -> VolumeMount | None:
        """The mount that `path` in the container lies in, the deepest one; None when it is in the image."""
        best: VolumeMount | None = None
        for mount in known_items(self.volumeMounts):
            where = normal_path(mount.mountPath)
            if not known(where) or not below(path, where):
                continue
            if best is None or len(where) > len(normal_path(best.mountPath)):
                best = mount
        return best


def parse_flags(words: Any) -> dict[str, str]:
    """Flags of a command line as Go's flag packages read them."""
    flags: dict[str, str] = {}
    name = ""
    for word in words if words is not UNKNOWN else ():
        text = word if isinstance(word, str) else ""
        match = _FLAG.match(text)
        if match:
            name = match[1]
            flags[name] = match[2] if match[2] is not None else "true"
        elif name and flags.get(name) == "true":
            flags[name], name = text, ""
    return flags


def _is_completed(node: Node) -> bool:
    name, image = node.get("name"), node.get("image")
    if name is not None and name.string() in _COMPLETED:
        return True
    return image is not None and same(image.string(), _BY_MESH)
