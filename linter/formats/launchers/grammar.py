"""How each launcher is recognised, and how its parallelism is spelt: one row an engine.

Flags are compared without leading dashes and with `_` as `-`. Sources: the engines' own argument parsers
(vLLM `EngineArgs`, SGLang `ServerArgs`, TGI `launcher/src/main.rs`, TensorRT-LLM `trtllm-serve`, PyTorch
`torch.distributed.run`, DeepSpeed `launcher/runner.py`, Accelerate `commands/launch.py`, Ray `ray start`).
"""

from __future__ import annotations

from linter.frozen import dataclass, field

SERVER, TRAINING, MPI, CLUSTER, TOOL = "server", "training", "mpi", "cluster", "tool"


@dataclass(frozen=True, slots=True)
class Engine:
    """A launcher. `programs`: basenames; `modules`: after `python -m`; `images`: patterns of repositories."""

    name: str
    role: str
    programs: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    flags: dict[str, tuple[str, ...]] = field(default_factory=dict)  # fact -> spellings
    env: dict[str, tuple[str, ...]] = field(default_factory=dict)  # fact -> variables, weaker than flags
    switches: frozenset[str] = frozenset()  # flags without a value
    nested: bool = False  # the first word that is no option is a program that is started
    ports: tuple[int, ...] = ()


_VLLM_FLAGS = {
    "tensor_parallel": ("tensor-parallel-size", "tp"),
    "pipeline_parallel": ("pipeline-parallel-size", "pp"),
    "data_parallel": ("data-parallel-size", "dp"),
    "data_parallel_local": ("data-parallel-size-local", "dpl"),
    "context_parallel": ("prefill-context-parallel-size", "pcp"),
    "nnodes": ("nnodes",),
    "node_rank": ("node-rank", "data-parallel-start-rank", "dpr", "data-parallel-rank"),
    "group_address": ("data-parallel-address", "dpa", "master-addr"),
    "backend": ("distributed-executor-backend", "data-parallel-backend", "dpb"),
    "config": ("config",),
}
_COMMON_SWITCHES = frozenset(
    {
        "trust-remote-code",
        "enforce-eager",
        "headless",
        "enable-expert-parallel",
        "enable-prefix-caching",
        "disable-log-requests",
        "enable-log-requests",
        "enable-chunked-prefill",
        "enable-lora",
        "enable-auto-tool-choice",
        "enable-dp-attention",
        "enable-metrics",
        "standalone",
        "multi-gpu",
        "no-python",
        "module",
        "m",
        "debug",
        "share",
        "data-parallel-external-lb",
        "data-parallel-hybrid-lb",
        "enable-sleep-mode",
        "no-enable-prefix-caching",
        "api-server",
        "skip-tokenizer-init",
        "log-requests",
        "enable-torch-compile",
        "disable-radix-cache",
        "v",
        "h",
    }
)

