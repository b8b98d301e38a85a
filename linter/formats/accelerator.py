"""What a resource name means: vendor, kind, unit; what a quantity says; what a DRA claim asks for.

Pure functions over names and plain values; the format models carry the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.data.accelerators import DEVICE_CLASSES, PATTERNS, RESOURCES, TAINT_KEYS
from linter.frozen import dataclass
from linter.patterns import kept_regex, lazy_regex

DEVICE_KINDS = frozenset({"gpu", "tpu", "neuron", "gaudi", "npu", "mig", "vgpu", "shared"})
SLICE_KINDS = frozenset({"mig", "vgpu", "shared", "part"})
# counts of processes on one device that comes by claim, by its kind: those of the vendor's resource; others hold one
CLAIMED_RANKS = {"neuron": RESOURCES["aws.amazon.com/neuron"][2], "tpu": RESOURCES["google.com/tpu"][2]}

_MULTIPLES = {
    "": 1,
    **{letter: 1000**power for power, letter in enumerate("kMGTPE", 1)},
    **{f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)},
}
_PARTS = {"m": 1000, "u": 10**6, "n": 10**9}
_QUANTITY = lazy_regex(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")
_NAMES_ONE = lazy_regex(r"gpu|neuron|tpu|gaudi|habana|npu|nvidia", re.IGNORECASE)
_VENDOR_WORDS = ("nvidia", "neuron", "habana", "gaudi")
_NO_DEVICE = lazy_regex(r"gpu-?(mem|core)|(memory|cores?|percentage|priority|monitoring)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resource:
    """One extended resource. `ranks` are the counts of processes that may run on one unit of it."""

    name: str
    vendor: str
    kind: str
    ranks: tuple[int, ...]

    @property
    def is_accelerator(self) -> bool:
        return self.kind != "nic"

    @property
    def counts_devices(self) -> bool:
        """Whether a unit is a device or a slice that a process can use, not memory or compute of one."""
        return self.kind in DEVICE_KINDS


@cache
def resource(name: str) -> Resource | None:
    """The meaning of a resource name; None when it is no accelerator and no network device of one."""
    row = RESOURCES.get(name)
    if row is None:
        if "/" not in name:
            return None
        row = next((row for pattern, row in PATTERNS if kept_regex(pattern).fullmatch(name)), None)
        if row is None or (row[0] == "other" and misspelt(name) is not None):
            return None
    return Resource(name, *row)


@cache
def accelerator(name: str) -> Resource | None:
    """As `resource`, without the network devices."""
    found = resource(name)
    return found if found is not None and found.is_accelerator else None


@cache
def misspelt(name: str) -> str | None:
    """The accelerator resource that a name was meant to be; None when the name is fine or foreign."""
    if name in RESOURCES or name.startswith(("requests.", "limits.")):
        return None
    if not _NAMES_ONE.search(name) and nearest(name, RESOURCES, 2) is None:
        return None
    lowered = name.lower()
    if lowered == "alpha.kubernetes.io/nvidia-gpu":  # removed in Kubernetes 1.11
        return "nvidia.com/gpu"
    if "/" in name and "." in name.partition("/")[0]:
        if any(kept_regex(pattern).fullmatch(name) for pattern, row in PATTERNS if row[0] != "other"):
            return None
        return nearest(name, RESOURCES, 2)
    if _NO_DEVICE.search(name):
        return None
    if kept_regex(r"(nvidia[-_/.]?)?gpus?").fullmatch(lowered):
        return "nvidia.com/gpu"
    for word, meant in (
        ("neuron", "aws.amazon.com/neuron"),
        ("tpu", "google.com/tpu"),
        ("gaudi", "habana.ai/gaudi"),
        ("amd", "amd.com/gpu"),
        ("gpu", "nvidia.com/gpu"),
        ("nvidia", "nvidia.com/gpu"),
    ):
        if word in lowered:
            return meant
    return nearest(name, RESOURCES, 2)


@cache
def misspelt_taint(key: str) -> str | None:
    """The accelerator taint key that a toleration key is a slip of; None when it is a key of its own.

    Only a key that shares a vendor's domain (or nearly) can be a slip: `dedicated-gpu` is a house convention.
    """
    if key in TAINT_KEYS or resource(key) is not None:
        return None
    domain, slash, name = key.partition("/")
    if not slash:
        return nearest(key, TAINT_KEYS, 1)  # nvidia.com.gpu
    if f"{domain}.com/{name}" in TAINT_KEYS:  # nvidia/gpu
        return f"{domain}.com/{name}"
    if not (_NAMES_ONE.search(key) or _vendor_like(domain) or _vendor_like(name)):
        return None
    if domain.endswith(("gke.io", "google.com")) and "." in domain and not name.endswith(("pu", "pus")):
        return None
    return nearest(key, TAINT_KEYS, 3 if _vendor_like(domain) else 2)


def _vendor_like(domain: str) -> bool:
    """Whether a domain is a vendor's word, or a slip of it: nvdia, nueron, habna."""
    first = kept_regex(r"[./-]").split(domain.lower())
    return any(_distance(part, word, 2) <= 2 for part in first for word in _VENDOR_WORDS if len(part) > 3)


