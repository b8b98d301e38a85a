"""What AI containers, pods and workloads ask for, get, and are for."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from linter.cel import UNKNOWN
from linter.formats.kubernetes.ai_inventory import inventory
from linter.formats.kubernetes.read import read
from linter.text import SourceText


def parse(text: str) -> Any:
    return read(SourceText("x.yaml", textwrap.dedent(text)))


def pod(container: str, spec: str = "", more: str = "") -> Any:
    text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n"
    text += textwrap.indent(textwrap.dedent(spec), "  ") + "  containers:\n    - name: main\n"
    text += textwrap.indent(textwrap.dedent(container).strip("\n"), "      ") + "\n"
    return parse(text + textwrap.dedent(more)).root.manifests[0].pods[0]


def spot(document: Any, place: Any) -> str:
    return str(document.text.text[place.span.start : place.span.end])


@pytest.mark.parametrize(
    ("resources", "requested", "count", "kind", "slots"),
    [
        ("limits: {nvidia.com/gpu: 4}", True, 4, "gpu", [4]),
        ("requests: {nvidia.com/gpu: 4}", True, 4, "gpu", [4]),
        ("limits: {nvidia.com/gpu: 0}", False, 0, "", [0]),
        ("limits: {cpu: 4}", False, 0, "", [0]),
        ("limits: {aws.amazon.com/neuron: 16}", True, 16, "neuron", [16, 32, 64, 128]),
        ("limits: {nvidia.com/mig-1g.10gb: 2}", True, 2, "mig", [2]),
        ("limits: {aliyun.com/gpu-mem: 8}", True, UNKNOWN, "", UNKNOWN),
        ("limits: {nvidia.com/gpu: '${GPUS}'}", True, UNKNOWN, "gpu", UNKNOWN),
        ("limits: {vpc.amazonaws.com/efa: 4}", False, 0, "", [0]),
    ],
)
def test_accelerators_of_a_container(
    resources: str, requested: Any, count: Any, kind: str, slots: Any
) -> None:
    found = pod(f"image: a\nresources:\n  {resources}").containers[0].accelerator
    assert repr((found.requested, found.count, found.kind, found.slots)) == repr(
        (requested, count, kind, slots)
    )


def test_device_claims_count() -> None:
    claim = """
    ---
    apiVersion: resource.k8s.io/v1
    kind: ResourceClaimTemplate
    metadata: {name: two}
    spec:
      spec:
        devices:
          requests:
            - name: gpu
              exactly: {deviceClassName: gpu.nvidia.com, count: 2}
    """
    spec = "resourceClaims:\n  - name: gpu\n    resourceClaimTemplateName: two\n"
    container = "image: a\nresources:\n  claims:\n    - name: gpu"
    found = pod(container, spec, claim).containers[0].accelerator
    assert (found.requested, found.count, found.vendor) == (True, 2, "NVIDIA")
    elsewhere = pod(container, spec).containers[0].accelerator
    assert elsewhere.requested is UNKNOWN
    assert elsewhere.count is UNKNOWN


def test_a_pod_needs_the_larger_of_its_init_containers_and_its_sum() -> None:
    init = "initContainers:\n  - name: i\n    image: a\n    resources: {limits: {nvidia.com/gpu: 4}}\n"
    found = pod("image: a\nresources: {limits: {nvidia.com/gpu: 1}}", init).accelerator
    assert (found.count, found.running) == (4, 1)


def test_places_of_what_a_launcher_is_told() -> None:
    found = pod("""
        image: a
        command: [bash, -c]
        args:
          - |
            # --tensor-parallel-size 1 was too slow
            exec vllm serve m \\
              --tensor-parallel-size 8
        resources: {limits: {nvidia.com/gpu: 4}}
    """)
    launcher = found.containers[0].launcher
    assert launcher.needsMore
    assert spot(found.document, launcher.locate(("devices",))) == "--tensor-parallel-size 8"
    listed = pod("image: vllm/vllm-openai:v1\nargs:\n  - --model=m\n  - --tensor-parallel-size=8")
    assert (
        spot(listed.document, listed.containers[0].launcher.locate(("devices",)))
        == "--tensor-parallel-size=8"
    )


@pytest.mark.parametrize(
    ("container", "more", "fewer", "idle"),
    [
        ("args: [-tp=8]\nresources: {limits: {nvidia.com/gpu: 4}}", True, False, False),
        ("args: [-tp=2]\nresources: {limits: {nvidia.com/gpu: 4}}", False, True, False),
        ("args: [-tp=4]\nresources: {limits: {nvidia.com/gpu: 4}}", False, False, False),
        ("args: [--model=m]\nresources: {limits: {nvidia.com/gpu: 4}}", False, False, True),
        ("args: [--config=x]\nresources: {limits: {nvidia.com/gpu: 4}}", False, False, False),
        ("args: [-tp=8]", False, False, False),
        ("args: ['-tp=$(TP)']\nresources: {limits: {nvidia.com/gpu: 4}}", UNKNOWN, UNKNOWN, False),
        ("args: [-tp=2]\nresources: {limits: {nvidia.com/mig-1g.10gb: 1}}", False, False, False),
        ("args: [-tp=2]\nresources: {limits: {aws.amazon.com/neuron: 1}}", False, False, False),
    ],
)
def test_a_server_against_its_devices(container: str, more: Any, fewer: Any, idle: Any) -> None:
    found = pod(f"image: vllm/vllm-openai:v1\n{container}").containers[0].launcher
    assert repr((found.needsMore, found.usesFewer, found.idle)) == repr((more, fewer, idle))


@pytest.mark.parametrize(
    ("kind", "nproc", "resource", "gap"),
    [
        ("PyTorchJob", '"8"', "nvidia.com/gpu: 4", True),
        ("PyTorchJob", '"8"', "nvidia.com/gpu: 8", False),
        ("PyTorchJob", '"32"', "aws.amazon.com/neuron: 16", False),
        ("PyTorchJob", "auto", "nvidia.com/gpu: 4", UNKNOWN),
    ],
)
def test_processes_that_a_kind_sets(kind: str, nproc: str, resource: str, gap: Any) -> None:
    document = parse(f"""
        apiVersion: kubeflow.org/v1
        kind: {kind}
        metadata: {{name: x}}
        spec:
          nprocPerNode: {nproc}
          pytorchReplicaSpecs:
            Worker:
              template:
                spec:
                  containers:
                    - name: pytorch
                      image: a
                      command: [torchrun, train.py]
                      resources: {{limits: {{{resource}}}}}
    """)
    launcher = document.root.manifests[0].pods[0].containers[0].launcher
    assert repr(launcher.processGap) == repr(gap)


@pytest.mark.parametrize(
    ("image", "engine", "known"),
    [
        ("vllm/vllm-openai:v1", "vllm", True),
        ("ghcr.io/huggingface/text-generation-inference:3", "tgi", True),
        ("nvcr.io/nim/meta/llama:1", "nim", True),
        ("nvcr.io/nvidia/tritonserver:25.09-py3", "triton", True),
        ("pytorch/pytorch:2", "", True),
        ("ghcr.io/kubeflow/kubeflow/tensorboard-controller", "", False),
        ("ghcr.io/kubeflow/training-v1/training-operator", "", False),
        ("nginx:1", "", False),
    ],
)
def test_engines_of_images(image: str, engine: str, known: bool) -> None:
    found = pod(f"image: {image}").containers[0].ai
    assert (found.engine, found.known) == (engine, known)


@pytest.mark.parametrize(
    ("script", "acts"),
    [
        ("pip install torch", [("pip", False)]),
        ("pip install torch==2.8.0 ./local", [("pip", True)]),
        ("python3 -m pip install -r requirements.txt", [("pip", False)]),
        ("apt-get update && apt-get install -y git", [("apt", False)]),
        ("git clone https://github.com/o/r", [("clone", False)]),
        ("git clone -b v1.2.0 https://github.com/o/r", [("clone", True)]),
        ("curl -sSL https://x.dev/i.sh | bash", [("pipe", False)]),
        ("curl -k https://models.example.com/m.bin -o m", [("tls-off", False)]),
        ("curl -k https://localhost:8443/healthz", []),
        ("wget http://models.example.com/m.gguf", [("plain-http", False)]),
        ("curl http://minio.models:9000/m", []),
        ("curl -X POST http://api.example.com/v1", []),
        ("echo pip install", []),
    ],
)
def test_acts_of_scripts(script: str, acts: list[tuple[str, bool]]) -> None:
    found = pod(f"image: a\ncommand: [sh, -c]\nargs:\n  - |\n    {script}")
    assert [(act.kind, act.pinned) for act in found.containers[0].ai.acts] == acts


def test_credentials_on_the_command_line() -> None:
    value = "sk" + "-" + "Ab3" * 12
    found = pod(f"image: vllm/vllm-openai:v1\nargs: [--api-key={value}, --token=$(T), --max-tokens=4]")
    assert [(item.name, item.kind) for item in found.containers[0].ai.credentials] == [
        ("--api-key", "literal"),
        ("--token", "reference"),
    ]


@pytest.mark.parametrize(
    ("image", "ids"),
    [
        ("vllm/vllm-openai:v0.2.7", "CVE-2025-59425"),
        ("vllm/vllm-openai:v0.9.0", "CVE-2026-48746, CVE-2026-22778, CVE-2025-59425"),
        ("vllm/vllm-openai:v0.14.1", "CVE-2026-48746"),
        ("vllm/vllm-openai:v0.22.0", None),
        ("vllm/vllm-openai:latest", None),
        ("nvcr.io/nvidia/tritonserver:25.06-py3", "CVE-2025-23319, CVE-2025-23310"),
        ("nvcr.io/nvidia/tritonserver:25.07-py3", None),
        ("nvcr.io/nvidia/tritonserver:25.01-py3-sdk", None),  # clients only
        ("registry.example.com/mirror/ollama/ollama:0.5.1", "CVE-2026-7482"),
    ],
)
def test_vulnerable_versions(image: str, ids: str | None) -> None:
    assert pod(f"image: {image}").containers[0].ai.vulnerability == ids


def test_memory_volumes_against_memory_limits() -> None:
    mounts = "volumeMounts: [{name: shm, mountPath: /dev/shm}]\nresources: {limits: {memory: 10Gi}}"
    volume = 'volumes:\n  - name: shm\n    emptyDir: {medium: Memory, sizeLimit: "%s"}\n'
    sizes = {"4Gi": False, "9Gi": True, "16Gi": True, "${SIZE}": UNKNOWN}
    for size, expected in sizes.items():
        found = pod(f"image: a\n{mounts}", volume % size).ai.memoryVolumes
        assert [repr(item.tooLarge) for item in found] == [repr(expected)]


def test_the_inventory_has_a_row_for_each_sort_of_pod() -> None:
    document = parse("""
        apiVersion: leaderworkerset.x-k8s.io/v1
        kind: LeaderWorkerSet
        metadata: {name: llm, namespace: ml}
        spec:
          replicas: 2
          leaderWorkerTemplate:
            size: 4
            workerTemplate:
              spec:
                containers:
                  - {name: w, image: a, resources: {limits: {nvidia.com/gpu: 8}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - {name: w, image: nginx}
    """)
    assert inventory(document) == [
        {
            "path": "x.yaml",
            "workload": "ml/LeaderWorkerSet/llm",
            "kind": "LeaderWorkerSet",
            "role": "worker",
            "resource": "nvidia.com/gpu",
            "vendor": "NVIDIA",
            "count": 8,
            "replicas": 8,
            "total": 64,
        }
    ]


def with_config_map(container: str, data: str, spec: str = "") -> Any:
    more = (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cfg}}\ndata:\n{textwrap.indent(data, '  ')}"
    )
    return pod(container, spec, more).containers[0]


VOLUME = "volumes: [{name: c, configMap: {name: cfg}}]\n"


def test_variables_of_a_config_map_are_known() -> None:
    container = with_config_map(
        "image: vllm/vllm-openai:v1\nargs: [-tp, $(TP)]\nenvFrom: [{configMapRef: {name: cfg}}]", 'TP: "8"\n'
    )
    assert container.launcher.tensorParallel == 8
    assert not container.ai.environment.open


def test_own_variables_override_those_of_a_config_map() -> None:
    container = with_config_map(
        "image: vllm/vllm-openai:v1\nargs: [-tp, $(TP)]\nenvFrom: [{configMapRef: {name: cfg}}]\n"
        'env: [{name: TP, value: "2"}]',
        'TP: "8"\n',
    )
    assert container.launcher.tensorParallel == 2


def test_one_key_of_a_config_map() -> None:
    container = with_config_map(
        "image: vllm/vllm-openai:v1\nargs: [-tp, $(TP)]\n"
        "env: [{name: TP, valueFrom: {configMapKeyRef: {name: cfg, key: tp}}}]",
        'tp: "4"\n',
    )
    assert container.launcher.tensorParallel == 4


def test_a_secret_leaves_the_environment_open() -> None:
    container = with_config_map(
        "image: a\nenvFrom: [{configMapRef: {name: cfg}}, {secretRef: {name: s}}]", "A: b\n"
    )
    assert container.ai.environment.open
    assert container.ai.environment.values == {"A": "b"}


@pytest.mark.parametrize(
    ("mount", "volume", "path"),
    [
        ("{name: c, mountPath: /etc/run}", VOLUME, "/etc/run/run.sh"),
        ("{name: c, mountPath: /etc/run/}", VOLUME, "/etc/run/./run.sh"),
        ("{name: c, mountPath: /go.sh, subPath: run.sh}", VOLUME, "/go.sh"),
        (
            "{name: c, mountPath: /s}",
            "volumes: [{name: c, configMap: {name: cfg, items: [{key: run.sh, path: a/go.sh}]}}]\n",
            "/s/a/go.sh",
        ),
    ],
)
def test_script_of_a_config_map(mount: str, volume: str, path: str) -> None:
    container = with_config_map(
        f"image: a\ncommand: [bash, {path}]\nvolumeMounts: [{mount}]",
        "run.sh: |\n  set -e\n  torchrun --nproc-per-node=8 t.py\n",
        volume,
    )
    assert container.launcher.processes == 8
    assert spot(container.document, container.launcher.locate(("processes",))) == "--nproc-per-node=8"


def test_command_line_is_stronger_than_its_configuration_file() -> None:
    container = with_config_map(
        "image: vllm/vllm-openai:v1\nargs: [--config, /c/x.yaml, -tp, '4']\n"
        "volumeMounts: [{name: c, mountPath: /c}]",
        "x.yaml: |\n  tensor-parallel-size: 8\n  pipeline-parallel-size: 2\n",
        VOLUME,
    )
    assert (container.launcher.tensorParallel, container.launcher.devices) == (4, 8)


def test_default_of_a_known_variable_is_not_used() -> None:
    container = pod(
        "image: a\ncommand: [sh, -c, 'torchrun --nproc-per-node=${RANKS:-2} t.py']\nenv: [{name: RANKS, value: '8'}]"
    ).containers[0]
    assert container.launcher.processes == 8


def test_default_of_an_unknown_variable_gives_no_number() -> None:
    container = pod("image: a\ncommand: [sh, -c, 'torchrun --nproc-per-node=${RANKS:-2} t.py']").containers[0]
    assert container.launcher.processes is UNKNOWN


def test_the_leader_of_a_group_is_no_worker() -> None:
    group = """
    apiVersion: leaderworkerset.x-k8s.io/v1
    kind: LeaderWorkerSet
    metadata: {name: x}
    spec:
      replicas: 2
      leaderWorkerTemplate:
        size: 5
        leaderTemplate: {spec: {containers: [{name: l, image: a}]}}
        workerTemplate: {spec: {containers: [{name: w, image: a}]}}
    """
    leader, worker = parse(group).root.manifests[0].pods
    assert (leader.accelerator.pods, worker.accelerator.pods, worker.accelerator.group) == (2, 8, 5)


@pytest.mark.parametrize(
    ("container", "word"),
    [
        ("image: vllm/vllm-openai:v1\nargs: ['--tp 2']", "--tp 2"),
        ("image: vllm/vllm-openai:v1\nargs: ['--tp=2', '--chat-template=a b']", None),
        ("image: a\ncommand: [torchrun, '--nproc-per-node 2', t.py]", "--nproc-per-node 2"),
        ("image: a\ncommand: [sh, -c, 'torchrun --nproc-per-node 2 t.py']", None),
        ("image: a\ncommand: [mpirun, '-x LD_LIBRARY_PATH', x]", None),
        ("image: a\nargs: ['--flag value']", None),  # no launcher that we know
    ],
)
def test_option_and_value_in_one_word(container: str, word: str | None) -> None:
    assert pod(container).containers[0].launcher.broken == word


@pytest.mark.parametrize(
    ("script", "gap"),
    [
        ("torchrun --nproc-per-node=1 convert.py; torchrun --nproc-per-node=8 train.py", UNKNOWN),
        ("torchrun --nproc-per-node=8 a.py; torchrun --nproc-per-node=1 b.py", False),
        ("torchrun --nproc-per-node=16 a.py; torchrun --nproc-per-node=4 b.py", True),
        (
            "if [ $A ]; then torchrun --nproc-per-node=16 a.py; else torchrun --nproc-per-node=8 b.py; fi",
            UNKNOWN,
        ),
    ],
)
def test_several_launches_of_one_script(script: str, gap: Any) -> None:
    text = f"image: a\ncommand: [bash, -c, '{script}']\nresources: {{limits: {{nvidia.com/gpu: 8}}}}"
    assert pod(text).containers[0].launcher.processGap is gap


@pytest.mark.parametrize(("name", "told"), [("basic-http.yaml", False), ("gateway.yaml", True)])
def test_a_gateway_whose_file_says_http_is_an_example_of_it(name: str, told: bool) -> None:
    text = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n"
        "spec: {gatewayClassName: c, listeners: [{name: h, protocol: HTTP, port: 80}]}\n"
    )
    (manifest,) = read(SourceText(name, text)).root.manifests
    assert manifest.httpOnlyGateway is told
