"""Whole objects of a chart that each release of it in the project leaves off.

Who takes a chart of others, or is told how to install it, may switch on any object of it; of one that the project alone
deploys nobody does.
"""

from __future__ import annotations

from linter.aside.deploys.deployments import Deployments, chart_folder
from linter.aside.deploys.release import with_layers
from linter.aside.values.options import Charts
from linter.cel import UNKNOWN


def is_off_everywhere(path: str, line: int, deployments: Deployments, charts: Charts) -> bool:
    """Whether a line of a template is in an object that all known releases leave off, and all of them are known."""
    if "templates" not in path.split("/")[:-1] or not charts.is_option(path, line, whole=True):
        return False
    chart = chart_folder(deployments.charts, path)
    ways = deployments.ways(chart) if chart else []
    own = charts.values_of(chart)
    return bool(ways) and all(
        way.whole
        and not way.told
        and charts.is_left_out_with(with_layers(own, way.layers, UNKNOWN), path, line)
        for way in ways
    )
