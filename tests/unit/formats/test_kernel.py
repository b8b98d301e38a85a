"""Which commands only set the kernel, and which do more, or have the kernel run a program."""

from __future__ import annotations

import pytest

from linter.formats.image import HOLE
from linter.formats.shell.kernel import only_sets_kernel


@pytest.mark.parametrize(
    "words",
    [
        ["sysctl", "-w", "vm.max_map_count=262144"],
        ["sh", "-c", "sysctl -q -w net.core.somaxconn=1024 fs.file-max=65536 && ulimit -n 65536 || true"],
        ["sh", "-c", "echo never > /sys/kernel/mm/transparent_hugepage/enabled"],
        ["sh", "-ec", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 | tee /proc/sys/vm/overcommit_memory"],
        ["sh", "-c", f"sysctl -w vm.max_map_count={HOLE}"],
        ["sysctl", "-w", "kernel.shmmax=1"],
    ],
)
def test_what_only_sets_the_kernel(words: list[str]) -> None:
    assert only_sets_kernel(words)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["sysctl", "-p", "/etc/sysctl.conf"],
        ["sysctl", "-w", "kernel.core_pattern=|/tools/dump"],
        ["sysctl", "-w", "kernel.modprobe=/tools/run"],
        ["sysctl", "-w", f"{HOLE}=1"],
        ["sysctl", "--system"],
        ["sh", "-c", "sysctl -w vm.max_map_count=262144 && ./prepare.sh"],
        ["sh", "-c", "echo /tools/run > /proc/sys/vm/../kernel/modprobe"],
        ["sh", "-c", "echo /tools/run > /proc/sys/kernel/modprobe"],
        ["sh", "-c", "sysctl -w vm.max_map_count=262144; cp /tools/run /host/run"],
        ["sh", "-c", "chroot /host sysctl -w vm.max_map_count=262144"],
        ["sh", "-c", "sleep infinity"],
    ],
)
def test_what_does_more(words: list[str]) -> None:
    assert not only_sets_kernel(words)