ENGINES: tuple[Engine, ...] = (
    Engine(
        "vllm",
        SERVER,
        ("vllm",),
        (
            "vllm.entrypoints.openai.api_server",
            "vllm.entrypoints.api_server",
            "vllm.entrypoints.cli.main",
            "dynamo.vllm",
        ),
        (
            r"(^|/)vllm-openai",
            r"vllm/vllm-",
            r"/llm-d-cuda",
            r"/llm-d(-dev|-aws|-xpu|-rocm)?$",
            r"(^|/)vllm$",
            r"(^|/)lmcache/vllm-openai",
            r"(^|/)vllm-tpu$",
            r"/rhaiis/vllm-",
            r"/vllm-inference$",
            r"(^|/)vllm-(cpu|neuron|rocm|gaudi|hpu|xpu)(-|$)",
            r"vllm-runtime$",
        ),
        _VLLM_FLAGS,
        ports=(8000,),
    ),
    Engine(
        "sglang",
        SERVER,
        ("sglang",),
        ("sglang.launch_server", "sglang_router.launch_server", "dynamo.sglang", "dynamo.sglang.worker"),
        (r"lmsysorg/sglang", r"(^|/)sglang$", r"sglang-runtime$"),
        {
            "tensor_parallel": ("tp", "tp-size", "tensor-parallel-size"),
            "pipeline_parallel": ("pp", "pp-size", "pipeline-parallel-size"),
            "data_parallel": ("dp", "dp-size", "data-parallel-size", "router-dp-worker-size"),
            "nnodes": ("nnodes",),
            "node_rank": ("node-rank",),
            "group_address": ("dist-init-addr", "nccl-init-addr"),
            "config": ("config",),
        },
        ports=(30000,),
    ),
    Engine(
        "tgi",
        SERVER,
        ("text-generation-launcher",),
        (),
        (r"text-generation-inference", r"(^|/)tgi(-\w+)?$"),
        {"num_shard": ("num-shard",), "sharded": ("sharded",)},
        {"num_shard": ("NUM_SHARD",), "sharded": ("SHARDED",)},
        ports=(80, 8080),
    ),
    Engine(
        "trtllm",
        SERVER,
        ("trtllm-serve", "trtllm-llmapi-launch"),
        ("tensorrt_llm.commands.serve", "dynamo.trtllm"),
        (r"tensorrt-llm/release", r"tensorrtllm-runtime"),
        {
            "tensor_parallel": ("tp-size", "tensor-parallel-size"),
            "pipeline_parallel": ("pp-size", "pipeline-parallel-size"),
            "gpus_per_node": ("gpus-per-node",),
            "config": ("extra-llm-api-options", "config", "extra-engine-args"),
        },
        ports=(8000,),
    ),
    Engine(
        "triton",
        SERVER,
        ("tritonserver", "launch_triton_server.py"),
        (),
        (r"(^|/)tritonserver", r"triton-inference-server"),
        {"world": ("world-size",), "config": ("model-repository", "model-store")},
        ports=(8000, 8001, 8002),
    ),
    Engine(
        "nim",
        SERVER,
        (),
        (),
        (r"nvcr\.io/nim/",),
        {},
        {
            "tensor_parallel": ("NIM_TENSOR_PARALLEL_SIZE",),
            "pipeline_parallel": ("NIM_PIPELINE_PARALLEL_SIZE",),
            "nnodes": ("NIM_NUM_COMPUTE_NODES",),
        },
        ports=(8000,),
    ),
    Engine(
        "lmdeploy",
        SERVER,
        ("lmdeploy",),
        ("lmdeploy.serve.openai.api_server",),
        (r"openmmlab/lmdeploy",),
        {"tensor_parallel": ("tp",), "data_parallel": ("dp",), "nnodes": ("nnodes",), "config": ("config",)},
        ports=(23333,),
    ),
    Engine(
        "lightllm",
        SERVER,
        (),
        ("lightllm.server.api_server",),
        (r"(^|/)lightllm",),
        {"tensor_parallel": ("tp",), "nnodes": ("nnodes",)},
    ),
    Engine(
        "llama.cpp",
        SERVER,
        ("llama-server",),
        ("llama_cpp.server",),
        (r"ggml-org/llama\.cpp", r"ggerganov/llama\.cpp", r"(^|/)llama-server"),
        {"split": ("tensor-split", "ts")},
        ports=(8080,),
    ),
    Engine("ollama", SERVER, ("ollama",), (), (r"(^|/)ollama$",), {}, ports=(11434,)),
    Engine(
        "tei",
        SERVER,
        ("text-embeddings-router",),
        (),
        (r"text-embeddings-inference", r"(^|/)tei(-\w+)?$"),
        {},
        ports=(80,),
    ),
    Engine(
        "kserve",
        SERVER,
        (),
        ("huggingfaceserver",),
        (r"kserve/huggingfaceserver", r"kserve-huggingfaceserver"),
        _VLLM_FLAGS,
        ports=(8080,),
    ),
    Engine(
        "jetstream",
        SERVER,
        (),
        ("jetstream.engine.implementations", "MaxText.maxengine_server"),
        (r"jetstream", r"maxengine-server"),
        {},
        ports=(9000,),
    ),
    Engine(
        "tfserving",
        SERVER,
        ("tensorflow_model_server",),
        (),
        (r"tensorflow/serving",),
        {},
        ports=(8500, 8501),
    ),
    Engine(
        "torchserve",
        SERVER,
        ("torchserve",),
        (),
        (r"pytorch/torchserve", r"torchserve"),
        {},
        ports=(8080, 8081, 8082, 8085),
    ),
    Engine("infinity", SERVER, ("infinity_emb",), (), (r"michaelf34/infinity",), {}, ports=(7997,)),
    Engine("litellm", SERVER, ("litellm",), (), (r"(^|/)litellm",), {}, ports=(4000,)),
    Engine(
        "torchrun",
        TRAINING,
        ("torchrun",),
        ("torch.distributed.run", "torch.distributed.launch", "torch.distributed.torchrun"),
        (),
        {
            "nproc": ("nproc-per-node",),
            "nnodes": ("nnodes",),
            "node_rank": ("node-rank",),
            "group_address": ("rdzv-endpoint", "master-addr"),
        },
        {"nproc": ("PET_NPROC_PER_NODE",), "nnodes": ("PET_NNODES",)},
        frozenset({"standalone", "no-python", "m", "module", "use-env", "run-path", "enable-each-rank-log"}),
        nested=True,
    ),
    Engine(
        "deepspeed",
        TRAINING,
        ("deepspeed",),
        ("deepspeed.launcher.runner",),
        (),
        {
            "nproc": ("num-gpus",),
            "nnodes": ("num-nodes",),
            "include": ("include", "i"),
            "hostfile": ("hostfile", "H"),
        },
        switches=frozenset(
            {
                "no-python",
                "module",
                "no-local-rank",
                "save-pid",
                "bind-cores-to-rank",
                "force-multi",
                "no-ssh",
            }
        ),
        nested=True,
    ),
    Engine(
        "accelerate",
        TRAINING,
        ("accelerate",),
        ("accelerate.commands.launch",),
        (),
        {
            "world": ("num-processes",),
            "nnodes": ("num-machines",),
            "node_rank": ("machine-rank",),
            "group_address": ("main-process-ip",),
            "config": ("config-file",),
        },
        switches=frozenset(
            {
                "multi-gpu",
                "cpu",
                "use-deepspeed",
                "use-fsdp",
                "use-megatron-lm",
                "same-network",
                "no-python",
                "debug",
                "m",
                "module",
                "tpu",
                "q",
                "quiet",
                "use-xpu",
                "mps",
            }
        ),
        nested=True,
    ),
    Engine(
        "composer",
        TRAINING,
        ("composer",),
        ("composer.cli.launcher",),
        (),
        {
            "nproc": ("n", "nproc"),
            "world": ("world-size",),
            "node_rank": ("node-rank",),
            "group_address": ("master-addr",),
        },
        nested=True,
    ),
    Engine(
        "mpirun",
        MPI,
        ("mpirun", "mpiexec", "horovodrun", "mpiexec.hydra"),
        (),
        (),
        {"world": ("np", "n"), "per_node": ("N", "npernode", "ppn"), "hosts": ("H", "host", "hosts")},
        switches=frozenset(
            {
                "allow-run-as-root",
                "oversubscribe",
                "tag-output",
                "verbose",
                "v",
                "q",
                "report-bindings",
                "display-map",
                "display-allocation",
                "bynode",
                "bysllot",
                "use-hwthread-cpus",
            }
        ),
        nested=True,
    ),
    Engine(
        "ray",
        CLUSTER,
        ("ray", "multi-node-serving.sh"),
        ("ray.scripts.scripts",),
        (r"(^|/)rayproject/ray", r"(^|/)ray-ml$", r"(^|/)ray-llm$", r"anyscale/ray"),
        {"ray_gpus": ("num-gpus",), "ray_cpus": ("num-cpus",)},
        ports=(8265, 10001, 6379),
    ),
    Engine(
        "jupyter",
        TOOL,
        (
            "jupyter",
            "jupyter-lab",
            "jupyter-notebook",
            "jupyterhub",
            "start-notebook.sh",
            "start-notebook.py",
            "start-singleuser.sh",
        ),
        ("jupyterlab", "notebook", "jupyter"),
        (r"(^|/)jupyter/", r"jupyter", r"(^|/)notebook-servers/", r"(-|/)notebook$"),
        {},
        ports=(8888,),
    ),
    Engine("mlflow", TOOL, ("mlflow",), ("mlflow",), (r"(^|/)mlflow",), {}, ports=(5000,)),
    Engine(
        "tensorboard",
        TOOL,
        ("tensorboard",),
        ("tensorboard", "tensorboard.main"),
        (r"(^|/)tensorboard",),
        {},
        ports=(6006,),
    ),
    Engine("open-webui", TOOL, (), (), (r"open-webui/open-webui", r"(^|/)open-webui$"), {}, ports=(8080,)),
    Engine(
        "langflow", TOOL, ("langflow",), (), (r"langflowai/langflow", r"(^|/)langflow$"), {}, ports=(7860,)
    ),
    Engine("weaviate", TOOL, (), (), (r"(^|/)weaviate$",), {}, ports=(8080,)),
    Engine("qdrant", TOOL, ("qdrant",), (), (r"qdrant/qdrant", r"(^|/)qdrant$"), {}, ports=(6333, 6334)),
    Engine("milvus", TOOL, ("milvus",), (), (r"milvusdb/milvus", r"(^|/)milvus$"), {}, ports=(19530,)),
    Engine("chroma", TOOL, ("chroma",), (), (r"chromadb/chroma", r"(^|/)chroma$"), {}, ports=(8000,)),
)