def nearest(name: str, known: Iterable[str], limit: int) -> str | None:
    """The known name at the least edit distance, at most `limit`; ties go to the one that comes first."""
    best, least = None, limit + 1
    for candidate in known:
        distance = _distance(name, candidate, limit)
        if distance < least:
            best, least = candidate, distance
    return best


def _distance(left: str, right: str, limit: int) -> int:
    """Edit distance with swapped neighbours as one edit; anything above `limit` is `limit + 1`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i, *[0] * len(right)]
        for j, b in enumerate(right, 1):
            row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)


_MAX_QUANTITY = 100  # characters; the API server takes no number beyond 2**63
_TOO_MUCH = 10**100


def quantity(value: Any) -> Any:
    """A Kubernetes quantity as int or Fraction; UNKNOWN for a hole or a template; None when it is no quantity."""
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if abs(value) < _TOO_MUCH else None
    if isinstance(value, float):
        return _fraction(repr(value)) if value == value and abs(value) != float("inf") else None
    text = str(value).strip()
    match = _QUANTITY.fullmatch(text) if len(text) <= _MAX_QUANTITY else None
    if match is None and len(text) > _MAX_QUANTITY:
        return None
    if match is None:
        return UNKNOWN if kept_regex(r"\$|\{\{|[{<%@]|__|[A-Z]{3}").search(text) else None
    number, exponent, suffix = match.groups()
    if exponent:
        return _fraction(number) * _fraction(10) ** int(exponent[1:]) if len(exponent) < 5 else None
    amount = int(number) if "." not in number else _fraction(number)  # nearly always whole
    if suffix in _PARTS:
        return _fraction(amount) / _PARTS[suffix]
    return amount * _MULTIPLES[suffix or ""]


def _fraction(value: Any) -> Any:
    from fractions import Fraction  # takes a few milliseconds to import, with `decimal`

    return Fraction(value)


def device_class(name: Any) -> tuple[str, str] | None:
    """Vendor and kind of a DRA device class; None when it is no accelerator."""
    if not isinstance(name, str):
        return None
    if name in DEVICE_CLASSES:
        return DEVICE_CLASSES[name]
    lowered = name.lower()
    if kept_regex(r"rdma|nic\b|net|compute-domain|imex|cpu").search(lowered):
        return None
    for word, kind in (
        ("mig", "mig"),
        ("gpu", "gpu"),
        ("tpu", "tpu"),
        ("neuron", "neuron"),
        ("gaudi", "gaudi"),
        ("npu", "npu"),
    ):
        if word in lowered:
            return ("NVIDIA" if "nvidia" in lowered else "DRA", kind)
    return None


def claimed(devices: Any, only: Any = None) -> tuple[Any, str, str]:
    """Device count, vendor and kind that `spec.devices` of a ResourceClaim asks for, of any API version.

    `only` is the name of the one request that a container uses, when it names one.

    The count is UNKNOWN for `allocationMode: All`, alternatives, or requests that are not written here;
    kind is "" when no request names an accelerator.
    """
    total: Any = 0
    vendor = kind = ""
    requests = devices.get("requests") if isinstance(devices, Mapping) else None
    if not isinstance(requests, list):
        return UNKNOWN, "", ""
    for entry in requests:
        if not isinstance(entry, Mapping):
            total = UNKNOWN
            continue
        if only is not None and entry.get("name") != only:
            continue
        exact = entry.get("exactly") if isinstance(entry.get("exactly"), Mapping) else entry
        alternatives = entry.get("firstAvailable")
        if isinstance(alternatives, list):
            exact = next((item for item in alternatives if isinstance(item, Mapping)), {})
        assert isinstance(exact, Mapping)
        found = device_class(exact.get("deviceClassName"))
        if found is None:
            continue
        vendor, kind = found
        count = exact.get("count", 1)
        if alternatives or exact.get("allocationMode") == "All" or not isinstance(count, int):
            count = UNKNOWN
        total = UNKNOWN if total is UNKNOWN or count is UNKNOWN else total + count
    return total, vendor, kind
