"""Timestamps and durations, to the nanosecond."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar

from linter.cel.errors import CelRuntimeError
from linter.cel.functions import Function
from linter.cel.types import DURATION, INT, STRING, TIMESTAMP

_SECOND = 10**9
_MIN, _MAX = -62135596800 * _SECOND, 253402300800 * _SECOND - 1  # years 1 to 9999
_MAX_DURATION = 315_576_000_000 * _SECOND
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 10**6,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3600 * _SECOND,
}


class _Instant:
    """A count of nanoseconds; ordered and equal within its class."""

    __slots__ = ("nanos",)
    nanos: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Instant) and other.__class__ is self.__class__ and self.nanos == other.nanos

    def __hash__(self) -> int:
        return hash((self.__class__, self.nanos))

    def __lt__(self, other: Any) -> Any:
        return self.nanos < other.nanos if other.__class__ is self.__class__ else NotImplemented

    def __le__(self, other: Any) -> Any:
        return self.nanos <= other.nanos if other.__class__ is self.__class__ else NotImplemented

    def __gt__(self, other: Any) -> Any:
        return self.nanos > other.nanos if other.__class__ is self.__class__ else NotImplemented

    def __ge__(self, other: Any) -> Any:
        return self.nanos >= other.nanos if other.__class__ is self.__class__ else NotImplemented


class Duration(_Instant):
    """A span of time."""

    __slots__ = ()
    type_name: ClassVar[str] = DURATION.name

    def __init__(self, nanos: int) -> None:
        if not -_MAX_DURATION <= nanos <= _MAX_DURATION or not -(2**63) <= nanos < 2**63:
            raise CelRuntimeError("duration out of range")
        self.nanos = nanos

    @property
    def whole_seconds(self) -> int:
        return _truncate(self.nanos, _SECOND)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Duration):
            return Duration(self.nanos + other.nanos)
        return other + self if isinstance(other, Timestamp) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return Duration(self.nanos - other.nanos) if isinstance(other, Duration) else NotImplemented

    def __str__(self) -> str:
        sign = "-" if self.nanos < 0 else ""
        seconds, rest = divmod(abs(self.nanos), _SECOND)
        fraction = f".{rest:09d}".rstrip("0") if rest else ""
        return f"{sign}{seconds}{fraction}s"

    __repr__ = __str__


class Timestamp(_Instant):
    """A point in time, UTC."""

    __slots__ = ()
    type_name: ClassVar[str] = TIMESTAMP.name

    def __init__(self, nanos: int) -> None:
        if not _MIN <= nanos <= _MAX:
            raise CelRuntimeError("timestamp out of range")
        self.nanos = nanos

    @property
    def seconds(self) -> int:
        return self.nanos // _SECOND

    def __add__(self, other: Any) -> Any:
        return Timestamp(self.nanos + other.nanos) if isinstance(other, Duration) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Timestamp):
            return Duration(self.nanos - other.nanos)
        return Timestamp(self.nanos - other.nanos) if isinstance(other, Duration) else NotImplemented

    def local(self, zone: str | None = None) -> Any:
        """The date and time (datetime) in a zone: a name or an offset such as `-02:30`."""
        import datetime

        moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=self.seconds)
        try:
            return moment.astimezone(_zone(zone)) if zone else moment
        except (OverflowError, ValueError):
            raise CelRuntimeError(f"no time in zone {zone!r}") from None

    def __str__(self) -> str:
        rest = self.nanos % _SECOND
        fraction = f".{rest:09d}".rstrip("0") if rest else ""
        moment = self.local()
        return f"{moment.year:04d}{moment.strftime('-%m-%dT%H:%M:%S')}{fraction}Z"

    __repr__ = __str__


def _zone(name: str) -> Any:
    import datetime
    import zoneinfo

    if match := re.fullmatch(r"([+-]?)(\d\d):(\d\d)", name):
        offset = datetime.timedelta(hours=int(match[2]), minutes=int(match[3]))
        return datetime.timezone(-offset if match[1] == "-" else offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise CelRuntimeError(f"no time zone {name!r}") from None


def _truncate(value: int, unit: int) -> int:
    return value // unit if value >= 0 else -(-value // unit)


@cache
def _duration_parts() -> re.Pattern[str]:
    return re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")


def duration(text: str) -> Duration:
    """The duration of a text such as `1h30m` or `-1.5s`."""
    body = text[1:] if text[:1] in ("-", "+") else text
    if body == "0":
        return Duration(0)
    total = position = 0
    while position < len(body):
        match = _duration_parts().match(body, position)
        if match is None or not (match[1] or match[2]) or len(match[0]) > 60:
            raise CelRuntimeError(f"no duration: {text!r}")
        unit = _UNITS[match[3]]
        fraction = match[2] or ""
        total += int(match[1] or 0) * unit + int(fraction or 0) * unit // 10 ** len(fraction)
        position = match.end()
    if not body:
        raise CelRuntimeError(f"no duration: {text!r}")
    return Duration(-total if text.startswith("-") else total)


@cache
def _timestamp_form() -> re.Pattern[str]:
    day = r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)"
    return re.compile(rf"{day}(?:\.(\d{{1,9}}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)


def timestamp(text: str) -> Timestamp:
    """The timestamp of an RFC 3339 text."""
    import datetime

    match = _timestamp_form().fullmatch(text)
    if match is None:
        raise CelRuntimeError(f"no timestamp: {text!r}")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    try:
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC)
    except ValueError:
        raise CelRuntimeError(f"timestamp out of range: {text!r}") from None
    delta = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    seconds = delta.days * 86400 + delta.seconds
    if match[8]:
        offset = int(match[9]) * 3600 + int(match[10]) * 60
        seconds += offset if match[8] == "-" else -offset
    return Timestamp(seconds * _SECOND + int((match[7] or "").ljust(9, "0")))


def _same(value: Any) -> Any:
    return value


def _part(name: str, impl: Any) -> list[Function]:
    return [
        Function(name, (TIMESTAMP,), INT, lambda moment: impl(moment.local()), method=True),
        Function(name, (TIMESTAMP, STRING), INT, lambda moment, zone: impl(moment.local(zone)), method=True),
    ]


def _count(name: str, unit: int) -> Function:
    return Function(name, (DURATION,), INT, lambda value: _truncate(value.nanos, unit), method=True)


FUNCTIONS: tuple[Function, ...] = (
    Function("duration", (STRING,), DURATION, duration),
    Function("duration", (DURATION,), DURATION, _same),
    Function("duration", (INT,), DURATION, lambda seconds: Duration(seconds * _SECOND)),
    Function("timestamp", (STRING,), TIMESTAMP, timestamp),
    Function("timestamp", (TIMESTAMP,), TIMESTAMP, _same),
    Function("timestamp", (INT,), TIMESTAMP, lambda seconds: Timestamp(seconds * _SECOND)),
    *_part("getFullYear", lambda moment: moment.year),
    *_part("getMonth", lambda moment: moment.month - 1),
    *_part("getDate", lambda moment: moment.day),
    *_part("getDayOfMonth", lambda moment: moment.day - 1),
    *_part("getDayOfWeek", lambda moment: moment.isoweekday() % 7),
    *_part("getDayOfYear", lambda moment: moment.timetuple().tm_yday - 1),
    *_part("getHours", lambda moment: moment.hour),
    *_part("getMinutes", lambda moment: moment.minute),
    *_part("getSeconds", lambda moment: moment.second),
    Function(
        "getMilliseconds", (TIMESTAMP,), INT, lambda moment: moment.nanos % _SECOND // 10**6, method=True
    ),
    Function(
        "getMilliseconds",
        (TIMESTAMP, STRING),
        INT,
        lambda moment, _: moment.nanos % _SECOND // 10**6,
        method=True,
    ),
    _count("getHours", 3600 * _SECOND),
    _count("getMinutes", 60 * _SECOND),
    _count("getSeconds", _SECOND),
    Function(
        "getMilliseconds", (DURATION,), INT, lambda value: abs(value.nanos) % _SECOND // 10**6, method=True
    ),
)
