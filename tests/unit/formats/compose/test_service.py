"""Services: short and long forms, variables, what they extend, and where everything stands."""

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.errors import UnreadableError
from linter.formats.compose import FORMAT
from linter.formats.compose.service import Service
from linter.formats.secrets import sample
from linter.text import SourceText


def services(text: str, path: str = "compose.yaml") -> dict[str, Service]:
    document = FORMAT.read(SourceText(path, dedent(text)))
    return {service.name: service for service in document.root.services}


def one(body: str) -> Service:
    """The service whose keys are `body`."""
    lines = "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
    return services("services:\n  app:\n" + lines)["app"]


def spot(service: Service, *steps: str | int) -> str:
    return service.document.text.slice(service.locate(steps).span)


def test_environment_in_both_forms() -> None:
    mapping = one("image: a:1\nenvironment:\n  A: x\n  B: ${B:-y}\n  C:\n  D: ${D}\n  E: 5")
    found = {v.name: (v.value, v.passedThrough) for v in mapping.environment}
    assert found["A"] == ("x", False)
    assert found["B"] == ("y", False)
    assert found["C"] == (None, True)
    assert found["D"][0] is UNKNOWN
    assert found["D"][1]
    assert found["E"] == ("5", False)
    listed = one("image: a:1\nenvironment:\n  - A=x=1\n  - B\n  - A=z")
    assert [(v.name, v.value) for v in listed.environment] == [("A", "z"), ("B", None)]
    assert listed.document.text.slice(listed.environment[0].place().span) == "A=z"


@pytest.mark.parametrize(
    ("entry", "target", "published", "host", "everywhere"),
    [
        ('"8080:80"', "80", "8080", "", True),
        ("8000", "8000", "", "", True),
        ('"127.0.0.1:6379:6379"', "6379", "6379", "127.0.0.1", False),
        ('"0.0.0.0:80:80/udp"', "80", "80", "0.0.0.0", True),
        ('"[::1]:80:80"', "80", "80", "[::1]", False),
        ('"127.0.0.1::80"', "80", "", "127.0.0.1", False),
        ('"${PORT:-8888}:80"', "80", "8888", "", True),
        ("{target: 80, published: 8080, host_ip: 127.0.0.1}", "80", "8080", "127.0.0.1", False),
        ("{target: 80}", "80", "", "", True),
        ('"3000-3005:3000-3005"', "3000-3005", "3000-3005", "", True),
    ],
)
def test_ports(entry: str, target: str, published: str, host: str, everywhere: bool) -> None:
    port = one(f"image: a:1\nports:\n  - {entry}").published[0]
    assert (port.target, port.published, port.hostIp, port.allInterfaces) == (
        target,
        published,
        host,
        everywhere,
    )


@pytest.mark.parametrize(
    ("image", "port", "server"),
    [
        ("redis:7", "6379:6379", "Redis"),
        ("vllm/vllm-openai:v0.8.3", "8000:8000", "vLLM"),
        ("nginx:1", "80:80", None),
        ("ghcr.io/huggingface/text-embeddings-inference:1", "6006:80", "Text Embeddings Inference"),
        ("app:1", "8000:8000", None),
        ("confluentinc/cp-kafka:8.0.0", "9092:9092", "Kafka"),
        ("kapacitor:1.7", "9092:9092", None),  # which listens there, too
        ("arizephoenix/phoenix:version-11.4.0", "6006:6006", "Phoenix"),
        ("acme/stories:1", "6006:6006", None),
    ],
)
def test_servers_behind_ports(image: str, port: str, server: str | None) -> None:
    assert one(f'image: {image}\nports: ["{port}"]').published[0].server == server


def test_a_server_is_told_by_its_program_too() -> None:
    service = one('image: python:3.13\ncommand: /opt/bin/tensorboard --logdir /logs\nports: ["6006:6006"]')
    assert service.published[0].server == "TensorBoard"


def test_a_key_makes_a_server_ask() -> None:
    service = one('image: vllm/vllm-openai:v0.8.3\ncommand: --api-key $KEY\nports: ["8000:8000"]')
    assert service.published[0].server is None


@pytest.mark.parametrize(
    ("entry", "source", "target", "read_only", "system"),
    [
        ("./data:/data", "./data", "/data", False, False),
        ("/etc:/host:ro", "/etc", "/host", True, True),
        ("/:/host", "/", "/host", False, True),
        ("/etc/localtime:/etc/localtime:ro", "/etc/localtime", "/etc/localtime", True, False),
        ("models:/models", "models", "/models", False, False),
        ("/models", "", "/models", False, False),
        ("~/.ssh:/root/.ssh", "~/.ssh", "/root/.ssh", False, True),
        ("/home/me/models:/m", "/home/me/models", "/m", False, False),
        ("{type: bind, source: /root, target: /r, read_only: true}", "/root", "/r", True, True),
        (r"C:\data:/data", r"C:\data", "/data", False, False),
    ],
)
def test_mounts(entry: str, source: str, target: str, read_only: bool, system: bool) -> None:
    mount = one(f"image: a:1\nvolumes:\n  - {entry}").mounts[0]
    assert (mount.source, mount.target, mount.readOnly, mount.systemPath) == (
        source,
        target,
        read_only,
        system,
    )


