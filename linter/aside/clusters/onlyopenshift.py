"""Projects that deploy to OpenShift alone, which gives the containers of each namespace a user of its own.

They have objects that no other cluster knows in several files, and Ingresses in none; they say `oc apply` more than
`kubectl apply`, and speak of no other kind of cluster. A container has the user of its namespace unless something in
the project gives its account another standard: by a binding, by an SCC, or by `oc adm policy`.
"""

from __future__ import annotations

from collections.abc import Iterator

from linter.aside.leads.namings import Namings
from linter.aside.leads.projecttexts import Text
from linter.frozen import dataclass
from linter.patterns import lazy_regex

_LEAST = 3  # files with objects of OpenShift
_ONLY_THERE = lazy_regex(
    r"(?m)^(?:- +| +)?apiVersion: *[\"']?"
    r"(?:route|apps|image|build|template|project|security|operator|config)\.openshift\.io/"
)
_OPTIONAL = lazy_regex(
    r"(?i)\{\{[^{}\n]*(?:openshift|\bocp|platform|capabilities|distribution|cluster)[^{}\n]*\}\}"
)
_INGRESS = lazy_regex(r"(?m)^(?:- +| +)?kind: *[\"']?Ingress\b")
_OTHERS = lazy_regex(
    r"(?i)\b(?:minikube|k3[sd]|kind create cluster|talos|eks|eksctl|gke|aks|microk8s|rke2|kubeadm)\b"
)
_VERB = r"(?:apply|create|get|patch|delete|wait|replace|rollout)\b"
# `oc-login@v1` is the step of a workflow after which `kubectl` asks that cluster
_OC = lazy_regex(rf"(?<![\w./-])oc (?:-n \S+ )?(?:{_VERB}|login|adm|new-project|process)|/oc-login@")
_KUBECTL = lazy_regex(rf"(?<![\w./-])kubectl (?:-n \S+ )?{_VERB}")
_STANDARD = lazy_regex(r"(?i)securitycontextconstraints|system:openshift:scc:")
_GRANTS = lazy_regex(r"add-scc-to-(user|group)\b([^\n]*)")
_NAMES = lazy_regex(
    r"(?m)^[ \t-]*name:[ \t]*[\"']?([\w.{$<-]+)|system:serviceaccount:[\w.${}-]+:([\w.${}-]+)"
)
_OF_ALL = lazy_regex(r"system:(?:serviceaccounts|authenticated)\b")
_ACCOUNT = lazy_regex(r"(?m)^[ \t-]*serviceAccount(?:Name)?:[ \t]*[\"']?([^\s\"'#]*)")
_WITHOUT_ONE = "default"  # the account of pods that name none
_OF_COMMAND = lazy_regex(r"(?:-z|--serviceaccount)[ =]([\w.-]+)|system:serviceaccount:[^\s:]+:([\w.-]+)")
_ANY = "*"


@dataclass(frozen=True, slots=True)
class _Project:
    """Whether it deploys to OpenShift alone, and the accounts that something gives another standard there."""

    only: bool
    given: frozenset[str] = frozenset()


def is_only_of_openshift(path: str, namings: Namings, *, users: bool) -> bool:
    """Whether a file of a project, by its path with slashes, is for OpenShift alone.

    `users`: and its pods have users of their namespace there, as nothing gives their accounts others.
    """
    project = namings.once(_project)
    if not project.only or not users:
        return project.only
    if _ANY in project.given:
        return False
    text = namings.by_path.get(path)
    if text is None:
        return False
    accounts = {match[1] for match in _ACCOUNT.finditer(text.text)} or {_WITHOUT_ONE}
    unknown = any(not account.replace("-", "").replace(".", "").isalnum() for account in accounts)
    return not (unknown and project.given) and not accounts & project.given


def _project(namings: Namings) -> _Project:
    texts = namings.texts
    theirs = sum("openshift.io/" in text.text and _is_theirs(text) for text in texts if text.yaml)
    if theirs < _LEAST or not namings.is_whole:
        return _Project(only=False)
    if any(_OTHERS.search(text.text) or (text.yaml and _INGRESS.search(text.text)) for text in texts):
        return _Project(only=False)
    commands = sum(_OC.search(text.text) is not None for text in texts)
    if commands <= sum(_KUBECTL.search(text.text) is not None for text in texts):
        return _Project(only=False)
    return _Project(only=True, given=frozenset(name for text in texts for name in _given(text)))


def _is_theirs(text: Text) -> bool:
    # a chart's may be made on request: for OpenShift, and not elsewhere
    return _ONLY_THERE.search(text.text) is not None and _OPTIONAL.search(text.text) is None


def _given(text: Text) -> Iterator[str]:
    """The accounts to which a text gives another standard."""
    if text.yaml and _STANDARD.search(text.text):
        yield from (match[1] or match[2] for match in _NAMES.finditer(text.text))
        if _OF_ALL.search(text.text):
            yield _ANY
    for kind, rest in _GRANTS.findall(text.text) if "add-scc-to-" in text.text else ():
        accounts = [one or other for one, other in _OF_COMMAND.findall(rest)]
        yield from accounts if accounts and kind == "user" else (_ANY,)
