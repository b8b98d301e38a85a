"""tarecheck: policy and security linter for AI container configurations.

As a library: `from linter import check`. The names below are imported when they are first used: `tarecheck --version`
must answer at once.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.api import check, check_text, format_report, rules
    from linter.errors import TarecheckError, UsageError
    from linter.finding import Confidence, Finding, Report, RuleInfo, Severity, Status

__version__ = "0.1.0"

__all__ = [
    "Confidence",
    "Finding",
    "Report",
    "RuleInfo",
    "Severity",
    "Status",
    "TarecheckError",
    "UsageError",
    "__version__",
    "check",
    "check_text",
    "format_report",
    "rules",
]

# public name -> its module
_HOMES = {
    **dict.fromkeys(("check", "check_text", "format_report", "rules"), "linter.api"),
    **dict.fromkeys(("TarecheckError", "UsageError"), "linter.errors"),
    **dict.fromkeys(("Confidence", "Finding", "Report", "RuleInfo", "Severity", "Status"), "linter.finding"),
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(home), name)
    return value
