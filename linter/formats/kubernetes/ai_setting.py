"""Single settings that open or weaken an AI workload: variables, options, addresses; each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.accelerator import accelerator
from linter.formats.kubernetes.ai_command import commands_of, words_of
from linter.formats.kubernetes.ai_place import word_place
from linter.formats.kubernetes.ai_script import CLUSTER_HOST
from linter.formats.kubernetes.part import mapping_at, same
from linter.formats.model import Model, Place, field
from linter.formats.node import MAP, SEQ, Node, Step
from linter.patterns import kept_regex, lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container
    from linter.formats.kubernetes.manifest import Manifest

_TRUE = frozenset(("1", "true", "yes", "on"))
_FALSE = frozenset(("0", "false", "no", "off"))
# variable -> values that turn verification of certificates off
_TLS_OFF: dict[str, frozenset[str]] = {
    "GIT_SSL_NO_VERIFY": _TRUE,
    "HF_HUB_DISABLE_SSL_VERIFICATION": _TRUE,
    "HF_HUB_DISABLE_SSL_VERIFY": _TRUE,
    "HF_HUB_DISABLE_SSL": _TRUE,
    "PYTHONHTTPSVERIFY": _FALSE,
    "S3_VERIFY_SSL": _FALSE,
    "AWS_S3_VERIFY_SSL": _FALSE,
    "NODE_TLS_REJECT_UNAUTHORIZED": _FALSE,
    "CURL_SSL_NO_VERIFY": _TRUE,
    "MLFLOW_TRACKING_INSECURE_TLS": _TRUE,
    "CONDA_SSL_VERIFY": _FALSE,
}
_OF_S3 = frozenset(("S3_VERIFY_SSL", "AWS_S3_VERIFY_SSL"))  # of TensorFlow and KServe's storage initializer
# variable -> values that let anyone in
_AUTH_OFF: dict[str, frozenset[str]] = {
    "WEBUI_AUTH": _FALSE,
    "LANGFLOW_AUTO_LOGIN": _TRUE,
    "GRADIO_SHARE": _TRUE,
    "FLOWISE_DISABLE_AUTH": _TRUE,
}
_ANONYMOUS: dict[str, frozenset[str]] = {
    "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": _TRUE,
    "COMMON_SECURITY_AUTHORIZATIONENABLED": _FALSE,
    "ANONYMIZED_ACCESS": _TRUE,
}
_SERVER = r"--(?:ServerApp|NotebookApp|LabApp|IdentityProvider|PasswordIdentityProvider)\."
# without a password alone, and without JUPYTER_TOKEN, Jupyter makes a token
_NO_TOKEN = lazy_regex(_SERVER + r"token=(?:''|\"\")?(?=\s|$|[;&|)]|['\"](?:\s|$))")
_PASSWORD = lazy_regex(_SERVER + r"(?:hashed_)?password=['\"]?[^\s'\";&|)]")
_DUMMY = lazy_regex(r"authenticator_class\s*=\s*['\"](?:jupyterhub\.auth\.)?(?:dummy|DummyAuthenticator)")
_ADDRESS = lazy_regex(r"(?i)model|weight|url|uri|endpoint|download|source|path|checkpoint")
_FETCHED = lazy_regex(
    r"(?i)\.(safetensors|bin|pt|pth|gguf|tar|tgz|zip|gz|sh|py|onnx|pkl|ckpt|mar)(\?|$)|huggingface|/models?/"
)


class Setting(Model):
    """A setting, by the name that it was written under."""

    name: str = field("", "its name")
    value: str = field("", "its value as written")

    def __init__(self, owner: Any, name: str, value: str, place: Place) -> None:
        self.document = owner.document
        self.owner = owner
        self.name = name
        self.value = value
        self._place = place

    @property
    def address(self) -> str:
        return str(self.owner.address)

    def place(self) -> Place:
        return self._place

    def locate(self, steps: Sequence[Step]) -> Place:
        return self._place


def _variables(container: Container, table: dict[str, frozenset[str]]) -> Iterator[Setting]:
    env = container.ai.environment
    for name, value in env.values.items() if not env.values.keys().isdisjoint(table) else ():
        if name in table and value.strip().lower() in table[name]:
            yield Setting(container, name, value, word_place(container, env.origin(name)))


def tls_off(container: Container) -> list[Setting]:
    """What turns the verification of certificates off: variables, and options of download tools."""
    found = list(_variables(container, _TLS_OFF))
    if container.ai.environment.values.get("S3_USE_HTTPS", "").strip().lower() in _FALSE:
        found = [setting for setting in found if setting.name not in _OF_S3]  # no TLS, so nothing to verify
    found += [
        Setting(container, act.text, "", act.place()) for act in container.ai.acts if act.kind == "tls-off"
    ]
    return found


def auth_off(container: Container) -> list[Setting]:
    """What lets anyone into a user interface: variables, and a public share of Gradio."""
    found = list(_variables(container, _AUTH_OFF))
    for command in commands_of(container) if _shares(container) else ():
        found += [
            Setting(container, "--share", "", word_place(container, word.origin))
            for word in command.words
            if word.text == "--share"
        ]
    return found


def _shares(container: Container) -> bool:
    written = [*words_of(container, "command"), *words_of(container, "args")]
    return any(isinstance(item, str) and "--share" in item for item in written)


def anonymous(container: Container) -> list[Setting]:
    """What opens a vector database to anyone."""
    return list(_variables(container, _ANONYMOUS))


def tokenless(container: Container) -> list[Setting]:
    """Options that start a notebook server without a token, where no password is set."""
    lists = [container.node.get(name) for name in ("command", "args")] if container.node is not None else []
    words = [
        (item, text)
        for node in lists
        for item in (node.elements() if node is not None else ())
        if isinstance(text := item.string(), str)
    ]
    if any(_PASSWORD.search(text) for _, text in words):
        return []
    found = ((item, _NO_TOKEN.search(text) or _DUMMY.search(text)) for item, text in words)
    return [
        Setting(container, match[0], "", _inside(container, item, match[0]))
        for item, match in found
        if match is not None
    ]


def _inside(container: Container, node: Node, text: str) -> Place:
    from linter.text import Span

    at = container.document.text.text.find(text, node.span.start, node.span.end)
    return Place(Span(at, at + len(text))) if at >= 0 and "\n" not in text else Place(node.head_span())


def plain_http(container: Container) -> list[Setting]:
    """Models and scripts that are fetched over HTTP from beyond the cluster."""
    found = [
        Setting(container, act.text, "", act.place()) for act in container.ai.acts if act.kind == "plain-http"
    ]
    node = container.node.get("storageUri") if container.node is not None else None
    if node is not None and container.node is not None and _is_foreign(node.string()):
        found.append(
            Setting(container, str(node.string()), "", Place(container.node.entry_span("storageUri")))
        )
    env = container.ai.environment
    for name, value in env.values.items():
        if _is_foreign(value) and _ADDRESS.search(name) and _FETCHED.search(value):
            found.append(Setting(container, value, "", word_place(container, env.origin(name))))
    return found


def _is_foreign(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("http://") and not CLUSTER_HOST.match(value)


def model_uris(manifest: Manifest) -> list[Setting]:
    """Addresses of models in inference services, of whichever component."""
    spec = manifest.node.get("spec") if manifest.node is not None else None
    return list(_uris(manifest, spec, 0)) if spec is not None else []


def _uris(manifest: Manifest, node: Node, depth: int) -> Iterator[Setting]:
    if depth > 8:
        return
    if node.kind == SEQ:
        for item in node.elements():
            yield from _uris(manifest, item, depth + 1)
    for key in node.keys():  # noqa: SIM118 - a Node is no dict
        child = node.get(key)
        if child is None:
            continue
        if key in ("storageUri", "uri", "modelUri", "sourceModelUri") and child.kind not in (MAP, SEQ):
            value = child.string()
            if isinstance(value, str) and "://" in value and "${" not in value:
                yield Setting(manifest, key, value, Place(node.entry_span(key)))
        elif child.kind in (MAP, SEQ) and key not in ("containers", "env"):
            yield from _uris(manifest, child, depth + 1)


def quota_slips(manifest: Manifest) -> list[Setting]:
    """Keys of a ResourceQuota that name an accelerator in a way that limits nothing, where no other key limits it."""
    spec = manifest.node.get("spec") if manifest.node is not None else None
    hard = spec.get("hard") if spec is not None else None
    if hard is None:
        return []
    found = []
    for key in hard.keys():  # noqa: SIM118 - a Node is no dict
        name = key.removeprefix("limits.")
        named = not key.startswith("requests.") and accelerator(name) is not None
        if named and hard.get(f"requests.{name}") is None:
            found.append(Setting(manifest, key, name, Place(hard.entry_span(key))))
    return found


_OPEN_NAMES = lazy_regex(
    r"(?i)infer|predict|model|llm|triton|kserve|pipeline|mlflow|registry|notebook|minio|\bray\b|metadata-grpc"
)
_GATEWAYS = lazy_regex(r"(?i)gateway|ingress")


def open_policies(manifest: Manifest) -> list[Setting]:
    """Empty rules of an Istio AuthorizationPolicy that let anyone reach an AI workload."""
    body = manifest.body
    spec = body.get("spec") if isinstance(body, dict) else None
    if not isinstance(spec, dict) or str(spec.get("action", "ALLOW")) != "ALLOW" or manifest.node is None:
        return []
    words = f"{manifest.name} {spec.get('selector')}"
    if not _OPEN_NAMES.search(words) or _GATEWAYS.search(words):
        return []
    rules = spec.get("rules")
    node = manifest.node.get("spec")
    listed = node.get("rules") if node is not None else None
    if not isinstance(rules, list) or listed is None or node is None or not any(rule == {} for rule in rules):
        return []
    return [Setting(manifest, "rules", "{}", Place(node.entry_span("rules")))]


_RAY_WORD = lazy_regex(r"(?i)(^|[\W_])ray([\W_]|$)|kuberay")
_RAY_DOORS = frozenset(("RayCluster", "RayJob", "RayService", "Service"))


def ray_doors(manifest: Manifest) -> list[Setting]:
    """What lets the outside reach a Ray head: the type of its Service, an Ingress, a Service of one's own."""
    if manifest.type_key not in _RAY_DOORS:
        return []
    from linter.formats.kubernetes.manifest import Workload
    from linter.formats.kubernetes.network import Service

    if isinstance(manifest, Workload) and manifest.type_key in ("RayCluster", "RayJob", "RayService"):
        found = []
        if manifest.ai.rayService in ("LoadBalancer", "NodePort") and manifest.ai.rayService is not UNKNOWN:
            found.append(
                Setting(
                    manifest,
                    f"serviceType {manifest.ai.rayService}",
                    "",
                    manifest.ai.locate(("headService",)),
                )
            )
        if manifest.ai.rayIngress is True:
            found.append(Setting(manifest, "enableIngress", "", manifest.ai.locate(("rayIngress",))))
        return found
    if isinstance(manifest, Service) and manifest.exposed is True:
        selector = manifest.spec.selector
        words = (
            manifest.name
            if selector is UNKNOWN
            else " ".join((manifest.name, *selector, *map(str, selector.values())))
        )
        if not _RAY_WORD.search(words):
            return []
        ports = [] if manifest.spec.ports is UNKNOWN else manifest.spec.ports
        open_ports = [
            port
            for port in ports
            if port is not UNKNOWN and port.port is not UNKNOWN and port.port in (8265, 10001, 6379)
        ]
        return [Setting(manifest, f"port {port.port}", "", port.locate(("port",))) for port in open_ports]
    return []


