"""Extended resources that are accelerators, or stand beside them.

A row is `name: (vendor, kind, ranks)`. Kinds:

- `gpu tpu neuron gaudi npu`: one unit is one device;
- `mig`, `vgpu`, `shared`: one unit is a slice of a device, or a turn on it;
- `part`: memory or compute of a shared device, no count of devices;
- `nic`: a network device that training uses (EFA, RDMA, SR-IOV).

`ranks` are the numbers of processes that may share one unit: 1, except where one device holds several cores
(Trainium 1 and Inferentia 2: 2 cores; Trainium 2: 4 logical or 8 physical; TPU v2 and v3: 2 cores).

Sources: the vendors' device-plugin documentation (NVIDIA k8s-device-plugin and GPU Operator, AMD, Intel,
Habana, GKE TPU, AWS Neuron and EFA, Ascend, Cambricon, HAMi, Volcano, Koordinator).
"""

from __future__ import annotations

Row = tuple[str, str, tuple[int, ...]]
_ONE = (1,)

RESOURCES: dict[str, Row] = {
    "nvidia.com/gpu": ("NVIDIA", "gpu", _ONE),
    "nvidia.com/gpu.shared": ("NVIDIA", "shared", _ONE),
    "nvidia.com/pgpu": ("NVIDIA", "gpu", _ONE),
    "nvidia.com/gpumem": ("NVIDIA", "part", _ONE),
    "nvidia.com/gpumem-percentage": ("NVIDIA", "part", _ONE),
    "nvidia.com/gpucores": ("NVIDIA", "part", _ONE),
    "nvidia.com/vgpu": ("NVIDIA", "vgpu", _ONE),
    "volcano.sh/vgpu-number": ("NVIDIA", "vgpu", _ONE),
    "volcano.sh/gpu-number": ("NVIDIA", "shared", _ONE),
    "volcano.sh/vgpu-memory": ("NVIDIA", "part", _ONE),
    "volcano.sh/vgpu-memory-percentage": ("NVIDIA", "part", _ONE),
    "volcano.sh/vgpu-cores": ("NVIDIA", "part", _ONE),
    "volcano.sh/gpu-memory": ("NVIDIA", "part", _ONE),
    "koordinator.sh/gpu": ("NVIDIA", "part", _ONE),
    "koordinator.sh/gpu.shared": ("NVIDIA", "shared", _ONE),
    "koordinator.sh/gpu-core": ("NVIDIA", "part", _ONE),
    "koordinator.sh/gpu-memory": ("NVIDIA", "part", _ONE),
    "koordinator.sh/gpu-memory-ratio": ("NVIDIA", "part", _ONE),
    "koordinator.sh/rdma": ("RDMA", "nic", _ONE),
    "aliyun.com/gpu": ("NVIDIA", "gpu", _ONE),
    "aliyun.com/gpu-count": ("NVIDIA", "gpu", _ONE),
    "aliyun.com/gpu-mem": ("NVIDIA", "part", _ONE),
    "aliyun.com/gpu-core.percentage": ("NVIDIA", "part", _ONE),
    "aliyun.com/ppu": ("Alibaba", "npu", _ONE),
    "tencent.com/vcuda-core": ("NVIDIA", "part", _ONE),
    "tencent.com/vcuda-memory": ("NVIDIA", "part", _ONE),
    "tke.cloud.tencent.com/qgpu-core": ("NVIDIA", "part", _ONE),
    "tke.cloud.tencent.com/qgpu-memory": ("NVIDIA", "part", _ONE),
    "elasticgpu.io/gpu-core": ("NVIDIA", "part", _ONE),
    "elasticgpu.io/gpu-memory": ("NVIDIA", "part", _ONE),
    "nos.nebuly.com/gpu-memory": ("NVIDIA", "part", _ONE),
    "amd.com/gpu": ("AMD", "gpu", _ONE),
    "gpu.intel.com/i915": ("Intel", "gpu", (1, 2)),
    "gpu.intel.com/xe": ("Intel", "gpu", (1, 2)),
    "gpu.intel.com/dxg": ("Intel", "gpu", _ONE),  # in WSL
    "gpu.intel.com/i915_monitoring": ("Intel", "part", _ONE),
    "gpu.intel.com/xe_monitoring": ("Intel", "part", _ONE),
    "gpu.intel.com/memory.max": ("Intel", "part", _ONE),
    "gpu.intel.com/millicores": ("Intel", "part", _ONE),
    "gpu.intel.com/tiles": ("Intel", "part", _ONE),
    "habana.ai/gaudi": ("Intel Gaudi", "gaudi", _ONE),
    "google.com/tpu": ("Google", "tpu", (1, 2)),
    "k8s.amazonaws.com/vgpu": ("AWS", "shared", _ONE),
    "aws.amazon.com/neuron": ("AWS", "neuron", (1, 2, 4, 8)),
    "aws.amazon.com/neurondevice": ("AWS", "neuron", (1, 2, 4, 8)),
    "aws.amazon.com/neuroncore": ("AWS", "neuron", _ONE),
    "cambricon.com/mlu": ("Cambricon", "npu", _ONE),
    "cambricon.com/mlumem": ("Cambricon", "part", _ONE),
    "cambricon.com/mlucores": ("Cambricon", "part", _ONE),
    "kunlunxin.com/xpu": ("Kunlunxin", "npu", _ONE),
    "kunlunxin.com/vxpu": ("Kunlunxin", "shared", _ONE),
    "hygon.com/dcu": ("Hygon", "gpu", _ONE),
    "hygon.com/dcunum": ("Hygon", "gpu", _ONE),
    "hygon.com/dcumem": ("Hygon", "part", _ONE),
    "hygon.com/dcucores": ("Hygon", "part", _ONE),
    "enflame.com/gcu": ("Enflame", "gpu", _ONE),
    "enflame.com/vgcu": ("Enflame", "shared", _ONE),
    "rebellions.ai/ATOM": ("Rebellions", "npu", _ONE),
    "furiosa.ai/npu": ("FuriosaAI", "npu", _ONE),
    "furiosa.ai/rngd": ("FuriosaAI", "npu", _ONE),
    "furiosa.ai/warboy": ("FuriosaAI", "npu", _ONE),
    "metax-tech.com/gpu": ("MetaX", "gpu", _ONE),
    "metax-tech.com/sgpu": ("MetaX", "shared", _ONE),
    "mthreads.com/gpu": ("Moore Threads", "gpu", _ONE),
    "mthreads.com/vgpu": ("Moore Threads", "shared", _ONE),
    "moorethreads.com/gpu": ("Moore Threads", "gpu", _ONE),
    "iluvatar.com/gpu": ("Iluvatar", "gpu", _ONE),
    "iluvatar.ai/gpu": ("Iluvatar", "gpu", _ONE),
    "iluvatar.ai/vgpu": ("Iluvatar", "shared", _ONE),
    "qualcomm.com/qaic": ("Qualcomm", "npu", _ONE),
    "vpc.amazonaws.com/efa": ("AWS", "nic", _ONE),
    "nvidia.com/mlnxnics": ("NVIDIA", "nic", _ONE),
    "nvidia.com/hostdev": ("NVIDIA", "nic", _ONE),
}

