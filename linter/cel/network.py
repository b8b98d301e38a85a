"""IP addresses and networks, as Kubernetes' CEL has them."""

from __future__ import annotations

from typing import Any, ClassVar

from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.types import BOOL, CIDR, INT, IP, STRING


class Address:
    """An IP address. `value` is Python's."""

    __slots__ = ("value",)
    type_name: ClassVar[str] = IP.name

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and _unmapped(self.value) == _unmapped(other.value)

    def __hash__(self) -> int:
        return hash(_unmapped(self.value))

    def __str__(self) -> str:
        return str(self.value)

    __repr__ = __str__


class Network:
    """An IP network, with the address as it was written. `value` is Python's interface."""

    __slots__ = ("value",)
    type_name: ClassVar[str] = CIDR.name

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return f"{self.value.ip}/{self.value.network.prefixlen}"

    __repr__ = __str__


def _unmapped(value: Any) -> Any:
    return getattr(value, "ipv4_mapped", None) or value


def _check_form(text: str, what: str) -> None:
    if "%" in text:
        raise CelRuntimeError(f"{what} with zone value is not allowed: {text!r}")
    if ":" in text and "." in text:
        raise CelRuntimeError(f"IPv4-mapped IPv6 address is not allowed: {text!r}")


def address(text: str) -> Address:
    """The address of a text."""
    import ipaddress

    _check_form(text, "IP Address")
    try:
        return Address(ipaddress.ip_address(text))
    except ValueError:
        raise CelRuntimeError(f"IP Address {text!r} parse error during conversion from string") from None


def network(text: str) -> Network:
    """The network of a text such as `10.0.0.0/8`."""
    import ipaddress

    _check_form(text, "CIDR")
    head, slash, tail = text.partition("/")
    if not slash or not (tail.isascii() and tail.isdigit()) or not head:
        raise CelRuntimeError(f"network address parse error during conversion from string: {text!r}")
    try:
        return Network(ipaddress.ip_interface(text))
    except ValueError:
        raise CelRuntimeError(
            f"network address parse error during conversion from string: {text!r}"
        ) from None


def _is(parse: Any) -> Any:
    def test(text: str) -> bool:
        try:
            parse(text)
        except CelRuntimeError:
            return False
        return True

    return test


def _global_unicast(ip: Address) -> bool:
    value = ip.value
    broadcast = value.version == 4 and int(value) == 2**32 - 1
    return not (
        value.is_unspecified or value.is_loopback or value.is_multicast or value.is_link_local or broadcast
    )


def _link_local_multicast(ip: Address) -> bool:
    packed = ip.value.packed
    if ip.value.version == 4:
        return bool(packed[:3] == b"\xe0\x00\x00")
    return bool(packed[0] == 0xFF and packed[1] & 0x0F == 2)


def _contains_ip(net: Network, ip: Address) -> bool:
    return bool(net.value.version == ip.value.version and ip.value in net.value.network)


def _contains_net(net: Network, other: Network) -> bool:
    return bool(net.value.version == other.value.version and other.value.network.subnet_of(net.value.network))


def _masked(net: Network) -> Network:
    import ipaddress

    return Network(ipaddress.ip_interface(str(net.value.network)))


def _test(name: str, impl: Any) -> Function:
    return Function(name, (IP,), BOOL, impl, method=True)


FUNCTIONS: tuple[Function, ...] = (
    Function("ip", (STRING,), IP, address),
    Function("ip", (IP,), IP, lambda value: value),
    Function("isIP", (STRING,), BOOL, _is(address)),
    Function("ip.isCanonical", (STRING,), BOOL, lambda text: str(address(text)) == text),
    Function("family", (IP,), INT, lambda ip: ip.value.version, method=True),
    _test("isUnspecified", lambda ip: ip.value.is_unspecified),
    _test("isLoopback", lambda ip: ip.value.is_loopback),
    _test("isLinkLocalUnicast", lambda ip: ip.value.is_link_local),
    _test("isLinkLocalMulticast", _link_local_multicast),
    _test("isGlobalUnicast", _global_unicast),
    Function("cidr", (STRING,), CIDR, network),
    Function("cidr", (CIDR,), CIDR, lambda value: value),
    Function("isCIDR", (STRING,), BOOL, _is(network)),
    Function("containsIP", (CIDR, IP), BOOL, _contains_ip, method=True),
    Function(
        "containsIP", (CIDR, STRING), BOOL, lambda net, text: _contains_ip(net, address(text)), method=True
    ),
    Function("containsCIDR", (CIDR, CIDR), BOOL, _contains_net, method=True),
    Function(
        "containsCIDR", (CIDR, STRING), BOOL, lambda net, text: _contains_net(net, network(text)), method=True
    ),
    Function("ip", (CIDR,), IP, lambda net: Address(net.value.ip), method=True),
    Function("masked", (CIDR,), CIDR, _masked, method=True),
    Function("prefixLength", (CIDR,), INT, lambda net: net.value.network.prefixlen, method=True),
)
