"""Which accounts the templates of a chart give another standard on OpenShift than that of their namespace.

An SCC names accounts itself, a binding those who have the role of an SCC. Whatever is not plain may be any account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linter.patterns import lazy_regex

ANY = "*"
STANDARD = lazy_regex(r"(?i)securitycontextconstraints|system:openshift:scc:")
_GRANTS = "add-scc-to-"
_DOCUMENTS = lazy_regex(r"(?m)^---[ \t]*(?:#.*)?$")
_ROLE = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(?:Cluster)?Role[\"']?[ \t]*$")
_BINDING = lazy_regex(r"(?m)^kind:[ \t]*[\"']?(?:Cluster)?RoleBinding\b")
_NAMES = lazy_regex(r"(?m)^[ \t-]*name:[ \t]*(.*)$")
_USERS = lazy_regex(r"(?m)^[ \t]*-[ \t]*[\"']?system:serviceaccount:[^\n]*:([^:\s\"'#]+)")
_OF_ALL = lazy_regex(r"system:(?:serviceaccounts|authenticated)\b")
_ACCOUNT = lazy_regex(r"(?m)^[ \t-]*serviceAccount(?:Name)?:[ \t]*(.*)$")
_CONTAINERS = lazy_regex(r"(?m)^[ \t-]*containers:")
_PLAIN = lazy_regex(r"[A-Za-z0-9.:-]+")


def accounts_given(texts: Iterable[str]) -> frozenset[str]:
    """The accounts to which manifests give a standard; `ANY` where it is not known to which."""
    texts = list(texts)
    documents = [one for text in texts for one in _DOCUMENTS.split(text)]
    giving = [one for one in documents if STANDARD.search(one) is not None]
    roles = {name for one in giving if _ROLE.search(one) is not None for name in _names(one)}
    binding = [
        one for one in documents if _BINDING.search(one) is not None and not roles.isdisjoint(_names(one))
    ]
    found = {name for one in (*giving, *binding) for name in (*_names(one), *_USERS.findall(one))}
    unknown = any(_GRANTS in text for text in texts) or any(
        _OF_ALL.search(one) is not None or _NAMES.search(one) is None for one in giving
    )
    return frozenset((ANY,) if unknown or not all(map(_PLAIN.fullmatch, found)) else found)


def has_other_accounts(text: str, given: frozenset[str]) -> bool:
    """Whether each pod of a manifest names an account, and none of these is among those that are given something."""
    accounts = [
        {_value(match) for match in _ACCOUNT.findall(one)}
        for one in _DOCUMENTS.split(text)
        if _CONTAINERS.search(one) is not None
    ]
    named = bool(accounts) and all(accounts) and ANY not in given
    return named and all(_PLAIN.fullmatch(one) and one not in given for found in accounts for one in found)


def _names(document: str) -> Iterator[str]:
    return map(_value, _NAMES.findall(document))


def _value(text: str) -> str:
    return text.partition(" #")[0].strip().strip("\"'")
