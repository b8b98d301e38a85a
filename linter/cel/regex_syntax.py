"""RE2's pattern syntax to a tree.

No backreferences and no look-around: RE2 has none, because they can't be matched in linear time.
"""

from __future__ import annotations

import re

from linter.cel.errors import PatternError
from linter.cel.regex_tree import (
    NO_NEWLINE,
    TOP,
    Assertion,
    Chars,
    Choice,
    Ranges,
    Repeat,
    Sequence,
    Tree,
    folded,
    inverted,
    normalized,
)

MAX_REPEAT = 1000
MAX_NESTING = 50


def _letters(*pairs: str) -> Ranges:
    return normalized([(ord(pair[0]), ord(pair[-1])) for pair in pairs])


_DIGIT = _letters("09")
_WORD = _letters("09", "AZ", "_", "az")
_SPACE = _letters("\t\n", "\f\r", " ")
_CLASSES: dict[str, Ranges] = {
    "d": _DIGIT, "w": _WORD, "s": _SPACE, "D": inverted(_DIGIT), "W": inverted(_WORD), "S": inverted(_SPACE),
}  # fmt: skip
_POSIX: dict[str, Ranges] = {
    "alnum": _letters("09", "AZ", "az"), "alpha": _letters("AZ", "az"), "ascii": ((0, 127),),
    "blank": _letters("\t", " "), "cntrl": ((0, 31), (127, 127)), "digit": _DIGIT, "graph": ((33, 126),),
    "lower": _letters("az"),
    "print": ((32, 126),), "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": _letters("\t\r", " "),
    "upper": _letters("AZ"), "word": _WORD, "xdigit": _letters("09", "AF", "af"),
}  # fmt: skip
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_ASSERTIONS = {"A": "begin", "z": "end", "b": "word", "B": "not_word"}


