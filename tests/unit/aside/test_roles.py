"""Options of Ansible roles that are off: what a template has in a branch that the role's defaults leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.aside import Scope, set_aside
from linter.aside.single import OPTION_OF_ROLE
from linter.aside.values.rolebranches import MISSING, branches, comes_to
from linter.aside.values.roles import TOLD_BY_ROLE
from linter.cel import UNKNOWN
from linter.config.model import Config, SuppressionPolicy
from linter.finding import Confidence, Finding, Location, RuleInfo, Severity
from linter.frozen import replace
from tests.unit.aside.trees import write

PATH = "roles/web/templates/jobs/pod.yaml.j2"
DEFAULTS = "roles/web/defaults/main.yml"
TEMPLATE = """apiVersion: v1
kind: Pod
metadata:
  name: x
spec:
{% if web_host_network %}
  hostNetwork: true
{% else %}
  hostPID: true
{% endif %}
  hostIPC: true
"""
INFOS: dict[str, RuleInfo] = {}
ABOUT = RuleInfo("rule", "t", "privilege", Severity.HIGH, Confidence.HIGH, "default", "any", "", "", "", "")


def at(line: int, path: str = PATH, severity: Severity = Severity.HIGH, rule: str = "rule") -> Finding:
    return Finding(rule, severity, Confidence.HIGH, "m", Location(path, line, 1, line, 2))


def reason(top: Path, one: Finding, scope: Scope | None = None) -> str:
    (found,) = set_aside([one], scope or Scope(top), lambda _: Config(), INFOS)
    return found.reason


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path, {PATH: TEMPLATE, DEFAULTS: "---\nweb_host_network: false\n"})


def test_an_option_that_is_off_is_set_aside(project: Path) -> None:
    assert [reason(project, at(line)) for line in (4, 7, 9, 11)] == ["", OPTION_OF_ROLE, "", ""]
    assert reason(project, at(7, severity=Severity.CRITICAL)) == ""
    assert reason(project, at(7), Scope(project, files=frozenset({str(project / PATH)}))) == ""


@pytest.mark.parametrize(
    "path", ["templates/pod.yaml.j2", "roles/web/files/pod.yaml.j2", "roles/templates/p.yaml.j2"]
)
def test_other_templates_are_those_of_no_role(project: Path, path: str) -> None:
    write(project, {path: TEMPLATE, "defaults/main.yml": "web_host_network: false\n"})
    assert reason(project, at(7, path)) == ""


@pytest.mark.parametrize(
    ("defaults", "off"),
    [
        ("web_host_network: no\n", True),
        ("web_host_network: ''\n", True),
        ("web_host_network: []\n", True),
        ("web_host_network:\n", True),
        ("web_host_network: true\n", False),
        ("web_host_network: 'false'\n", False),  # a text, and none that is empty
        ('web_host_network: "{{ other | default(false) }}"\n', False),
        ("other: false\n", False),
        ("- web_host_network: false\n", False),
        ("", False),
    ],
)
def test_the_defaults_must_leave_it_off(project: Path, defaults: str, off: bool) -> None:
    write(project, {DEFAULTS: defaults})
    assert reason(project, at(7)) == (OPTION_OF_ROLE if off else "")


@pytest.mark.parametrize(
    ("path", "text", "off"),
    [
        ("group_vars/all.yml", "web_host_network: true\n", False),
        ("group_vars/all.yml", "web_host_network:\n  - a\n", False),
        ("group_vars/all.yml", "web_host_network: false  # for now\n", True),
        ("group_vars/all.yml", "# web_host_network: true\n", True),
        ("group_vars/all.yml", "my_web_host_network: true\nspec.web_host_network: true\n", True),
        ("inventory.ini", "[all:vars]\nweb_host_network=yes\n", False),
        ("Makefile", "run:\n\tansible-playbook -e web_host_network=yes site.yml\n", False),
        (
            "site.yml",
            '- vars:\n    web_host_network: "{{ web_host_network | default(omit) | bool }}"\n',
            True,
        ),
        ("site.yml", '- vars:\n    web_host_network: "{{ web_host_network | default(true) }}"\n', False),
        ("roles/web/tasks/main.yml", "- stat: {path: /x}\n  register: web_host_network\n", False),
        ("roles/web/templates/a.j2", "{% set web_host_network = true %}\n", False),
        ("roles/web/templates/a.j2", "{% for a in web_host_network %}{{ a }}{% endfor %}\n", True),
        (
            "config/crd.yaml",
            "kind: CustomResourceDefinition\na:\n  web_host_network:\n    type: boolean\n",
            True,
        ),
        ("config/sample.yaml", "kind: Web\nspec:\n  web_host_network: true\n", False),
        ("README.md", "    web_host_network: true\n", True),  # says how it is switched on
    ],
)
def test_nothing_in_the_project_may_switch_it_on(project: Path, path: str, text: str, off: bool) -> None:
    write(project, {path: text})
    assert reason(project, at(7)) == (OPTION_OF_ROLE if off else "")


def test_a_branch_that_is_closed_is_over(project: Path) -> None:
    write(
        project,
        {PATH: TEMPLATE.replace("  hostNetwork: true\n", "").replace("{% else %}\n", "{% endif %}\n", 1)},
    )
    assert reason(project, at(7)) == reason(project, at(8)) == ""


def test_an_object_that_is_optional_as_a_whole_counts(project: Path) -> None:
    inner = "{% if web_host_network %}\n" + TEMPLATE + "{% endif %}\n"
    write(project, {PATH: inner})
    assert [reason(project, at(line)) for line in (6, 8)] == [
        "",
        "",
    ]  # who wants it gets what hangs on the same
    assert reason(project, at(2, rule="deprecated-api-version")) == OPTION_OF_ROLE  # there for old clusters


@pytest.mark.parametrize(
    ("defaults", "told"),
    [
        ("# Gives the pod the host network, for DHCP.\nweb_host_network: false\n", True),
        ("# When pods are asked for by DHCP.\nweb_host_network: false\n", False),
        ("# Gives the pod the host network, for DHCP.\nother: 1\nweb_host_network: false\n", False),
    ],
)
def test_what_is_critical_is_decided_where_its_switch_says_so(
    project: Path, defaults: str, told: bool
) -> None:
    write(project, {DEFAULTS: defaults})
    infos = {"rule": replace(ABOUT, explained_by=("host network",))}
    grave = at(7, severity=Severity.CRITICAL)
    (found,) = set_aside([grave], Scope(project), lambda _: Config(), infos)
    assert found.reason == (TOLD_BY_ROLE if told else "")
    strict = Config(suppressions=SuppressionPolicy(max_days=30))  # a comment says nothing there
    assert set_aside([grave], Scope(project), lambda _: strict, infos)[0].reason == ""


VALUES = {"off": False, "on": True, "empty": "", "word": "no", "nothing": None, "list": [], "open": UNKNOWN}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("off", False),
        ("on", True),
        ("empty", False),
        ("list", False),
        ("not off", True),
        ("off == true", False),
        ("off == False", True),
        ("not on == true", False),
        ("word", True),
        ("word | bool", False),
        ("on|bool", True),
        ("nothing | bool", False),
        ("absent is defined", False),
        ("absent is not defined", True),
        ("off is defined", True),
        ("absent is defined and absent", False),
        ("on and off", False),
        ("open and off", False),
        ("off and x | length > 3", False),
        ("on and not off", True),
        ("on and open", UNKNOWN),
        ("absent", UNKNOWN),  # the template fails
        ("absent | bool", UNKNOWN),
        ("open", UNKNOWN),
        ("off | int", UNKNOWN),
        ("off | default(true)", UNKNOWN),
        ("off or on", UNKNOWN),
        ("on or on and off", UNKNOWN),
        ("(off and on)", UNKNOWN),
        ("word == 'a and off'", UNKNOWN),
        ("off.part", UNKNOWN),
        ("false", UNKNOWN),
        ("", UNKNOWN),
        ("off and " * 100 + "off", UNKNOWN),
    ],
)
def test_what_conditions_come_to(condition: str, holds: object) -> None:
    assert comes_to(condition, lambda name: VALUES.get(name, MISSING)) is holds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% if a %}1{% elif b %}2{% else %}3{% endif %}", ["1 a", "2 not a", "2 b", "3 not a", "3 not b"]),
        ("{%- if a -%}1{%- endif -%}", ["1 a"]),
        ("{% for a in b %}{% if c %}1{% endif %}{% else %}2{% endfor %}", ["1 c"]),
        ("{% if a %}1{# {% endif %} #}{% endif %}", ["1{# {% endif %} #} a"]),
        ("{% if a %}1", []),
        ("{% if a %}{% endfor %}{% endif %}", []),
        ("{% endif %}{% if a %}1{% endif %}", []),
        ("{% raw %}{% if a %}{% endraw %}{% if b %}1{% endif %}", []),
        ("{% macro m(a) %}{% if a %}1{% endif %}{% endmacro %}", []),
        ("#jinja2: block_start_string:'[%'\n{% if a %}1{% endif %}", []),
        ("{% if a %}1{% endif %}" * 3_000, []),  # of too many none is told
        ("{% if " * 4_000, []),
        ("{#" * 100_000, []),
    ],
)
def test_branches(text: str, found: list[str]) -> None:
    told = [f"{text[b.start : b.end]} {'' if b.wanted else 'not '}{b.condition}" for b in branches(text)]
    assert told == found
