"""Objects that others of the scan complete: judged together, each finding on the line that sets the value."""

from __future__ import annotations

from pathlib import Path

import pytest

from linter.finding import Finding, Report
from linter.recipe import Recipe
from linter.scan import Request, scan
from linter.unit import Input

RUNTIME = """\
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata:
  name: engine
spec:
  supportedModelFormats:
    - name: vLLM
  containers:
    - name: kserve-container
      image: vllm/vllm-openai:v0.14.0
      args:
        - --port=8080
        - --served-model-name={{.Name}}
      env:
        - name: HF_HOME
          value: /tmp/hf
"""
SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: chat
spec:
  predictor:
    model:
      modelFormat: {name: vLLM}
      runtime: engine
      args:
        - --tensor-parallel-size=4
      resources:
        limits: {nvidia.com/gpu: 2, cpu: 8, memory: 64Gi}
"""
TRAINING_RUNTIME = """\
apiVersion: trainer.kubeflow.org/v1alpha1
kind: ClusterTrainingRuntime
metadata:
  name: torch
spec:
  mlPolicy:
    numNodes: 1
    torch: {}
  template:
    spec:
      replicatedJobs:
        - name: node
          template:
            metadata:
              labels: {trainer.kubeflow.org/trainjob-ancestor-step: trainer}
            spec:
              template:
                spec:
                  containers:
                    - name: node
                      image: pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime
                      command: [torchrun, --nproc-per-node=8, train.py]
"""
TRAIN_JOB = """\
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata:
  name: tune
spec:
  runtimeRef: {name: torch}
  trainer:
    numNodes: 2
    resourcesPerNode:
      limits: {nvidia.com/gpu: 4, cpu: 8, memory: 64Gi}
"""


def scanned(root: Path, **files: str) -> Report:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan(Request(paths=(root,), recipe=Recipe(paths=(str(root),), isolated=True), cwd=root))


def found(report: Report, rule: str) -> list[Finding]:
    return [finding for finding in report.active if finding.rule == rule]


def test_service_and_runtime_are_judged_together(tmp_path: Path) -> None:
    (finding,) = found(scanned(tmp_path, service=SERVICE, runtime=RUNTIME), "tp-gpu-mismatch")
    assert (finding.location.path, finding.location.line) == ("service.yaml", 11)
    assert [related.location.path for related in finding.related] == ["runtime.yaml"]


def test_a_service_alone_says_nothing_of_what_its_runtime_has(tmp_path: Path) -> None:
    assert not found(scanned(tmp_path, service=SERVICE), "tp-gpu-mismatch")


def test_finding_on_the_runtime_when_it_sets_the_value(tmp_path: Path) -> None:
    runtime = RUNTIME.replace("--port=8080", "--tensor-parallel-size=4")
    service = SERVICE.replace("        - --tensor-parallel-size=4\n", "        - --max-model-len=4096\n")
    (finding,) = found(scanned(tmp_path, service=service, runtime=runtime), "tp-gpu-mismatch")
    assert (finding.location.path, finding.location.line) == ("runtime.yaml", 12)
    assert finding.subject.startswith("InferenceService/chat#")


def test_what_the_service_adds_refutes_a_finding_about_the_runtime_alone(tmp_path: Path) -> None:
    runtime = RUNTIME + "      resources:\n        limits: {nvidia.com/gpu: 1}\n"
    assert found(scanned(tmp_path / "alone", runtime=runtime), "gpu-cpu-memory-missing")
    service = SERVICE.replace("nvidia.com/gpu: 2", "nvidia.com/gpu: 4")
    both = scanned(tmp_path / "both", runtime=runtime, service=service)
    assert not found(both, "gpu-cpu-memory-missing")
    assert not found(both, "tp-gpu-mismatch")


def test_a_variable_of_the_service_replaces_that_of_the_runtime(tmp_path: Path) -> None:
    runtime = RUNTIME.replace(
        "name: HF_HOME\n          value: /tmp/hf", 'name: TRUST_REMOTE_CODE\n          value: "true"'
    )
    assert found(scanned(tmp_path / "on", runtime=runtime), "trust-remote-code")
    service = SERVICE + '      env: [{name: TRUST_REMOTE_CODE, value: "false"}]\n'
    assert not found(scanned(tmp_path / "off", runtime=runtime, service=service), "trust-remote-code")


def test_no_verdict_when_the_name_fits_several_runtimes(tmp_path: Path) -> None:
    report = scanned(tmp_path, a__service=SERVICE, b__runtime=RUNTIME, c__runtime=RUNTIME)
    assert not found(report, "tp-gpu-mismatch")


def test_the_runtime_of_the_same_folder_is_meant(tmp_path: Path) -> None:
    report = scanned(tmp_path, a__service=SERVICE, a__runtime=RUNTIME, c__runtime=RUNTIME)
    assert [finding.location.path for finding in found(report, "tp-gpu-mismatch")] == ["a/service.yaml"]


def test_other_namespaces_have_other_runtimes(tmp_path: Path) -> None:
    runtime = RUNTIME.replace("name: engine", "name: engine\n  namespace: one")
    service = SERVICE.replace("name: chat", "name: chat\n  namespace: two")
    assert not found(scanned(tmp_path, service=service, runtime=runtime), "tp-gpu-mismatch")


def test_the_version_of_the_service_is_that_of_the_image(tmp_path: Path) -> None:
    old = SERVICE.replace("runtime: engine", "runtime: engine\n      runtimeVersion: v0.10.0")
    (finding,) = found(scanned(tmp_path, service=old, runtime=RUNTIME), "ai-image-known-vulnerable")
    assert (finding.location.path, finding.location.line) == ("service.yaml", 10)


def test_train_job_and_runtime_in_one_file(tmp_path: Path) -> None:
    report = scanned(tmp_path, train=f"{TRAINING_RUNTIME}---\n{TRAIN_JOB}")
    (finding,) = found(report, "nproc-gpu-mismatch")
    assert finding.evidence == "--nproc-per-node=8"
    assert finding.subject.startswith("TrainJob/tune#")


def test_the_command_of_a_train_job_replaces_that_of_the_runtime(tmp_path: Path) -> None:
    job = TRAIN_JOB + "    command: [torchrun, --nproc-per-node=4, train.py]\n"
    assert not found(scanned(tmp_path, runtime=TRAINING_RUNTIME, job=job), "nproc-gpu-mismatch")


def test_patches_of_a_train_job_reach_the_pods_of_its_runtime(tmp_path: Path) -> None:
    patch = """\
  runtimePatches:
    - manager: team
      trainingRuntimeSpec:
        template:
          spec:
            replicatedJobs:
              - name: node
                template:
                  spec:
                    template:
                      spec:
                        tolerations:
                          - {key: nvidia.com/gpus, operator: Exists}
