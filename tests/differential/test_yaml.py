"""Our YAML values against PyYAML's SafeLoader. `MEANT` is every difference that there may be."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linter.formats.yamltree import parse_documents
from linter.text import SourceText

# Why, which plain scalars, examples as (text, ours, PyYAML's). Ours are what sigs.k8s.io/yaml gives Kubernetes.
MEANT: tuple[tuple[str, str, tuple[tuple[str, Any, Any], ...]], ...] = (
    ("one letter is a boolean", r"[yYnN]", (("y", True, "y"), ("N", False, "N"))),
    ("no base 60", r"[-+]?[\d_]+(:[0-5]?\d)+(\.[\d_]*)?", (("1:30", "1:30", 90), ("1:30.5", "1:30.5", 90.5))),
    (
        "a date is a text",
        r"\d{4}-\d\d?-\d\d?.*",
        (("2027-01-31", "2027-01-31", yaml.safe_load("2027-01-31")),),
    ),
    ("an octal number with its letter", r"[-+]?_*0_*[oO][0-7_]+", (("0o17", 15, "0o17"),)),
    (
        "an exponent without a point or a sign",
        r"[-+]?[\d_]*\.?[\d_]*[eE][-+]?[\d_]+",
        (("1e3", 1000.0, "1e3"), ("1.5e3", 1500.0, "1.5e3")),
    ),
    (
        "no octal digit after a zero",
        r"[-+]?_*0[\d_]*[89][\d_]*",
        (("08", 8.0, "08"), ("-019", -19.0, "-019")),
    ),
    ("a sign before a point", r"[-+]_*\.[\d_]+", (("-.5", -0.5, "-.5"),)),
    ("no underscores after a point in front", r"\.[\d_]+", ((".1_0", ".1_0", 0.1),)),
    ("underscores anywhere else", r"[-+]_[\d_.]+|0_+[xXbB].*", (("-_3", -3, "-_3"), ("0_x1f", 31, "0_x1f"))),
    ("a capital X or B", r"[-+]?0_*[XB][0-9a-fA-F_]+", (("0X1f", 31, "0X1f"), ("0B1", 1, "0B1"))),
)
REFUSED = ("=", "<<", "0x_", "0b_")  # PyYAML raises for these as values; to us they are texts
_MEANT = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in MEANT))


def ours(text: str) -> Any:
    (document,) = parse_documents(SourceText("x.yaml", text)).documents
    return document.plain()


def same(left: Any, right: Any) -> bool:
    """Equal in value and type, not-a-number included."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    return type(left) is type(right) and left == right


@pytest.mark.parametrize(
    ("text", "our", "their", "pattern"),
    [(*example, pattern) for _, pattern, examples in MEANT for example in examples],
)
def test_a_difference_that_is_meant(text: str, our: Any, their: Any, pattern: str) -> None:
    assert same(ours(f"k: {text}")["k"], our)
    assert same(yaml.safe_load(text), their)
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_only_pyyaml_refuses(text: str) -> None:
    assert ours(f"k: {text}") == {"k": text}
    with pytest.raises((yaml.YAMLError, ValueError)):
        yaml.safe_load(f"- {text}")


def test_keys_are_texts() -> None:
    """JSON has no others, and Kubernetes reads YAML by way of JSON."""
    text = "7: a\ntrue: b\nnull: c\n"
    assert list(ours(text)) == ["7", "true", "null"]
    assert list(yaml.safe_load(text)) == [7, True, None]


WORDS = st.one_of(
    st.text("0123456789_.+-eExXoObBaf:", min_size=1, max_size=8),
    st.sampled_from(
        ["yes", "No", "ON", "off", "true", "FALSE", "~", "null", "Null", ".inf", "-.INF", ".NaN", "+.Inf", "",
         "tRue", "nULL", ".nAn", "inf", "0b101", "0x1F", "-0b1", "017", "1_000", "1.5e+3", "685_230.15", "-0", "00"]
    ),
)  # fmt: skip


def known_to_pyyaml(text: str) -> Any:
    """What PyYAML makes of a text; a text that it refuses is passed over."""
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        assume(False)


@settings(max_examples=1000)
@given(WORDS)
def test_plain_scalars(word: str) -> None:
    their = known_to_pyyaml(f"k: {word}\n")
    assume(isinstance(their, dict))
    our = ours(f"k: {word}\n")
    assert same(our, their) or _MEANT.fullmatch(word), (our, their)


# Structure: whatever indents, quotes, folds, refers. Scalars are those that both read alike.
_SCALARS = st.sampled_from(
    ["1", "-7", "0x1f", "1.5", "true", "off", "null", "~", "", "plain words", "a:b", "a#b", "'it''s'", "'1'",
     '"tab\\t\\u00e9\\x41\\n"', '"a \\\n   b"', "'a\n\n   b'", "two\n   lines", "!!str 1", '!!int "3"', "!!float 1.5",
     "!!bool yes", "!!null ''", "! 12", "|\n    a\n     b\n\n    c", ">-\n    a\n    b\n\n     c\n    d",
     "|+\n    a\n\n",
     "|2-\n    a\n   b", "[a, 'b', 1, {c: d}]", "{a: [1, 2], b: , 'c': ~}", "[]", "{}", "&x 5", "*s", "*m",
     "&l [1, *s]"]
)  # fmt: skip
_KEYS = st.sampled_from(["a", "b", "'c d'", '"e\\tf"', "g h", "? i\n", "k"])
_COMMENTS = st.sampled_from(["", " # comment", "   #x: y"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    rows = ["s: &s word", "m: &m {a: 1, z: {q: [2]}}"]
    for _ in range(draw(st.integers(1, 6))):
        key, value = draw(_KEYS), draw(_SCALARS)
        one_line = "\n" not in value and value[:1] not in ("|", ">")
        comment = draw(_COMMENTS) if one_line else ""
        match draw(st.integers(0, 4)):
            case 0:
                rows.append(f"? {key}\n: {value}{comment}" if not key.startswith("?") else f"{key}: {value}")
            case 1:
                rows.append(f"n{len(rows)}:\n  - {value}{comment}\n  -\n    - x\n    - {value}")
            case 2:
                rows.append(f"n{len(rows)}:\n  <<: *m\n  z: {value}{comment}")
            case 3:
                rows.append(f"n{len(rows)}:\n  <<: [{{z: 9, y: 8}}, *m]\n  y2: {value}")
            case _:
                rows.append(f"n{len(rows)}: {value}{comment}")
    return "\n".join(rows) + draw(st.sampled_from(["", "\n", "\n...\n", "\n# end"]))


@settings(max_examples=400)
@given(documents())
def test_structure(text: str) -> None:
    their = known_to_pyyaml(text)
    our = ours(text)
    assert same(sorted_by_key(our), sorted_by_key(their))


def sorted_by_key(value: Any) -> Any:
    """PyYAML puts merged keys first, we put them last: the order of keys means nothing."""
    if isinstance(value, dict):
        return {key: sorted_by_key(value[key]) for key in sorted(value)}
    return [sorted_by_key(item) for item in value] if isinstance(value, list) else value
