"""Clusters whose API server enforces a Pod Security Standard on each namespace without a label, as Talos sets them up.

That is no default of the server: `talosctl gen config`, talhelper and the provider for Terraform write it into the
configuration of the machines. So talhelper's `talconfig.yaml` tells it, or a `data "talos_machine_configuration"`, or
the module for Hetzner's cloud that has one, unless a patch may take it out again, and so does a configuration that has
it. One that somebody wrote without it enforces nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache

from linter.aside.leads.namings import Namings
from linter.aside.stamps import changed
from linter.givenfiles import start_of
from linter.patterns import lazy_bytes_regex, lazy_regex

TALOS = "where Talos enforces a Pod Security Standard on each namespace"
_WRITTEN = "written"
_MANY = 500_000  # bytes of a file that are looked at
_MOST = 300  # files of a project
_OF_TERRAFORM = ("terraform", "tofu", "opentofu")
# where it lies beside what is deployed, or above that
_FOLDERS = (
    "",
    "talos",
    "kubernetes/talos",
    "infrastructure/talos",
    "infra/talos",
    "iac/talos",
    "bootstrap/talos",
    "kubernetes/bootstrap/talos",
    *(
        f"{above}{name}{below}"
        for above in ("", "infrastructure/", "infra/", "iac/")
        for name in _OF_TERRAFORM
        for below in ("/talos", "")
    ),
)
_TALHELPER = ("talconfig.yaml", "talconfig.yml")
_COMMENT = lazy_bytes_regex(rb"(?m)(?:^|[ \t])#.*$")
_MACHINE = lazy_bytes_regex(rb"(?m)^(?:machine|cluster):[ \t]*\r?$")
_ADMISSION = lazy_bytes_regex(rb"(?i)admission[-_]?control|PodSecurity(?!Policy)")
_ENFORCED = lazy_bytes_regex(rb"\benforce[\"']?[ \t]*[:=] *[\"']?(?:baseline|restricted)\b")
_TAKEN_OUT = lazy_bytes_regex(
    rb"\$patch[\"']?[ \t]*[:=] *[\"']?delete|\bop[\"']?[ \t]*[:=] *[\"']?remove"
    rb"|admissionControl[\"']?[ \t]*[:=] *(?:\[\]|null|~)"
    rb"|\benforce[\"']?[ \t]*[:=] *[\"']?privileged|\bdisablePodSecurity\b"
)
_GENERATED = lazy_bytes_regex(rb"(?m)^data[ \t]+\"talos_machine_configuration\"")
# the same in steps, and there also what may take it out again, and clusters that are set up some other way
_GENERATES = lazy_regex(
    r"(?m)\btalosctl\b[^\n]{0,200}\bgen(?:erate)?[ \t]+config\b|^data[ \t]+\"talos_machine_configuration\""
)
_PATCHES_GIVEN = lazy_regex(r"\bvar\.\w*(?:patch|machine_config)|\bdata\.http\.")
_ADMITS = lazy_regex(r"admissionControl|PodSecurityConfiguration|disablePodSecurity")
_OTHERS = lazy_regex(
    r"\b(?:k3s|k3d|rke2|k0s|kubeadm|kubespray|minikube|microk8s|kind create cluster|eksctl|aws_eks_cluster"
    r"|google_container_cluster|azurerm_kubernetes_cluster|digitalocean_kubernetes_cluster)\b"
)
# calls of a module that has one, and does no more with it than its callers' patches say
_CALL = lazy_bytes_regex(rb"(?m)^module[ \t]+\"[^\"\n]{1,200}\"[ \t]*\{[ \t]*\r?\n(?:(?!\}).*\n)*")
_MODULE = lazy_bytes_regex(
    rb"(?m)^[ \t]+source[ \t]*=[ \t]*\"(?:(?:registry\.(?:terraform\.io|opentofu\.org)/)?hcloud-talos/talos/hcloud"
    rb"|(?:git::)?(?:https://)?github\.com/hcloud-talos/terraform-hcloud-talos(?:\.git)?(?:\?ref=[\w.-]+)?)\""
)
# patches that are not in the folder: `config_patches = var.patches`, `file("../admission.yaml")`
_GIVEN = lazy_bytes_regex(
    rb"\bvar\.\w*(?:patch|machine_config)\w*|\bpath\.(?:root|cwd)\b|\bdata\.http\."
    rb"|\b(?:file|templatefile|fileset)\([ \t\r\n]*\"(?:\$\{path\.module\}/)?(?:\.\./|/)"
)
_ELSEWHERE = lazy_bytes_regex(rb"@([\w./-]+)")  # a patch that is a file: `"@./patches/admission.yaml"`


def is_of_talos(above: str, relative: str, namings: Namings) -> bool:
    """Whether what is nearest to a file below `above` and sets up a cluster of Talos has a standard enforced; else
    whether all clusters of the project are set up so."""
    folders = relative.split(os.sep)[:-1]
    for depth in range(len(folders), -1, -1):
        place = os.path.join(above, *folders[:depth])
        for name in _FOLDERS:
            folder = os.path.join(place, *name.split("/")) if name else place
            since = changed(folder)
            found = _enforces(folder, since) if since else None
            if found is _WRITTEN:  # steps may have the rest of it made
                return namings.once(_is_generated)
            if found is not None:
                return found is True
    return namings.once(_is_generated)


def _is_generated(namings: Namings) -> bool:
    """Whether steps or a configuration of Terraform, wherever they lie, have the configuration of machines made,
    nothing changes what is admitted, and nothing speaks of clusters of another kind."""
    texts = [text for text in namings.texts if not text.document]
    making = [text for text in texts if _GENERATES.search(text.text)]
    if not making or not namings.is_whole or any(_PATCHES_GIVEN.search(text.text) for text in making):
        return False
    return not any(_ADMITS.search(text.text) or _OTHERS.search(text.text) for text in texts)


@lru_cache(maxsize=256)
def _enforces(folder: str, since: int) -> bool | str | None:
    """Whether the configuration in a folder has a standard enforced; `_WRITTEN`: somebody wrote it and it says nothing
    of that; None: it is none of Talos. `since`: when the folder was changed."""
    talhelper = next((name for name in _TALHELPER if os.path.isfile(os.path.join(folder, name))), "")
    terraform = [] if talhelper else _terraform(folder)
    own = any(_GENERATED.search(text) is not None for text in terraform)
    calls = [found[0] for text in terraform for found in _CALL.finditer(text) if _MODULE.search(found[0])]
    generates = own or bool(calls)
    if not talhelper and not generates and os.path.basename(folder) != "talos":
        return None
    patched = own or any(b"patch" in call for call in calls)
    if patched and any(_GIVEN.search(text) is not None for text in terraform):
        return False
    talhelper = talhelper or _below(folder)  # of one cluster of several: `talos/main/talconfig.yaml`
    texts = [
        _COMMENT.sub(b"", text) for text in (*_texts(folder, talhelper), *(terraform if generates else ()))
    ]
    told = [text for text in texts if _ADMISSION.search(text) is not None]
    if not all(texts) or any(_TAKEN_OUT.search(text) is not None for text in told):
        return False
    if told:  # without the standard it is not plain what it does
        return any(_ENFORCED.search(text) is not None for text in told)
    if talhelper or generates:
        return True
    return _WRITTEN if any(_MACHINE.search(text) is not None for text in texts) else None


def _terraform(folder: str) -> list[bytes]:
    """The configuration of Terraform in a folder."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((".tf", ".tofu")))[:_MOST]
    except OSError:
        return []
    texts = (start_of(os.path.join(folder, name), _MANY) for name in names)
    return [_COMMENT.sub(b"", text) for text in texts if text]


def _below(folder: str) -> str:
    """The first of talhelper's files in a folder below; empty: there is none."""
    try:
        names = sorted(os.listdir(folder))[:_MOST]
    except OSError:
        return ""
    places = (os.path.join(name, file) for name in names for file in _TALHELPER)
    return next((place for place in places if os.path.isfile(os.path.join(folder, place))), "")


def _texts(folder: str, talhelper: str) -> Iterator[bytes]:
    """What the files say that a project of Talos has, and those elsewhere that talhelper reads; of a file that can't be
    read nothing."""
    paths: list[str] = []
    for place, names, files in os.walk(folder):
        names.sort()
        paths += [
            os.path.join(place, name) for name in sorted(files) if ".y" in name or name.endswith(".json")
        ]
        if len(paths) >= _MOST:
            break
    if talhelper:
        text = start_of(os.path.join(folder, talhelper), _MANY)
        paths += [os.path.join(folder, match[1].decode()) for match in _ELSEWHERE.finditer(text)]
    for path in dict.fromkeys(os.path.normpath(path) for path in paths):
        yield start_of(path, _MANY)
