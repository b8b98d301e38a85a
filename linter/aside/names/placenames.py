"""What the name of a folder or file says by itself: that nothing in it is shipped, and why."""

from __future__ import annotations

from functools import lru_cache

from linter.patterns import lazy_regex

TESTS = "in tests"
VENDORED = "in other people's code"
WORKPLACE = "in what developers set up for themselves"
ARCHIVED = "in an archive"
BY_HAND = "in jobs that people run by hand"
RENDERED = "in what charts were rendered to"
GENERATED = "in bundles made of other manifests"

_OTHERS = frozenset(
    {
        "vendor",
        "_vendor",
        "vendored",
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "3rd_party",
        "3rd-party",
        "node_modules",
        "bower_components",
        "site-packages",
        ".venv",
        ".helm-charts",  # of kluctl
        "localized-files",  # of `kustomize localize`, with the hosts that they came from below
        "raw.githubusercontent.com",
    }
)
# Words of a name, of which one is enough for the name of a folder to say that nothing in it is shipped
_WORDS = lazy_regex(r"[-_. ]+")
_TEST_WORDS = frozenset(
    {
        "test",
        "tests",
        "testing",
        "testdata",
        "testfiles",
        "testutil",
        "testutils",
        "testsuite",
        "testsuites",
        "apptest",
    }
    | {"fixture", "fixtures", "mock", "mocks", "stub", "stubs", "dummy", "kuttl", "chainsaw", "molecule"}
    | {
        "unittest",
        "unittests",
        "loadtest",
        "loadtests",
        "kubetest",
        "helmtest",
        "helmtests",
        "systemtest",
        "systemtests",
    }
    | {"functionaltest", "functionaltests", "integrationtest", "integrationtests"}
)
# `e2e-rag` is an example from end to end, and `fake-gpu-operator` the name of a product
_TEST_NAMES = frozenset(
    {
        "e2e",
        "conformance",
        "acceptance",
        "fake",
        "fakes",
        "__snapshots__",
        "__snapshot__",
        ".snapshots",
        "gitlab-ci",
        "openshift-ci",
        "ci_scripts",
        "ci-scripts",
        ".ci",
        ".e2e",
    }
)
_E2E = lazy_regex(
    r"(?:.+[-_.])?e2e[-_.](?:data|fixtures?|cases?|suites?|resources?|assets|infra|utils?|manifests|configs?|setup|env|scripts|images?|apps?)|\w[\w.-]*[-_.]e2e"
)
# programs and experiments that are called a test
_NO_TEST = lazy_regex(r"(?<![a-z])(?:ab|a-b|split|speed|pen|web|multivariate)[-_.]?test")
_TEST_FILES = lazy_regex(
    r"dockerfile[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)|(?:.+[-_.])?(?:tests?|e2e)\.dockerfile"
    r"|(?:docker-)?compose[-_.](?:(?:unit|integration|int)[-_.])?(?:tests?|e2e)\.ya?ml|values[-_.]ci\.ya?ml"
)
# `test.yaml`, `test-pod.yaml`, `fake-api.yaml`, `storage_test.tf`: below the top of what is scanned, where one asks
# for all there is; `fake-gpu-operator` is the name of a product, `fake.yaml` alone that of a kind
_TRIED_FILES = lazy_regex(
    r"(?:e2e|tests?(?:pods?|apps?|\d{1,3})?(?:[-_.].+)?)\.ya?ml|.+[-_.](?:e2e|tests?)\.(?:ya?ml|json)|(?:.+_)?test\.tf"
    r"|(?:.+[-_.])?(?:fake(?!-gpu)|mock|stub)[-_.](?!ya?ml\Z).+\.ya?ml|.+[-_.](?:fake|mock|stub|dummy)\.ya?ml"
)
_ARCHIVES = lazy_regex(
    r"[._]?archived?|archived[-_].+|archives|(?:retired|superseded)(?:[-_].*)?|attic|[._]?deprecated|obsolete|graveyard|(?:.*[-_.])?(?:old|bak)|old[-_].+"
    r"|(?:.*\.|_)?(?:unused|unmaintained|disabled)|(?:.*[-_.])?(?:backups?|bkp)(?:[-_.]?\d.*|[-_.]before[-_.].*)"
    r"|(?:.*[-_.])?(?:history|historical|previous|past|older|alpha|beta)[-_.](?:versions?|releases?|charts?)"
)
_ARCHIVED_FILES = lazy_regex(
    r".+[-_.](?:old|bak|unused|orig)\.(?:ya?ml|tf|dockerfile)|dockerfile[-_.](?:old|bak)"
    r"|\..+\.ya?ml"  # hidden, as what is switched off is
)
# clusters on the machine of a developer, and what is started there to look for a fault
_WORKPLACES = frozenset(
    {
        ".devcontainer",
        "dev-env",
        "devenv",
        "hack",
        ".github",
        ".local",
        ".tekton",  # Pipelines as Code: what builds and tests the repository itself
        "kind",
        "minikube",
        "k3d",
        "tilt",
        "debug",
    }
    | {
        "debugging",
        "devbox",
        "devbox-bundled",
        "sandbox-bundled",
        "playground",
        "scratch",
        "tmp",
        "temp",
        "wip",
        "tobeimplemented",
        "to-be-implemented",
    }
    | {"poc", "pocs", "proof-of-concept"}
    | {
        "kubevirtci",
        "cluster-up",
        "cluster-sync",
    }  # the clusters on which KubeVirt's projects test themselves
)
# what assistants for developers keep in a repository: their skills, plans and drafts
_ASSISTANTS = lazy_regex(
    r"\.(?:claude|cursor|codex|gemini|kiro|kilo(?:code)?|agents?|windsurf|opencode|roo|cline|continue|junie|augment)"
)
_WORKPLACE_FILES = lazy_regex(
    r"(?:.+[-_.])?(?:tilt|minikube|kind|k3d|kwok)(?:[-_.].+)?\.(?:ya?ml|dockerfile)|(?:debug|te?mp)(?:[-_.].+)?\.ya?ml|.+[-_.]debug\.ya?ml"
    r"|values[-_.]local\.ya?ml|(?:docker-)?compose[-_.](?:local|dev(?:el|elop(?:ment)?)?)(?:[-_.]override)?\.ya?ml|(?:.+[-_.])?(?:local|dev)[-_]registry(?:[-_.].+)?\.ya?ml|local[-_.]values\.ya?ml|dockerfile[-_.](?:debug|local)|(?:local|debug|\.gitpod)\.dockerfile"
)
_LOCAL_SETUP = lazy_regex(
    r"(?:.+[-_.])?devbox(?:[-_.].+)?|dev[-_](?:resources?|setup|clusters?|scripts?)|dev(?:elopment)?[-_.]local"
    r"|debug[-_](?:server|pod|tools?)"
    r"|local[-_.]?(?:resources?|dev(?:elopment)?|setup|k8s|clusters|stack)"
    r"|[a-z][a-z\d]*[-_](?:kind|minikube|k3d|tilt)|(?:kind|minikube|k3d)[-_][a-z][a-z\d]*"
)
_POINTS_TO_PROVE = lazy_regex(r"pocs?[-_.]?\d[\w.-]*")  # `poc-004-2`: one of several
_MEASURED = lazy_regex(
    r"(?:.+[-_.])?(?:fio|iperf3?|sysbench|stress-ng|(?:io|disk|network|storage|cpu)[-_]bench(?:mark)?s?)(?:[-_.].+)?"
)
# pods that erase disks, before a storage cluster is set up anew
_WIPES = lazy_regex(
    r"(?:wipe|(?:zap|clean(?:up)?)[-_](?:rook|ceph|disks?|osds?)|(?:disks?|osds?)[-_](?:wipe|zap))(?:[-_.].+)?"
)
_WRITTEN = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl")  # behind the ending of what a template writes
_BY_HAND = frozenset({".taskfiles", ".task", ".tools", ".just"})


