"""Whole objects of a chart, and whole charts within a chart, that each release in the project leaves off.

Who takes a chart of others, or is told how to install it, may switch on any object of it; of one that the project alone
deploys nobody does.
"""

from __future__ import annotations

from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.deploys.plain import at
from linter.aside.values.options import Charts


def is_off_everywhere(path: str, line: int, deployments: Deployments, charts: Charts) -> bool:
    """Whether a line of a template is in an object that all known releases leave off, or in such a chart, and all of
    them are known."""
    chart = chart_folder(deployments.charts, path) if "templates" in path.split("/")[:-1] else ""
    given = deployments.given(chart, charts.values_of(chart)) if chart else []
    if not given:
        return False
    if _is_left_off(chart, deployments, charts):
        return True
    return charts.is_option(path, line, whole=True) and all(
        charts.is_left_out_with(values, path, line) for values in given
    )


def _is_left_off(chart: str, deployments: Deployments, charts: Charts) -> bool:
    """Whether all charts that one is a part of leave it off, and nothing else deploys it."""
    conditions = deployments.conditions(chart)
    return (
        bool(conditions)
        and chart not in deployments.releases
        and all(_is_off(condition, parent, deployments, charts) for parent, condition in conditions)
    )


def _is_off(condition: str, parent: str, deployments: Deployments, charts: Charts) -> bool:
    """Whether a chart is never given the value that switches on a part of it."""
    given = deployments.given(parent, charts.values_of(parent))
    return bool(condition and given) and all(at(values, *condition.split(".")) is False for values in given)
