"""What findings quote of a file that keeps something secret."""

from linter.ruleset.place import Excerpts
from linter.text import SourceText

TEXT = """\
stringData:
  user: postgres
  url: postgres://postgres-primary
containers:
  - name: postgres
    image: postgres:17
    env: [{name: A, value: postgres}]
"""


def test_a_word_is_hidden_where_it_is_a_value() -> None:
    excerpts = Excerpts(SourceText("a.yaml", TEXT), {"postgres"})
    lines = excerpts.quote(0, len(TEXT)).splitlines()
    assert lines[1] == "  user: ****[sensitive]"
    assert lines[4:6] == ["  - name: postgres", "    image: postgres:17"]
    assert "value: ****[sensitive]" in lines[6]
    assert excerpts.mask("Container 'postgres' has no limit.") == "Container 'postgres' has no limit."


def test_anything_else_is_hidden_everywhere() -> None:
    secret = "kq7" + "Zt4-p9"
    excerpts = Excerpts(SourceText("a.yaml", f"name: {secret}\n"), {secret})
    assert secret not in excerpts.quote(0, 20)
    assert secret not in excerpts.mask(f"Container '{secret}'")
