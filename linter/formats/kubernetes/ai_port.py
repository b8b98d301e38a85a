"""The port on which a model server answers, against those that probes and Services ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_command import commands_of
from linter.formats.kubernetes.part import known_items, same
from linter.formats.launchers.grammar import SERVER
from linter.formats.launchers.script import HOLE
from linter.formats.scalars import whole
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.pod import PodSpec
    from linter.formats.kubernetes.probe import Probe

# engines that answer on one port: what they call it, and where they answer when nothing is said (None: that depends on
# the image). Sources: their argument parsers
_OPTIONS: dict[str, tuple[str, int | None]] = {
    "vllm": ("port", 8000),
    "sglang": ("port", 30000),
    "trtllm": ("port", 8000),
    "lmdeploy": ("server-port", 23333),
    "tgi": ("port", None),
    "tei": ("port", None),
    "llama.cpp": ("port", 8080),
}
_VARIABLES = {"tgi": "PORT", "tei": "PORT", "llama.cpp": "LLAMA_ARG_PORT"}
# what a script does around a server without listening anywhere
_AROUND = lazy_regex(
    r"echo|printf|export|set|unset|cd|ls|cat|mkdir|cp|mv|rm|ln|chmod|chown|sleep|ulimit|true|false|test|\[\[?|source|\."
    r"|exit|pip3?|uv|apt(-get)?|apk|yum|git|wget|curl|date|hostname|nvidia-smi|ldconfig|env|id|df|until|wait|trap|sed|awk"
    r"|grep|tee|touch|huggingface-cli|hf|gsutil|gcloud|aws|ray"
)
_MESH_PORTS = range(15000, 15100)  # of sidecars that a mesh adds


def port_of(container: Container) -> Any:
    """The one port that a container answers on; None when it is no single server, UNKNOWN when that can't be said."""
    servers = [item for item in container.launchers if item.role == SERVER]
    if len(servers) != 1 or servers[0].engine not in _OPTIONS or servers[0].behind:
        return None
    launch = servers[0]
    flags = launch.launcher.flags
    if "headless" in flags or "uds" in flags or "ssl-keyfile" in flags or _does_more(container):
        return UNKNOWN
    option, default = _OPTIONS[launch.engine]
    env = container.ai.environment
    text = flags[option].text if option in flags else env.get(_VARIABLES.get(launch.engine, ""))
    if text is not None:
        number = whole(text)
        return UNKNOWN if number is None else number
    unseen = env.open or container.open or launch.launcher.configured or launch.launcher.by_image
    if default is None or unseen or any(HOLE in word.text for word in launch.launcher.words):
        return UNKNOWN
    return default


def _does_more(container: Container) -> bool:
    """Whether its commands start something besides the server that may listen too."""
    servers = sum(item.role == SERVER for item in container.launchers)
    others = [
        command
        for command in commands_of(container)
        if not command.bare
        and command.words
        and not _AROUND.fullmatch(command.words[0].text.rpartition("/")[2])
    ]
    return len(others) > servers


def ports_of(pod: PodSpec) -> Any:
    """All ports that a pod declares or answers on, by number and name; UNKNOWN when it may answer on others."""
    if pod.open or pod.ai.fills or pod.manifest.group not in ("", "apps", "batch"):
        return UNKNOWN
    found: list[Any] = []
    for container in pod.known_containers:
        if container.runs is False:
            continue
        port = port_of(container)
        if not isinstance(port, int) or container.ports is UNKNOWN:
            return UNKNOWN
        for item in container.ports:
            if item is UNKNOWN or item.containerPort is UNKNOWN or item.name is UNKNOWN:
                return UNKNOWN
            found += [item.containerPort, item.name]
        found.append(port)
    return found


def asks_elsewhere(probe: Probe) -> Any:
    """Whether a probe asks a port on which neither the server of its container answers nor anything else of its pod."""
    container, asked = probe.container, _number(probe)
    port = port_of(container) if container is not None and asked is not None else None
    if container is None or asked is UNKNOWN or port is UNKNOWN:
        return UNKNOWN
    if port is None:
        return False
    if asked == port:
        return False
    declared = _declared(container)
    if {asked, port} <= declared:
        return UNKNOWN  # it says that it answers on both
    others = [
        item
        for item in container.pod.known_containers
        if item.address != container.address and item.runs is not False
    ]
    silent = any(item.ports is UNKNOWN or not _declared(item) or asked in _declared(item) for item in others)
    return UNKNOWN if silent else True


def _number(probe: Probe) -> Any:
    """The number of the port that a probe asks; None for a command or a name that nothing declares."""
    port = probe.port
    if port is UNKNOWN or port is None or isinstance(port, int):
        return port
    number = whole(str(port))
    if number is not None:
        return number
    container = probe.container
    ports = known_items(container.ports) if container is not None else []
    return next((item.containerPort for item in ports if same(item.name, port)), None)


def _declared(container: Container) -> set[Any]:
    return {item.containerPort for item in known_items(container.ports)}


def leads_nowhere(target: Any, listening: list[Any]) -> bool:
    """Whether a Service's target port is none of those that its pods answer on."""
    number = whole(target) if isinstance(target, str) else None
    number = target if number is None else number
    return number not in listening and number not in _MESH_PORTS