# whole-name patterns, tried in this order after the table
PATTERNS: tuple[tuple[str, Row], ...] = (
    (r"nvidia\.com/mig-(\d+c\.)?\d+g\.\d+gb(\.me(\.all)?|\+me|\.shared)*", ("NVIDIA", "mig", _ONE)),
    (r"nvidia\.com/gpu-\d+gb", ("NVIDIA", "shared", _ONE)),
    (r"nvidia\.com/(NVIDIA|GRID)_[\w-]+-\d+[A-Z]+", ("NVIDIA", "vgpu", _ONE)),
    (r"nvidia\.com/[A-Z]{2}\d{3}[A-Z0-9]*_\w+", ("NVIDIA", "gpu", _ONE)),
    (r"nvidia\.com/(resibp|roce|ib|rdma|sriov|host|mlnx|cx\d|bf\d)[\w.-]*", ("NVIDIA", "nic", _ONE)),
    (r"amd\.com/(spx|dpx|qpx|cpx)_nps[1248]", ("AMD", "gpu", _ONE)),
    (r"habana\.ai/(gaudi\d?|goya)", ("Intel Gaudi", "gaudi", _ONE)),
    (r"cloud-tpus\.google\.com/[\w-]+", ("Google", "tpu", (1, 2, 4, 8))),
    (r"huawei\.com/(Ascend|ascend-|npu)[\w.-]*-(memory|core)", ("Huawei", "part", _ONE)),
    (r"huawei\.com/(Ascend|ascend-|npu)[\w.-]*", ("Huawei", "npu", _ONE)),
    (r"cambricon\.com/[\w.-]*mlu[\w.-]*\.(vcore|vmemory)", ("Cambricon", "part", _ONE)),
    (r"cambricon\.com/[\w.-]*mlu[\w.-]*", ("Cambricon", "npu", _ONE)),
    (r"tenstorrent\.com/\w+", ("Tenstorrent", "npu", _ONE)),
    (r"iluvatar\.ai/[\w-]+-vgpu", ("Iluvatar", "shared", _ONE)),
    (r"rdma/[\w.-]+", ("RDMA", "nic", _ONE)),
    (r"[\w-]+(\.[\w-]+)+/([\w.-]*[-_.])?(rdma|roce|infiniband|hca)([-_.][\w.-]*)?", ("RDMA", "nic", _ONE)),
    (r"networking\.gke\.io\.networks/[\w.-]+", ("Google", "nic", _ONE)),
    # an extended resource that a DRA device class serves
    (
        r"deviceclass\.resource\.kubernetes\.io/[\w.-]*(gpu|mig|tpu|neuron|gaudi|npu)[\w.-]*",
        ("DRA", "gpu", _ONE),
    ),
    # other vendors: a domain and a name that says what it is
    (r"[\w-]+(\.[\w-]+)+/v?gpu", ("other", "gpu", _ONE)),
    (r"[\w-]+(\.[\w-]+)+/([\w.-]*[-.])?(npu|mlu|xpu|tpu)", ("other", "npu", _ONE)),
    (r"[\w-]+(\.[\w-]+)+/[\w.-]*[-.](gpu|vgpu)", ("other", "gpu", _ONE)),
)