"""
    (finding,) = found(
        scanned(tmp_path, runtime=TRAINING_RUNTIME, job=TRAIN_JOB + patch), "gpu-toleration-key-typo"
    )
    assert finding.location.path == "job.yaml"


def test_a_later_configuration_wins(tmp_path: Path) -> None:
    def base(name: str, size: int) -> str:
        return f"""\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceServiceConfig
metadata:
  name: {name}
spec:
  template:
    containers:
      - name: main
        image: vllm/vllm-openai:v0.14.0
        args: [--tensor-parallel-size={size}]
"""

    service = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata:
  name: chat
spec:
  baseRefs: [{name: first}, {name: second}]
  template:
    containers:
      - name: main
        resources: {limits: {nvidia.com/gpu: 4, cpu: 8, memory: 64Gi}}
"""
    fits = scanned(tmp_path / "fits", service=service, first=base("first", 8), second=base("second", 4))
    assert not found(fits, "tp-gpu-mismatch")
    wrong = scanned(tmp_path / "wrong", service=service, first=base("first", 4), second=base("second", 8))
    assert [finding.location.path for finding in found(wrong, "tp-gpu-mismatch")] == ["second.yaml"]


def test_what_comes_on_standard_input_is_judged_together_too(tmp_path: Path) -> None:
    data = f"{SERVICE}---\n{RUNTIME}".encode()
    given = Input(str(tmp_path / "rendered.yaml"), "rendered.yaml", named=True, data=data)
    recipe = Recipe(paths=(str(tmp_path),), isolated=True)
    report = scan(Request(paths=(), recipe=recipe, cwd=tmp_path, stdin=given))
    (finding,) = found(report, "tp-gpu-mismatch")
    assert (finding.location.path, finding.location.line) == ("rendered.yaml", 11)


def test_a_merge_that_crashes_is_told_and_the_scan_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("linter.render.completed.assemble", crash)
    report = scanned(tmp_path, service=SERVICE, runtime=RUNTIME)
    (told,) = [diagnostic for diagnostic in report.diagnostics if diagnostic.internal]
    assert (told.path, "InferenceService 'chat'" in told.message) == ("service.yaml", True)
    assert found(report, "run-as-root")  # of the runtime alone