@lru_cache(maxsize=4096)
def of_folder(name: str) -> str:
    """Why what is in a folder of that name, in small letters, is set aside; empty: the name does not say."""
    if name in _OTHERS:
        return VENDORED
    if (
        name in _WORKPLACES
        or name.startswith("tilt-")
        or _LOCAL_SETUP.fullmatch(name)
        or _POINTS_TO_PROVE.fullmatch(name)
        or _ASSISTANTS.fullmatch(name)
    ):
        return WORKPLACE
    if name in _BY_HAND or _MEASURED.fullmatch(name):
        return BY_HAND
    if _ARCHIVES.fullmatch(name):
        return ARCHIVED
    return TESTS if _is_of_tests(name) else ""


def of_file(name: str) -> str:
    """The same for the name of a file."""
    if _TEST_FILES.fullmatch(name):
        return TESTS
    return WORKPLACE if _WORKPLACE_FILES.fullmatch(name) else ""


def of_file_within(name: str) -> str:
    """The same for the name of a file that is in some folder: at the top of what is scanned one asks for it."""
    if _ARCHIVED_FILES.fullmatch(name):
        return ARCHIVED
    written = next((name.removesuffix(end) for end in _WRITTEN if name.endswith(end)), name)
    stem, _, ending = written.rpartition(".")
    if ending in ("yaml", "yml") and (_MEASURED.fullmatch(stem) or _WIPES.fullmatch(stem)):
        return BY_HAND
    return TESTS if _TRIED_FILES.fullmatch(name) and not _NO_TEST.search(name) else ""


def _is_of_tests(name: str) -> bool:
    if name in _TEST_NAMES or _E2E.fullmatch(name):
        return True
    return not _TEST_WORDS.isdisjoint(_WORDS.split(name)) and not _NO_TEST.search(name)


def stage_in(name: str) -> str:
    """The word of a name that may as well be a stage that is deployed; empty: none."""
    words = _WORDS.split(name)
    return next((word for word in ("test", "testing", "acceptance", "demo") if word in words), "")