# classes of internal networks and meshes, and those of agents at whose other end TLS ends
_ENDS_OR_INTERNAL = r"internal|rilb|waypoint|mesh|private|cloudflare|tailscale|ngrok"


def http_only_gateway(manifest: Manifest) -> Any:
    """Whether a Gateway listens without TLS only, and its class is not one of an internal network or a mesh."""
    if manifest.group != "gateway.networking.k8s.io" or manifest.type_key != "Gateway":
        return False
    spec = mapping_at(manifest.body, "spec")
    listeners = spec.get("listeners")
    if (
        not isinstance(listeners, list)
        or not listeners
        or any(not isinstance(item, dict) for item in listeners)
    ):
        return UNKNOWN if listeners is UNKNOWN else False
    if kept_regex(_ENDS_OR_INTERNAL).search(str(spec.get("gatewayClassName"))):
        return False
    if same(manifest.metadata.entry("annotations", "networking.istio.io/service-type"), "ClusterIP"):
        return False
    protocols = [item.get("protocol") for item in listeners]
    if any(protocol is UNKNOWN for protocol in protocols):
        return UNKNOWN
    if all(str(item.get("hostname")).endswith(".onion") for item in listeners):
        return False  # Tor encrypts what it brings there
    if "http" in kept_regex(r"[-_./ ]").split(manifest.document.path.rpartition("/")[2].lower()):
        return False  # an example of HTTP, as its file says
    before = any(item.get("port") in (443, 8443) for item in listeners)  # TLS ends at a balancer in front
    return all(protocol == "HTTP" for protocol in protocols) and not before


def toolkit_env_closed(manifest: Manifest) -> bool:
    """Whether the toolkit of a ClusterPolicy refuses the variable of unprivileged containers."""
    entries = mapping_at(manifest.body, "spec", "toolkit").get("env")
    name = "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED"
    listed = entries if isinstance(entries, list) else []
    return any(
        isinstance(item, dict) and item.get("name") == name and str(item.get("value")).lower() == "false"
        for item in listed
    )
