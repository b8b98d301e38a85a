"""Known values replaced wherever a text has them: thousands of values over thousands of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_GRAM = 4  # characters that a value is found by
_FEW = 60  # values that are simply looked for: that costs less than a look at each character of a text


class Replacing:
    """Replaces values by what stands for them, in the order given."""

    def __init__(self, stands: Mapping[str, str]) -> None:
        self._stands = stands
        self._short: list[str] = []
        # those of the same first characters by their lengths
        self._grams: dict[str, dict[int, set[str]]] = {}
        self._order: dict[str, int] = {}
        if len(stands) > _FEW:
            for number, value in enumerate(stands):
                self._order[value] = number
                if len(value) < _GRAM:
                    self._short.append(value)
                else:
                    self._grams.setdefault(value[:_GRAM], {}).setdefault(len(value), set()).add(value)

    def __call__(self, text: str) -> str:
        """The text without the values."""
        for value in self.found(text):
            text = text.replace(value, self._stands[value])
        return text

    def found(self, text: str) -> Sequence[str]:
        """The values that a text has, in the order given."""
        if not self._order:
            return [value for value in self._stands if value in text]
        found = set(self._short)
        grams = self._grams
        for at in range(len(text) - _GRAM + 1):
            lengths = grams.get(text[at : at + _GRAM])
            if lengths is not None:
                found.update(
                    piece for length, values in lengths.items() if (piece := text[at : at + length]) in values
                )
        found.difference_update([value for value in self._short if value not in text])
        return sorted(found, key=self._order.__getitem__)
