"""What fuzzing found, each as small as it still failed: no crash, wherever it stood."""

from __future__ import annotations

import pytest

from linter.recipe import Recipe
from tests.fuzz.__main__ import scanned
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS

FOUND = {
    "ignore comments without FROM": ("Dockerfile", "RUN x\n# tarecheck: ignore[root-user]\n"),
    "leftovers that are not known": (
        "Dockerfile",
        "FROM a\nRUN apt-get install -y $(x\nRUN apt-get update && ${X\n",
    ),
    "an admin port before FROM": ("Dockerfile", "EXPOSE 8888\nCMD jupyter notebook\nFROM a\nEXPOSE 8888\n"),
    "a text where a container is meant": (
        "x.yaml",
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: e}\n"
        "spec:\n  predictor:\n    containers:\n      - nam",
    ),
    "a host port of a container port that is filled in later": (
        "x.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: e}\nspec:\n  containers:\n    - name: a\n      image: b\n"
        "      ports:\n        - containerPort: {{ .Values.port }}\n          hostPort: 80\n",
    ),
    "a Service of another group": (
        "x.yaml",
        "apiVersion: x.example.org/v1\nkind: Service\nmetadata: {name: e}\nspec: {a: b}\n",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    recipe = Recipe(isolated=True, settings={"profile": "strict"})
    report = scanned(*FOUND[name], recipe.prepare(), recipe)
    assert [d.message for d in report.diagnostics if d.internal] == []


def test_the_fuzzer_changes_texts_the_same_way_for_a_seed() -> None:
    import random

    text = "FROM a\nRUN b\n" * 20
    first = mutated(text, [text], random.Random(1))
    assert first == mutated(text, [text], random.Random(1))
    assert first != text


SEEN_BY_TARGETS = {
    "a port of what comes before FROM": ("dockerfile", "EXPOSE 8888\n"),
    "an error at the very end": ("hcl", " until="),
    "a template without metadata": (
        "kubernetes",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec: {containers: []}\n",
    ),
}


@pytest.mark.parametrize("name", SEEN_BY_TARGETS)
def test_found_by_a_target(name: str) -> None:
    target, text = SEEN_BY_TARGETS[name]
    TARGETS[target](text)