def test_the_source_of_a_mount_may_be_unknown() -> None:
    mount = one("image: a:1\nvolumes: ['${DIR}:/d', '${SOCK}:/var/run/docker.sock']").mounts
    assert mount[0].systemPath is UNKNOWN
    assert mount[1].socket


def test_images_take_the_defaults_of_variables() -> None:
    assert one("image: ${R:-opea}/x:${TAG:-latest}").imageRef.floating
    assert one("image: ${R}/x:${TAG:-1.0}").imageRef.floating is False
    assert one("image: x:${TAG}").imageRef.floating is UNKNOWN


def test_quoted_and_interpolated_switches_are_switches() -> None:
    assert one('image: a:1\nprivileged: "true"').privileged
    assert one("image: a:1\nprivileged: ${P:-true}").privileged
    assert one("image: a:1\nprivileged: ${P}").privileged is UNKNOWN


EXTENDING = """
x-common: &common
  cap_add: [SYS_NICE]
services:
  base:
    <<: *common
    image: base:1.0.0
    privileged: true
    environment: {A: base, B: base}
    ports: ["1:1"]
    command: [serve]
  app:
    extends: base
    environment: {A: app}
    ports: ["2:2"]
    command: [other]
  far:
    extends: {file: other.yaml, service: base}
  piece:
    shm_size: 1g
"""


def test_extends_merges_as_compose_does() -> None:
    app = services(EXTENDING)["app"]
    assert app.privileged
    assert app.image == "base:1.0.0"
    assert app.cap_add == ["SYS_NICE"]
    assert {v.name: v.value for v in app.environment} == {"A": "app", "B": "base"}
    assert [port.target for port in app.published] == ["1", "2"]
    assert app.words == ["other"]


def test_what_stands_elsewhere_is_unknown() -> None:
    found = services(EXTENDING)
    assert found["far"].privileged is UNKNOWN
    assert found["piece"].privileged is UNKNOWN
    override = services("services:\n  app:\n    image: a:1\n", "compose.override.yaml")["app"]
    assert override.privileged is UNKNOWN
    assert override.checked is UNKNOWN


def test_a_service_that_extends_itself_ends() -> None:
    assert (
        services("services:\n  a:\n    image: x:1\n    extends: b\n  b:\n    extends: a\n")["a"].image
        == "x:1"
    )


def test_reset_and_override_tags() -> None:
    text = """
    services:
      base: {image: a:1, privileged: true, ports: ["1:1"]}
      app:
        extends: base
        privileged: !reset null
        ports: !override ["2:2"]
    """
    app = services(text)["app"]
    assert app.privileged is False
    assert [port.target for port in app.published] == ["2"]


def test_devices() -> None:
    service = one(
        """
        image: a:1
        deploy:
          resources:
            reservations:
              devices:
                - {driver: nvidia, count: all, capabilities: [gpu]}
                - {driver: nvidia, count: 1}
                - {driver: nvidia, device_ids: ["0"], capabilities: [gpu]}
        """
    )
    devices = service.deploy.resources.reservations.devices
    assert [device.takesAll for device in devices] == [True, False, False]
    assert [device.incomplete for device in devices] == [False, True, False]
    assert devices[0].address == "services/app/devices/0"
    assert service.accelerated


@pytest.mark.parametrize(
    ("body", "size"),
    [
        ("", 64 << 20),
        ("shm_size: 1gb", 1 << 30),
        ("shm_size: 256m", 256 << 20),
        ("shm_size: 67108864", 64 << 20),
        ("ipc: host", 1 << 40),
        ("tmpfs: [/dev/shm:size=8g]", 1 << 40),
        ("volumes: [/dev/shm:/dev/shm]", 1 << 40),
    ],
)
def test_shared_memory(body: str, size: int) -> None:
    assert one("image: a:1\n" + body).sharedMemory == size


def test_processes_of_a_launcher() -> None:
    vllm = "image: vllm/vllm-openai:v0.8.3\n"
    assert one(vllm + "command: --model m --tensor-parallel-size ${TP:-4}").parallelProcesses == 4
    assert one(vllm + 'command: ["--model", "m"]').parallelProcesses == 1
    assert one(vllm + "command: --tensor-parallel-size ${TP}").parallelProcesses == 1