COMMON_SWITCHES = _COMMON_SWITCHES

# images that train or hold CUDA without saying which launcher they start; see `ai_image`
AI_IMAGES = (
    r"(^|/)pytorch/pytorch",
    r"(^|/)pytorch$",
    r"nvcr\.io/nvidia/(pytorch|tensorflow|jax|nemo|cuda|pytorch-|mxnet)",
    r"(^|/)nvidia/cuda",
    r"(^|/)tensorflow/tensorflow",
    r"-tensorflow",
    r"pytorch-(training|inference)",
    r"huggingface-pytorch",
    r"(^|/)deepspeed/",
    r"nemo",
    r"rocm/(pytorch|vllm|tensorflow|jax|sgl)",
    r"maxtext",
    r"(^|/)megatron",
    r"dlrm",
    r"habanalabs",
    r"(^|/)transformers-",
    r"(^|/)axolotl",
    r"(^|/)unsloth",
    r"(^|/)verl",
    r"nccl-tests",
    r"kubeflow/(trainer|training)[\w-]*/[\w-]*(runtime|dist|mnist)",
    r"stable-diffusion",
    r"(^|/)comfyui",
    r"(^|/)whisper",
    r"jax-stable-stack",
    r"(^|/)dynamo",
    r"triton-server",
    r"code-interpreter",
    r"(^|/)llama",
)