def parse(pattern: str) -> Tree:
    """The tree of a pattern. Raises PatternError."""
    parser = _Parser(pattern)
    tree = parser.choice(frozenset())
    if parser.position < len(pattern):
        raise PatternError("an unmatched )", parser.position)
    return tree


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.nesting = 0

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def choice(self, flags: frozenset[str]) -> Tree:
        """Alternatives up to a closing parenthesis or the end."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise PatternError("groups are nested too deep", self.position)
        branches: list[Tree] = []
        while True:
            branch, flags = self.sequence(flags)
            branches.append(branch)
            if not self.accept("|"):
                break
        self.nesting -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self, flags: frozenset[str]) -> tuple[Tree, frozenset[str]]:
        items: list[Tree] = []
        while (character := self.peek()) and character not in "|)":
            if self.accept("\\Q"):
                end = self.pattern.find("\\E", self.position)
                end = len(self.pattern) if end < 0 else end
                items += [_literal(char, flags) for char in self.pattern[self.position : end]]
                self.position = min(end + 2, len(self.pattern))
                continue
            if character == "(" and (changed := self.flags_only(flags)) is not None:
                flags = changed
                continue
            items.append(self.quantified(self.atom(flags)))
        return (items[0] if len(items) == 1 else Sequence(tuple(items))), flags

    def flags_only(self, flags: frozenset[str]) -> frozenset[str] | None:
        """`(?i)`: flags for the rest of the group."""
        match = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)").match(self.pattern, self.position)
        if match is None:
            return None
        changed = self.changed_flags(flags, match[1], match[2] or "")
        self.position = match.end()
        return changed

    def changed_flags(self, flags: frozenset[str], on: str, off: str) -> frozenset[str]:
        unknown = set(on + off) - set("ims")
        if unknown or not on + off:
            raise PatternError(
                f"unknown flag {''.join(sorted(unknown))!r}; there are i, m and s", self.position
            )
        return (flags | set(on)) - set(off)

    def atom(self, flags: frozenset[str]) -> Tree:
        start = self.position
        character = self.pattern[start]
        self.position += 1
        match character:
            case "(":
                return self.group(flags, start)
            case "[":
                return self.char_class(flags, start)
            case ".":
                return Chars(((0, TOP),) if "s" in flags else NO_NEWLINE)
            case "^":
                return Assertion("line_begin" if "m" in flags else "begin")
            case "$":
                return Assertion("line_end" if "m" in flags else "end")
            case "\\":
                return self.escape(flags, start)
            case "*" | "+" | "?":
                raise PatternError(f"nothing to repeat before {character}", start)
        return _literal(character, flags)

    def group(self, flags: frozenset[str], start: int) -> Tree:
        if self.accept("?"):
            rest = self.pattern[self.position :]
            if rest.startswith(("=", "!", "<=", "<!")):
                raise PatternError("RE2 patterns have no look-ahead and no look-behind", start)
            if match := re.match(r"P?<([A-Za-z_][A-Za-z0-9_]*)>", rest):
                self.position += match.end()
            elif match := re.match(r"([a-zA-Z]*)(?:-([a-zA-Z]+))?:", rest):
                if match[1] or match[2]:
                    flags = self.changed_flags(flags, match[1], match[2] or "")
                self.position += match.end()
            else:
                raise PatternError("a group of a kind that RE2 does not have", start)
        inner = self.choice(flags)
        if not self.accept(")"):
            raise PatternError("a group that is not closed", start)
        return inner

    def quantified(self, item: Tree) -> Tree:
        start = self.position
        bounds = self.bounds()
        if bounds is None:
            return item
        low, high = bounds
        if low > MAX_REPEAT or (high or 0) > MAX_REPEAT:
            raise PatternError(f"a repetition over {MAX_REPEAT}", start)
        if high is not None and high < low:
            raise PatternError("a repetition whose bounds are the wrong way round", start)
        self.accept("?")  # lazy or not is the same question when only a match is asked for
        if self.bounds() is not None:
            raise PatternError("a repetition of a repetition", start)
        return Repeat(item, low, high)

    def bounds(self) -> tuple[int, int | None] | None:
        for sign, pair in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.accept(sign):
                return pair
        match = re.compile(r"\{(\d{1,6})(,(\d{0,6}))?\}", re.ASCII).match(self.pattern, self.position)
        if match is None:
            return None
        self.position = match.end()
        low = int(match[1])
        if match[2] is None:
            return low, low
        return low, int(match[3]) if match[3] else None

    def escape(self, flags: frozenset[str], start: int) -> Tree:
        letter = self.peek()
        if letter in _ASSERTIONS and letter:
            self.position += 1
            return Assertion(_ASSERTIONS[letter])
        if letter in _CLASSES and letter:
            self.position += 1
            return Chars(_CLASSES[letter])
        return _literal(chr(self.code(start)), flags)

    def code(self, start: int) -> int:
        """The character of an escape whose backslash is at `start`."""
        letter = self.peek()
        self.position += 1
        if letter in _CONTROLS and letter:
            return _CONTROLS[letter]
        if letter == "x":
            match = re.compile(r"([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\}").match(self.pattern, self.position)
            if match is None or int(match[1] or match[2], 16) > TOP:
                raise PatternError(r"\x wants two hexadecimal digits, or {…}", start)
            self.position = match.end()
            return int(match[1] or match[2], 16)
        if letter == "0":
            match = re.compile(r"[0-7]{0,2}").match(self.pattern, self.position)
            assert match is not None
            self.position = match.end()
            return int("0" + match[0], 8)
        if letter and letter in "123456789":
            raise PatternError("RE2 patterns have no backreferences", start)
        if not letter or letter.isalnum():
            hint = "; the end of the text is \\z" if letter == "Z" else ""
            raise PatternError(f"there is no escape \\{letter}{hint}", start)
        return ord(letter)

    def char_class(self, flags: frozenset[str], start: int) -> Tree:
        negated = self.accept("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                raise PatternError("a [ that is not closed", start)
            first = False
            if (named := self.named_class()) is not None:
                ranges += named
                continue
            low = self.class_char()
            high = low
            if self.peek() == "-" and self.pattern[self.position + 1 : self.position + 2] not in ("]", ""):
                self.position += 1
                high = self.class_char()
            if high < low:
                raise PatternError("a range that runs backwards", start)
            ranges.append((low, high))
        self.position += 1
        found = normalized(ranges)
        if "i" in flags:
            found = folded(found)
        return Chars(inverted(found) if negated else found, "i" in flags and not negated)

    def named_class(self) -> Ranges | None:
        match = re.compile(r"\[:(\^?)(\w+):\]").match(self.pattern, self.position)
        if match:
            if match[2] not in _POSIX:
                raise PatternError(f"no class [:{match[2]}:]", self.position)
            self.position = match.end()
            return inverted(_POSIX[match[2]]) if match[1] else _POSIX[match[2]]
        letter = self.pattern[self.position + 1 : self.position + 2]
        if self.peek() == "\\" and letter and letter in _CLASSES:
            self.position += 2
            return _CLASSES[letter]
        return None

    def class_char(self) -> int:
        start = self.position
        self.position += 1
        if self.pattern[start] == "\\":
            return self.code(start)
        return ord(self.pattern[start])


def _literal(character: str, flags: frozenset[str]) -> Chars:
    code = ord(character)
    return Chars(((code, code),), "i" in flags and character.lower() != character.upper())