def test_a_file_of_many_is_bounded_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linter.render.completed.MAX_OF_ONE_FILE", 1)
    services = f"{SERVICE}---\n{SERVICE.replace('name: chat', 'name: more')}"
    report = scanned(tmp_path, service=services, runtime=RUNTIME)
    assert len(found(report, "tp-gpu-mismatch")) == 1
    assert [item.path for item in report.diagnostics if "judged alone" in item.message] == ["service.yaml"]


CHOSEN = SERVICE.replace("      runtime: engine\n", "")
OFFERING = RUNTIME.replace("    - name: vLLM\n", "    - {name: vLLM, autoSelect: true, priority: 1}\n")


def test_a_service_without_a_runtime_gets_the_one_that_is_chosen(tmp_path: Path) -> None:
    """KServe's `GetSupportingRuntimes`: of the namespace first, then by priority, only with `autoSelect`."""
    report = scanned(tmp_path / "one", service=CHOSEN, runtime=OFFERING)
    assert [finding.location.path for finding in found(report, "tp-gpu-mismatch")] == ["service.yaml"]
    assert not found(scanned(tmp_path / "off", service=CHOSEN, runtime=RUNTIME), "tp-gpu-mismatch")
    other = OFFERING.replace("name: engine", "name: other")
    tie = scanned(tmp_path / "tie", service=CHOSEN, runtime=OFFERING, other=other)
    assert not found(tie, "tp-gpu-mismatch")
    ranked = other.replace("priority: 1", "priority: 2").replace("--port=8080", "--pipeline-parallel-size=2")
    report = scanned(tmp_path / "ranked", service=CHOSEN, runtime=OFFERING, other=ranked)
    (finding,) = found(report, "tp-gpu-mismatch")
    assert "8" in finding.message  # 4 x 2 of the runtime with the higher priority
    spoken = OFFERING.replace("spec:\n", "spec:\n  protocolVersions: [grpc-v2]\n")
    assert not found(scanned(tmp_path / "spoken", service=CHOSEN, runtime=spoken), "tp-gpu-mismatch")


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: chat}
spec:
  resourceClaims: [{name: gpus, resourceClaimTemplateName: four}]
  containers:
    - name: engine
      image: vllm/vllm-openai:v0.14.0
      args: [--tensor-parallel-size=8]
      resources: {claims: [{name: gpus}]}
"""
CLAIM = """\
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: four}
spec:
  spec:
    devices:
      requests: [{name: gpu, exactly: {deviceClassName: gpu.nvidia.com, count: 4}}]
"""


def test_a_claim_of_another_file_says_how_many_devices_there_are(tmp_path: Path) -> None:
    alone = scanned(tmp_path / "alone", pod=POD)
    assert [(row["resource"], row["count"]) for row in alone.inventory] == [("claim 'four'", None)]
    report = scanned(tmp_path / "both", pod=POD, claim=CLAIM)
    assert [(row["resource"], row["count"]) for row in report.inventory] == [("gpu by claim", 4)]
    assert [finding.location.line for finding in found(report, "tp-gpu-mismatch")] == [9]


def test_variables_of_a_config_map_in_another_file_are_read(tmp_path: Path) -> None:
    pod = POD.replace("size=8", "size=$(TP)").replace(
        "resources: {claims: [{name: gpus}]}",
        "envFrom: [{configMapRef: {name: sizes}}]\n      resources: {limits: {nvidia.com/gpu: 4}}",
    )
    sizes = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sizes}\ndata: {TP: "8"}\n'
    assert not found(scanned(tmp_path / "alone", pod=pod), "tp-gpu-mismatch")
    report = scanned(tmp_path / "both", pod=pod, sizes=sizes)
    assert [finding.location.path for finding in found(report, "tp-gpu-mismatch")] == ["pod.yaml"]
    elsewhere = scanned(tmp_path / "apart", **{"a/pod": pod, "b/sizes": sizes})
    assert not found(elsewhere, "tp-gpu-mismatch")


def test_what_a_claim_does_not_change_is_left_as_it_was(tmp_path: Path) -> None:
    """Only verdicts that the looked-up objects change are taken over: an overlay may have changed the others."""
    alone = scanned(tmp_path / "alone", pod=POD)
    both = scanned(tmp_path / "both", pod=POD, claim=CLAIM)
    # those that another one says once the claim is known are duplicates
    rules = {finding.rule for finding in both.findings if finding.location.path == "pod.yaml"}
    assert {finding.rule for finding in alone.active} <= rules
    assert len({(finding.rule, finding.location.line) for finding in both.active}) == len(both.active)
