"""The HTML report: one file that stands alone, and in a real browser draws, filters, and runs nothing of a file's."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from linter.finding import Location, Report, Severity
from linter.frozen import replace
from linter.reporters import Options, write
from tests.unit.reporters import sample
from tests.unit.reporters.browser import Browser, program

ADDRESS = re.compile(r"""\b(?:src|href|action)=["']?([^"'\s>]+)""")


def html(report: Report, options: Options = Options()) -> str:  # noqa: B008 frozen
    stream = io.StringIO()
    write("html", report, stream, options)
    return stream.getvalue()


class Tags(HTMLParser):
    """Elements and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)


def test_stands_alone() -> None:
    page = html(sample.report())
    addresses = {a for a in ADDRESS.findall(page) if not a.startswith(("#", "$"))}
    assert addresses <= {
        *(url for rule in sample.RULES for url in rule.references),
        *(a for a in addresses if a.startswith("https://")),
    }
    assert "<link" not in page
    assert "@import" not in page
    assert "url(" not in page


def test_policy_names_exactly_the_style_and_the_script() -> None:
    page = html(sample.report())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy.group(1).startswith("default-src 'none'; ")
    for kind, element in (("style", r"<style>(.*?)</style>"), ("script", r"<script>(.*?)</script>")):
        (text,) = re.findall(element, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy.group(1)
    assert "unsafe" not in policy.group(1)
    assert "style=" not in re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)


def test_hostile_text_makes_no_element_and_no_attribute() -> None:
    clean, hostile = Tags(), Tags()
    clean.feed(html(sample.outside()))
    hostile.feed(html(sample.hostile()))
    assert set(hostile.tags) <= set(clean.tags) | {"ul"}
    assert hostile.tags.count("script") == 2
    assert not {name for name in hostile.attributes if name.startswith("on")}


def test_data_block_holds_no_markup() -> None:
    page = html(sample.hostile())
    (data,) = re.findall(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert "<" not in data
    assert json.loads(data)["findings"][0]["rule"] == "privileged-container"


def test_verdict_says_why() -> None:
    assert "Fails at medium and above" in html(sample.report())
    assert "Passes with findings" in html(sample.report(), Options(fail_on="none"))
    assert "Nothing was checked" in html(sample.empty())


def test_standards_accelerators_and_coverage_are_there_without_the_script() -> None:
    page = html(sample.report())
    assert "CIS Kubernetes Benchmark" in page
    assert "nvidia.com/gpu" in page
    assert "over 200 MB" in page
    assert "SEC-12, until the base image changes" in page


def test_what_was_rendered_and_who_else_was_heard_is_told() -> None:
    page = html(sample.outside())
    assert "Judged as what they become: 1 chart, 2 kustomizations." in page
    assert "<td><code>charts/broken</code></td><td>chart not rendered: helm says: no values</td>" in page
    row = "<td>trivy</td><td>0.74.0</td><td>2026-01-02</td>"
    assert f'{row}<td class="num">1</td><td class="num">1</td>' in page
    assert "Other programs" not in html(sample.report())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = program()
    if path is None:
        pytest.skip("no chromium is installed")
    opened = Browser(path)
    yield opened
    opened.close()


def opened(browser: Browser, folder: Path, report: Report, **how: object) -> Path:
    file = folder / "report.html"
    file.write_text(html(report), encoding="utf-8")
    browser.open(file, **how)  # type: ignore[arg-type]
    return file


def many(count: int) -> Report:
    base = sample.findings()[3]
    found = tuple(
        replace(
            base,
            rule=sample.RULES[i % 5].id,
            severity=Severity(i % 5),
            location=Location(f"k8s/{i % 97}.yaml", i + 1, 9, i + 1, 25),
            subject=f"ns/Pod/trainer-{i}#/spec",
        )
        for i in range(count)
    )
    return sample.report(findings=found)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_draws_without_an_error_and_without_sideways_scrolling(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    opened(browser, tmp_path, sample.report(), width=width, scheme=scheme)
    assert browser.console == []
    for tab in ("overview", "findings", "standards", "accelerators", "coverage"):
        browser.run(f"document.querySelector('nav.tabs a[href=\"#{tab}\"]').click()")
        assert browser.run("[...document.querySelectorAll('section.current')].map((s) => s.id).join()") == tab
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("document.documentElement.dataset.theme") == scheme


@pytest.mark.slow
def test_filters_and_searches(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, sample.report(), hash_="#findings")
    shown = "document.querySelector('#shown').textContent"
    assert browser.run(shown) == "4 findings in 4 groups"
    browser.run("document.querySelector('input[value=critical]').click()")
    assert browser.run(shown) == "2 findings in 2 groups"
    browser.run("document.querySelector('#reset').click()")
    browser.run("document.querySelector('#accepted').click()")
    assert browser.run(shown) == "6 findings in 5 groups"
    browser.run(
        "(() => { const s = document.querySelector('#search'); s.value = 'cis-k8s trainer';"
        " s.dispatchEvent(new Event('input')); return new Promise((r) => setTimeout(r, 150)); })()"
    )
    assert browser.run(shown) == "1 finding in 1 group"


@pytest.mark.slow
def test_a_finding_shows_its_evidence_marked(browser: Browser, tmp_path: Path) -> None:
    file = opened(browser, tmp_path, sample.report())
    identity = sample.report().active[2].identity[:16]
    browser.open(file, hash_=f"#f-{identity}")
    browser.run("new Promise((r) => setTimeout(r, 100))")
    detail = f"document.querySelector('#f-{identity} .detail')"
    assert browser.run(f"{detail}.querySelector('mark').textContent") == "privileged: true"
    about = browser.run(f"{detail}.closest('.group').querySelector('.about').textContent")
    assert "A break-out is root on the node." in about
    assert "cis-k8s:5.2.2" in about
    browser.run("document.querySelector('input[value=path]').click()")
    browser.run("document.querySelector('#expand').click()")
    assert "A break-out is root on the node." in browser.run(f"{detail}.textContent")


@pytest.mark.slow
def test_hostile_text_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, sample.hostile(), hash_="#findings")
    browser.run("document.querySelector('#expand').click()")
    assert browser.run("document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert browser.run("document.querySelectorAll('script').length") == 2
    assert browser.run(
        "[...document.querySelectorAll('.detail a')].every((a) => /^(https:|file:)/.test(a.protocol))"
    )
    assert browser.console == []


@pytest.mark.slow
def test_five_thousand_findings_stay_fluent(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, many(5000), hash_="#findings")
    assert browser.run("document.querySelector('#shown').textContent").startswith("5,000 findings")
    assert browser.run("document.querySelectorAll('*').length") < 5000
    filtered = browser.run(
        "(() => { const s = document.querySelector('#search'); s.value = 'trainer-4999';"
        " s.dispatchEvent(new Event('input')); return new Promise((r) => setTimeout(r, 400)); })()"
        ".then(() => document.querySelector('#shown').textContent)"
    )
    assert filtered == "1 finding in 1 group"


@pytest.mark.slow
def test_prints_every_part(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, sample.report())
    assert browser.pdf().startswith(b"%PDF")
    assert browser.run("[...document.querySelectorAll('.finding')].every((f) => f.open)")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for every element with text of its own."""
    opened(browser, tmp_path, sample.report(), scheme=scheme)
    browser.run("document.querySelectorAll('section.panel').forEach((s) => s.classList.add('current'))")
    browser.run("document.querySelector('#expand').click()")
    poor = browser.run(
        """(() => {
        const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return c.startsWith('color(')
            ? [m[0] * 255, m[1] * 255, m[2] * 255, m[3] ?? 1] : [m[0], m[1], m[2], m[3] ?? 1]; };
        const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92
            : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
        const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
        const behind = (n) => { const layers = []; for (let e = n; e; e = e.parentElement)
            layers.push(parse(getComputedStyle(e).backgroundColor));
            return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
        const found = [];
        for (const n of document.querySelectorAll('body *')) {
            if (n.closest('svg, script, noscript') || !n.checkVisibility()) continue;
            if (![...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim())) continue;
            const [a, b] = [light(parse(getComputedStyle(n).color)), light(behind(n))];
            const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (ratio < 4.5) found.push(`${n.tagName}.${n.className} ${ratio} ${n.textContent.slice(0, 30)}`);
        }
        return [...new Set(found)];
    })()"""
    )
    assert poor == []


@pytest.mark.slow
def test_every_control_can_be_reached_and_named(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, sample.report(), hash_="#findings")
    nameless = browser.run(
        "[...document.querySelectorAll('button, select, input, a')].filter((n) => !(n.textContent.trim()"
        " || n.getAttribute('aria-label') || n.closest('label'))).map((n) => n.outerHTML)"
    )
    assert nameless == []
    assert browser.run("['header', 'nav', 'main', 'footer', 'h1'].every((t) => document.querySelector(t))")
    browser.run("document.querySelector('#search').focus()")
    assert browser.run("document.activeElement.id") == "search"
