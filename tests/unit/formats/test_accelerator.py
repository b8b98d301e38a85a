from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.formats import accelerator


@pytest.mark.parametrize(
    ("name", "vendor", "kind"),
    [
        ("nvidia.com/gpu", "NVIDIA", "gpu"),
        ("nvidia.com/gpu.shared", "NVIDIA", "shared"),
        ("nvidia.com/mig-1g.5gb", "NVIDIA", "mig"),
        ("nvidia.com/mig-1g.10gb.me", "NVIDIA", "mig"),
        ("nvidia.com/mig-1c.3g.40gb", "NVIDIA", "mig"),
        ("nvidia.com/NVIDIA_A10-12Q", "NVIDIA", "vgpu"),
        ("nvidia.com/gpumem-percentage", "NVIDIA", "part"),
        ("amd.com/gpu", "AMD", "gpu"),
        ("amd.com/cpx_nps4", "AMD", "gpu"),
        ("gpu.intel.com/i915", "Intel", "gpu"),
        ("habana.ai/gaudi", "Intel Gaudi", "gaudi"),
        ("google.com/tpu", "Google", "tpu"),
        ("cloud-tpus.google.com/preemptible-v3", "Google", "tpu"),
        ("aws.amazon.com/neuron", "AWS", "neuron"),
        ("aws.amazon.com/neuroncore", "AWS", "neuron"),
        ("huawei.com/Ascend910B", "Huawei", "npu"),
        ("huawei.com/ascend-1980", "Huawei", "npu"),
        ("cambricon.com/mlu.smlu.vcore", "Cambricon", "part"),
        ("tenstorrent.com/n300", "Tenstorrent", "npu"),
        ("vendor.example.com/gpu", "other", "gpu"),
        ("rdma/hca_shared_devices_a", "RDMA", "nic"),
        ("vpc.amazonaws.com/efa", "AWS", "nic"),
        ("vke.volcengine.com/rdma", "RDMA", "nic"),
    ],
)
def test_known_resources(name: str, vendor: str, kind: str) -> None:
    found = accelerator.resource(name)
    assert found is not None
    assert (found.vendor, found.kind) == (vendor, kind)


@pytest.mark.parametrize(
    "name",
    ["cpu", "memory", "hugepages-2Mi", "ephemeral-storage", "squat.ai/fuse", "devices.kubevirt.io/kvm"],
)
def test_other_resources_are_none(name: str) -> None:
    assert accelerator.resource(name) is None
    assert accelerator.misspelt(name) is None


def test_network_devices_are_no_accelerators() -> None:
    assert accelerator.accelerator("vpc.amazonaws.com/efa") is None
    assert accelerator.accelerator("nvidia.com/gpu") is not None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gpu", "nvidia.com/gpu"),
        ("nvidia/gpu", "nvidia.com/gpu"),
        ("nvidia.com/gpus", "nvidia.com/gpu"),
        ("nvdia.com/gpu", "nvidia.com/gpu"),
        ("nivdia.com/gpu", "nvidia.com/gpu"),
        ("alpha.kubernetes.io/nvidia-gpu", "nvidia.com/gpu"),
        ("aws.amazon.com/nueron", "aws.amazon.com/neuron"),
        ("habna.ai/gaudi", "habana.ai/gaudi"),
        ("tpu", "google.com/tpu"),
        ("nvidia.com/gpu", None),
        ("requests.nvidia.com/gpu", None),
        ("vendor.example.com/gpu", None),
        ("nvidia.com/mig-2g.10gb", None),
    ],
)
def test_misspelt_resources(name: str, meant: str | None) -> None:
    assert accelerator.misspelt(name) == meant


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("nvidia.com/gpus", "nvidia.com/gpu"),
        ("nvdia.com/gpu", "nvidia.com/gpu"),
        ("nvidia.com.gpu", "nvidia.com/gpu"),
        ("nvidia/gpu", "nvidia.com/gpu"),
        ("aws.amazon.com/neurons", "aws.amazon.com/neuron"),
        ("nvidia.com/gpu", None),
        ("nvidia.com/mig-1g.5gb", None),
        ("dedicated-gpu", None),
        ("gpu", None),
        ("team.example.com/gpu-pool", None),
        ("cloud.google.com/gke-accelerator", None),
        ("cloud.google.com/gke-spot", None),
        ("node.kubernetes.io/not-ready", None),
        ("sku", None),
    ],
)
def test_misspelt_taints(key: str, meant: str | None) -> None:
    assert accelerator.misspelt_taint(key) == meant


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        ("1", 1),
        ("500m", Fraction(1, 2)),
        (0.5, Fraction(1, 2)),
        ("1k", 1000),
        ("64Gi", 64 * 2**30),
        ("1e3", Fraction(1000)),
        (".5", Fraction(1, 2)),
        ("$GPUS", UNKNOWN),
        ("{{ gpus }}", UNKNOWN),
        ("GPU_COUNT", UNKNOWN),
        (UNKNOWN, UNKNOWN),
        (None, None),
        (True, None),
        ("one", None),
        ("10GiB", None),
        (float("nan"), None),
    ],
)
def test_quantity(value: object, expected: object) -> None:
    assert repr(accelerator.quantity(value)) == repr(expected)  # UNKNOWN compares with nothing


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_quantity_never_fails(value: object) -> None:
    found = accelerator.quantity(value)
    assert found is None or found is UNKNOWN or isinstance(found, (int, Fraction))


@given(st.text())
def test_names_never_fail(name: str) -> None:
    accelerator.misspelt(name)
    accelerator.misspelt_taint(name)
    found = accelerator.resource(name)
    assert found is None or found.name == name


def _request(**exact: object) -> dict[str, object]:
    return {"requests": [{"name": "gpu", **exact}]}


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (_request(exactly={"deviceClassName": "gpu.nvidia.com", "count": 4}), (4, "NVIDIA", "gpu")),
        (_request(deviceClassName="gpu.nvidia.com"), (1, "NVIDIA", "gpu")),
        (_request(exactly={"deviceClassName": "mig.nvidia.com"}), (1, "NVIDIA", "mig")),
        (
            _request(exactly={"deviceClassName": "gpu.nvidia.com", "allocationMode": "All"}),
            (UNKNOWN, "NVIDIA", "gpu"),
        ),
        (_request(firstAvailable=[{"deviceClassName": "gpu.amd.com", "count": 2}]), (UNKNOWN, "AMD", "gpu")),
        (_request(exactly={"deviceClassName": "dranet.example.com"}), (0, "", "")),
        ({}, (UNKNOWN, "", "")),
    ],
)
def test_claims(devices: object, expected: tuple[object, str, str]) -> None:
    assert accelerator.claimed(devices) == expected


def test_a_container_may_use_one_request_of_a_claim() -> None:
    requests = [{"name": name, "exactly": {"deviceClassName": "gpu.nvidia.com"}} for name in ("a", "b")]
    assert accelerator.claimed({"requests": requests}) == (2, "NVIDIA", "gpu")
    assert accelerator.claimed({"requests": requests}, "b") == (1, "NVIDIA", "gpu")