def test_dependencies() -> None:
    text = """
    services:
      a: {image: a:1, depends_on: [b]}
      c: {image: a:1, depends_on: {b: {condition: service_healthy}, d: {condition: service_completed_successfully}}}
      b: {image: a:1}
      d: {image: a:1}
    """
    found = services(text)
    assert found["b"].awaited == "service_healthy"
    assert found["d"].awaited is None
    assert found["a"].awaited is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('ports: ["127.0.0.1:80:80", "[::1]:81:81"]', True),
        ('ports: ["${BIND:-127.0.0.1}:80:80"]', True),
        ('ports: ["127.0.0.1:80:80", "81:81"]', False),
        ('ports: ["${BIND}:80:80"]', False),
        ("expose: [80]", False),  # nothing says who gets there
        ('network_mode: host\nports: ["127.0.0.1:80:80"]', False),
    ],
)
def test_ports_on_the_loopback_alone(body: str, expected: bool) -> None:
    assert one("image: a:1\n" + body).onlyOnLoopback is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("image: redis:8.2.0", True),
        ("image: pgvector/pgvector:pg17", True),
        ("image: vllm/vllm-openai:v0.8.3", True),
        ("image: acme/api:1.0.0", False),
        ("image: postgres:17\nbuild: .", False),
        ("image: ${IMAGE}", False),
    ],
)
def test_images_that_bring_no_health_check(body: str, expected: bool) -> None:
    assert one(body).plainImage is expected


def test_secrets_in_every_place() -> None:
    token = sample("huggingface-user-token")
    service = one(
        f"""
        build: {{context: ., args: ["T={token}"]}}
        environment: {{A: "${{A:-{token}}}"}}
        labels: {{l: {token}}}
        command: serve --api-key {token}
        """
    )
    found = [(s.where, s.secretKind) for s in service.literals if s.secretKind]
    kind = "huggingface-user-token"
    assert found == [("environment", kind), ("build.args", kind), ("labels", kind), ("command", kind)]


def test_a_secret_in_a_script_stands_on_its_line() -> None:
    service = one(
        "image: a:1\ncommand:\n  - -c\n  - |\n    if true; then\n      exec app --db 'user=a password=demo'\n    fi"
    )
    (setting,) = [s for s in service.literals if s.name == "password"]
    assert service.document.text.slice(setting.locate(()).span) == "password=demo"


@pytest.mark.parametrize(
    ("name", "value", "guessable"),
    [
        ("POSTGRES_PASSWORD", "postgres", True),
        ("POSTGRES_PASSWORD", "${P:-postgres}", True),
        ("MINIO_SECRET_KEY", "minioadmin", True),
        ("DATABASE_URL", "postgresql://postgres:${P:-postgres}@db/app", True),
        ("POSTGRES_PASSWORD", "${P}", False),
        ("POSTGRES_USER", "postgres", False),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/p", False),
    ],
)
def test_guessable_passwords(name: str, value: str, guessable: bool) -> None:
    assert one(f"image: a:1\nenvironment:\n  {name}: {value}").environment[0].guessable is guessable


def test_places() -> None:
    service = one("image: a:1\nvolumes:\n  - /etc:/etc\ncap_add:\n  - ALL\ndeploy:\n  replicas: 2")
    assert spot(service) == "app"
    assert spot(service, "image") == "image: a:1"
    assert spot(service, "capabilities", 0) == "ALL"
    assert spot(service, "shm_size") == "app"
    assert spot(service, "deploy", "resources") == "deploy"
    assert service.address == "services/app"


def test_what_cannot_be_read() -> None:
    with pytest.raises(UnreadableError):
        FORMAT.read(SourceText("compose.yaml", "services: [\n"))
    assert services("services: nothing\n") == {}
    assert services("- a\n") == {}
    assert services("services:\n  a: 1\n  b:\n") == {}


KEYS = [
    "image",
    "environment",
    "ports",
    "volumes",
    "command",
    "deploy",
    "depends_on",
    "extends",
    "build",
    "gpus",
]
VALUES = st.recursive(
    st.sampled_from(["x", "1", "true", "''", "${A:-b}", "a:b", "[", "~", "a", "all", '"8:8"', "/etc:/x:ro"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(
            st.sampled_from(["a", "count", "source", "target", "resources"]), inner, max_size=3
        ).map(lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}")
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_any_service_is_survived(body: dict[str, str]) -> None:
    from linter.cel import UnknownTruth
    from linter.formats.model import Fact

    text = "services:\n  a:\n    user: x\n" + "".join(f"    {key}: {value}\n" for key, value in body.items())
    try:
        document = FORMAT.read(SourceText("compose.yaml", text))
    except UnreadableError:
        return
    for service in document.root.services:
        for name in dir(type(service)):
            if isinstance(getattr(type(service), name), Fact):
                try:
                    getattr(service, name)
                except UnknownTruth:
                    continue
        for steps in ((), ("image",), ("published", 0), ("mounts", 0), ("deploy", "resources", "limits")):
            span = service.locate(steps).span
            assert 0 <= span.start <= span.end <= len(text)
            assert "\n" not in text[span.start : span.end]