# taint keys of accelerator nodes that providers and operators set
TAINT_KEYS = frozenset(
    {
        "nvidia.com/gpu",
        "nvidia.com/gpu.present",
        "nvidia.com/gpu.deploy.operands",
        "nvidia.com/gpu.product",
        "nvidia.com/mig.config",
        "amd.com/gpu",
        "amd.com/gpu-driver-upgrade",
        "gpu.intel.com/i915",
        "gpu.intel.com/xe",
        "habana.ai/gaudi",
        "google.com/tpu",
        "aws.amazon.com/neuron",
        "aws.amazon.com/neuroncore",
        "aws.amazon.com/neurondevice",
        "cloud.google.com/gke-accelerator",
        "cloud.google.com/gke-tpu-accelerator",
        "cloud.google.com/gke-gpu",
        "k8s.amazonaws.com/accelerator",
        "kubernetes.azure.com/accelerator",
        "karpenter.k8s.aws/instance-gpu-name",
        "vpc.amazonaws.com/efa",
        "doks.digitalocean.com/gpu",
        "huawei.com/npu",
    }
)

# DRA device classes; others count as accelerators when their name says so
DEVICE_CLASSES: dict[str, tuple[str, str]] = {
    "gpu.nvidia.com": ("NVIDIA", "gpu"),
    "mig.nvidia.com": ("NVIDIA", "mig"),
    "vfio.gpu.nvidia.com": ("NVIDIA", "gpu"),
    "gpu.amd.com": ("AMD", "gpu"),
    "gpu.intel.com": ("Intel", "gpu"),
    "gaudi.intel.com": ("Intel Gaudi", "gaudi"),
    "npu.intel.com": ("Intel", "npu"),
    "tpu.google.com": ("Google", "tpu"),
    "neuron.aws.com": ("AWS", "neuron"),
    "neuron.amazonaws.com": ("AWS", "neuron"),
    "npu.furiosa.ai": ("FuriosaAI", "npu"),
}
