"""What a container is for: serving a model, training one, or something else, and how it goes about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import quantity, resource
from linter.formats.data.ai_vulnerable import VULNERABLE
from linter.formats.kubernetes import ai_setting
from linter.formats.kubernetes.ai_command import environment, files_of, image_of, looks_only
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.kubernetes.ai_script import ScriptAct, acts
from linter.formats.kubernetes.ai_secret import Credential, in_arguments
from linter.formats.kubernetes.ai_setting import Setting
from linter.formats.kubernetes.ai_toolkit import toolkit_vulnerability
from linter.formats.kubernetes.ai_vulnerable import known_vulnerability
from linter.formats.kubernetes.part import known_items, same, unsure
from linter.formats.kubernetes.volume import normal_path
from linter.formats.launchers import Environment
from linter.formats.launchers.engines import BESIDE, engine_of_image
from linter.formats.launchers.grammar import AI_IMAGES, SERVER
from linter.formats.launchers.words import Files
from linter.formats.model import Model, Place, fact, remembered
from linter.formats.node import MAP, Node, Step
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

_PLAYERS = lazy_regex(
    r"(?:\A|[/_-])(?:jellyfin|plex|pms-docker|emby(?:server)?|tdarr(?:_node)?|handbrake|unmanic|fileflows|ersatztv|dispatcharr"
    r"|channels-dvr|tvheadend|threadfin|kodi|makemkv|immich-server|photoprism|nextcloud)\b"
)
_VISIBLE = "NVIDIA_VISIBLE_DEVICES"
_EFA = "vpc.amazonaws.com/efa"
# network cards that take an EFA interface; AWS, "Maximize network bandwidth … with multiple network cards"
EFA_INTERFACES = {
    "p4d.24xlarge": 4,
    "p4de.24xlarge": 4,
    "p5.48xlarge": 32,
    "p5e.48xlarge": 32,
    "p5en.48xlarge": 16,
    "trn1.32xlarge": 8,
    "trn1n.32xlarge": 16,
    "trn2.48xlarge": 16,
    "g5.48xlarge": 1,
    "dl1.24xlarge": 4,
}
_AI_IMAGE = lazy_regex("|".join(AI_IMAGES))
_AGENT_IMAGE = lazy_regex(
    r"device-plugin|gpu-operator|dcgm|container-toolkit|gpu-feature-discovery|node-feature-discovery|mig-manager"
    r"|k8s-driver-manager|nvidia/driver|fabricmanager|network-operator|mofed|rdma-shared|sriov|dranet|dra-driver"
    r"|node-exporter|neuron-monitor|neuron-scheduler|efa|gpu-exporter|nccl-plugin|nccl-fastsocket|tcpx|rxdm|gib|installer|hami|vgpu"
)
# what tests or measures devices
_TRIAL_IMAGE = lazy_regex(r"nvbandwidth|gpu-?burn|cuda-sample|k8s-samples|vector-?add|nvidia-smi")
_SIMULATOR = lazy_regex(r"(?:^|[/_-])(?:sim|simulator|emulator|vllme)(?:$|[_-])")
# an operating system without software of its own
_BARE_IMAGE = lazy_regex(
    r"(^|/)(ubuntu|debian|alpine|busybox|centos|fedora|rockylinux|almalinux|amazonlinux|ubi\d*(-minimal)?|bash|pause)$"
    r"|dcgm|rocm/rocm-terminal"
)
_CUDA_IMAGE = lazy_regex(
    r"nvcr\.io/nvidia/(cuda|pytorch|tensorflow|jax|tritonserver|nemo|tensorrt)|(^|/)nvidia/cuda|vllm/vllm-openai"
    r"|lmsysorg/sglang|text-generation-inference|pytorch/pytorch"
)
# clients of servers and job submitters carry a server's image or name, and hold no model
_HELPER = lazy_regex(r"exporter|proxy|logger|fluent|metrics|sidecar|istio|envoy|promtail|collector|monitor")


@lru_cache(maxsize=4096)
def _is_framework(image: str) -> bool:
    return bool(image) and not BESIDE.search(image.rpartition("/")[2]) and bool(_AI_IMAGE.search(image))


class AiContainer(Model):
    """What an AI container is for."""

    def __init__(self, container: Container) -> None:
        self.document = container.document
        self.container = container

    def place(self) -> Place:
        return self.container.locate(("image",))

    def locate(self, steps: Sequence[Step]) -> Place:
        if steps and steps[0] == "shmMounted":
            return self.container.locate(("volumeMounts",))
        if steps and steps[0] == "visibleDevices":
            return word_place(self.container, self.environment.origin(_VISIBLE))
        if steps and steps[0] == "efaMismatch":
            return self.container.locate(("resources", "limits", _EFA))
        if steps and steps[0] == "misplacedResource":
            for key, holder in self._misplaced():
                return Place(holder.entry_span(key))
        return self.place()

    @remembered
    def environment(self) -> Environment:
        return environment(self.container)

    @remembered
    def files(self) -> Files:
        return files_of(self.container)

    @remembered
    def image(self) -> str:
        return image_of(self.container).lower()

    @property
    def framework(self) -> bool:
        """Whether its image is one that trains or computes, and not what stands beside such."""
        return _is_framework(self.image)

    @fact
    def engine(self) -> str:
        """The engine that it starts, or that its image is for; '' when neither is known."""
        if self.container.launcher.engine:
            return self.container.launcher.engine
        found = engine_of_image(self.image) if self.image else None
        return found.name if found is not None else ""

    @fact
    def server(self) -> bool:
        """Whether it is a model server that runs as long as its pod."""
        return (
            self.container.launcher.role == SERVER
            and not self.container.launcher.behind
            and self.container.role == "app"
            and self.container.pod.lifetime == "service"
            and self.container.pod.ai.role
            not in ("worker", "prefill-worker")  # those follow a leader that answers
        )

    @fact
    def lazy(self) -> bool:
        """Whether it answers at once and loads weights when somebody asks for a model."""
        return self.engine in ("ollama", "localai")

    @fact
    def gpuServer(self) -> bool:
        """Whether it is a model server that asks for an accelerator."""
        if not self.server:
            return False
        return self.container.accelerator.requested

    @fact
    def workload(self) -> bool:
        """Whether it runs AI software: a launcher, an AI image, or an accelerator that it asks for."""
        if self.container.launchers or self.engine or self.framework:
            return True
        return False if self.plays else self.container.accelerator.requested

    @fact
    def plays(self) -> bool:
        """Whether its image is a server of films or photographs, which uses the video engine of a device."""
        return _PLAYERS.search(self.image) is not None

    @fact
    def takesTurns(self) -> bool:
        """Whether what it asks for may be turns on one device: Intel's plugin gives one to as many as it is told, which
        is for films and screens. Not where AI software is known."""
        if self.container.launchers or self.engine or self.framework:
            return False
        vendors = {(item.vendor, item.kind) for item in self.container.accelerator.known}
        return bool(vendors) and vendors <= {("Intel", "gpu"), ("Intel", "part")}

    @fact
    def cudaImage(self) -> bool:
        """Whether its image is known to set NVIDIA_VISIBLE_DEVICES=all."""
        return bool(_CUDA_IMAGE.search(self.image))

    @fact
    def bare(self) -> bool:
        """Whether its image is a bare operating system or a test of the devices, or it only shows what devices there
        are; and it starts no launcher."""
        if self.container.launchers:
            return False
        return bool(_BARE_IMAGE.search(self.image)) or self.trial

    @fact
    def trial(self) -> bool:
        """Whether it only shows or tests what devices there are, which takes seconds and no memory to speak of."""
        if self.container.launchers:
            return False
        tag = self.container.imageRef.tag
        name = f"{self.image}:{tag}" if isinstance(tag, str) else self.image
        if _TRIAL_IMAGE.search(name) or looks_only(self.container):
            return True
        # CUDA's base images have nothing to work with but nvidia-smi
        bare = self.image.endswith("/cuda") and isinstance(tag, str) and "base" in tag
        return bare and self.container.idles is True

    @fact
    def simulator(self) -> bool:
        """Whether its image only answers as a model server would."""
        return _SIMULATOR.search(self.image) is not None

    @fact
    def agent(self) -> bool:
        """Whether it is software that manages the accelerators of a node."""
        return bool(_AGENT_IMAGE.search(self.image))

    @fact
    def shmMounted(self) -> bool:
        """Whether a volume is mounted at /dev/shm."""
        mounts: Any = self.container.volumeMounts
        if mounts is UNKNOWN:
            return UNKNOWN
        if any(same(normal_path(mount.mountPath), "/dev/shm") for mount in known_items(mounts)):  # noqa: S108 - a path to look for
            return True
        return UNKNOWN if unsure(*mounts) or self.container.open else False

    @fact
    def visibleDevices(self) -> str | None:
        """NVIDIA_VISIBLE_DEVICES as set by hand; null when it is not."""
        value = self.environment.values.get(_VISIBLE)
        return None if value is None else UNKNOWN if "\ufffc" in value else value

    @fact
    def acts(self) -> list[ScriptAct]:
        """What its commands do at start that a build should have done: install packages, clone, pipe a download."""
        return acts(self.container)

    @fact
    def secondsToLive(self) -> int | None:
        """Seconds that the liveness probe leaves before it kills a container that does not answer; null without one."""
        probe = self.container.livenessProbe
        if probe.node is None:
            return None
        parts = (probe.initialDelaySeconds, probe.periodSeconds, probe.failureThreshold)
        if any(part is UNKNOWN for part in parts):
            return UNKNOWN
        delay, period, failures = (part or 0 for part in parts)
        return delay + period * failures

    @fact
    def efaOfInstance(self) -> int | None:
        """EFA interfaces of the instance type that its pod selects; null when that is not known."""
        selector = self.container.pod.nodeSelector
        return (
            None
            if selector is UNKNOWN
            else EFA_INTERFACES.get(str(selector.get("node.kubernetes.io/instance-type")))
        )

    @fact
    def efaMismatch(self) -> bool:
        """Whether it asks for other than all EFA interfaces of that instance type."""
        value = self.container.resources.entry("limits", _EFA)
        if self.efaOfInstance is None or value is None:
            return False
        amount = quantity(value)
        return UNKNOWN if amount is UNKNOWN else amount != self.efaOfInstance

    @fact
    def tlsOff(self) -> list[Setting]:
        """What turns its verification of certificates off."""
        return ai_setting.tls_off(self.container)

    @fact
    def authOff(self) -> list[Setting]:
        """What lets anyone into its user interface."""
        return ai_setting.auth_off(self.container)

    @fact
    def anonymous(self) -> list[Setting]:
        """What opens its vector database to anyone."""
        return ai_setting.anonymous(self.container)

    @fact
    def tokenless(self) -> list[Setting]:
        """Options that start its notebook server without a token or password."""
        return ai_setting.tokenless(self.container)

    @fact
    def plainHttp(self) -> list[Setting]:
        """Models and scripts that it fetches over HTTP from beyond the cluster."""
        return ai_setting.plain_http(self.container)

    @fact
    def imageMoves(self) -> bool:
        """Whether the tag of its image moves; unknown for an image without a tag that a controller may fill in."""
        reference = self.container.imageRef
        if reference.untagged is True and (self.container.open or "image" in self.container.pod.ai.fills):
            return UNKNOWN
        return False if reference.placeholder else reference.floating

    @fact
    def known(self) -> bool:
        """Whether its image is one of a known AI engine, framework or tool."""
        return bool(self.image) and (engine_of_image(self.image) is not None or self.framework)

    @property
    def _errand(self) -> bool:
        """Whether it only uses the image of a server, to fetch or convert a model, where nothing in it listens, or to
        start another server that is in it, too."""
        container = self.container
        servers = {item.engine for item in container.launchers if item.role == SERVER}
        if servers or not container.words:
            own = engine_of_image(self.image) if servers and self.image else None
            return own is not None and own.name not in servers
        if container.role == "init" and container.sidecar is not True:
            return True
        return bool(container.command) and container.pod.lifetime in ("batch", "job")

    @fact
    def vulnerability(self) -> str | None:
        """Ids of the known severe vulnerabilities of its image's version; null when there is none, or no server."""
        if self._errand:
            return None
        found = known_vulnerability(self.container.imageRef, VULNERABLE)
        return found if found is None or found is UNKNOWN else found.ids

    @fact
    def vulnerableUntil(self) -> str | None:
        """The first version without them."""
        found = known_vulnerability(self.container.imageRef, VULNERABLE)
        return found if found is None or found is UNKNOWN else found.fixed

    @fact
    def toolkitVulnerability(self) -> str | None:
        """Ids of the known vulnerabilities of an NVIDIA container toolkit in its mode; null when it is none or has
        none."""
        found = toolkit_vulnerability(self.container)
        return found if found is None or found is UNKNOWN else found.ids

    @fact
    def toolkitUntil(self) -> str | None:
        """The first version of the toolkit without them."""
        found = toolkit_vulnerability(self.container)
        return found if found is None or found is UNKNOWN else found.fixed

    @fact
    def modelRemote(self) -> bool:
        """Whether its model comes from elsewhere than a path in the container, as far as its words tell."""
        launcher, node = self.container.launcher, self.container.node
        uri = node.get("storageUri") if node is not None else None
        if uri is not None and str(uri.string()).startswith("oci://"):
            return False  # an image holds it
        return not launcher.written_model.startswith(("/", ".", "~")) and not launcher.model_by_path

    @fact
    def rdmaDevice(self) -> bool:
        """Whether it asks for an RDMA card, other than an EFA interface."""
        limits: Any = self.container.resources.limits
        return UNKNOWN if limits is UNKNOWN else any(name.startswith("rdma/") for name in limits)

    @fact
    def credentials(self) -> list[Credential]:
        """Credentials of AI providers that its command line holds or refers to."""
        return in_arguments(self.container)

    @fact
    def memoryDiffers(self) -> bool:
        """Whether a memory request and a memory limit are written and differ."""
        request, limit = (self.container.resources.entry(side, "memory") for side in ("requests", "limits"))
        if request is None or limit is None:
            return False
        sizes = (quantity(request), quantity(limit))
        return UNKNOWN if unsure(*sizes) else sizes[0] != sizes[1]

    @fact
    def helper(self) -> bool:
        """Whether it stands beside the container that computes: a sidecar, exporter, proxy or logger."""
        return self.container.sidecar is True or bool(_HELPER.search(f"{self.container.name} {self.image}"))

    @fact
    def misplacedResource(self) -> str | None:
        """The accelerator key, or limits and requests with one, that stand where nothing reads them; null when none."""
        return next((key for key, _ in self._misplaced()), None)

    def _misplaced(self) -> Iterator[tuple[str, Node]]:
        node = self.container.node
        resources = node.get("resources") if node is not None else None
        if node is None or self.container.pod.template is None or self.container.pod.template.at.view:
            return  # other kinds have other levels
        if resources is not None and resources.kind == MAP:
            yield from ((key, resources) for key in resources.keys() if _is_device(key))  # noqa: SIM118 - a Node
        for holder in (node, self.container.pod.node):
            for key in holder.keys() if holder is not None else ():
                inner = holder.get(key) if holder is not None and key in ("limits", "requests") else None
                if holder is not None and (
                    _is_device(key) or (inner is not None and any(map(_is_device, inner.keys())))
                ):
                    yield key, holder


def _is_device(key: str) -> bool:
    return "/" in key and resource(key) is not None
