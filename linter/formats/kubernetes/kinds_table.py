"""Which kinds run pods, and where they keep them: one row a kind. Adding a kind is adding a row.

A path is dotted keys; `[]` behind a key stands for every element of a list, `*` for every value of a map. A
factor is a path to a number: from the manifest, or, with a leading `@.`, from the last element that `[]` or `*`
matched on the way to the pod; `+1` adds one, `-1?path` takes one away when the path exists, `?path` makes it unknown
then. A view (see `kinds_views`) reads a mapping that is no pod spec as one.

Sources: the kinds' CRDs and documentation; rows were checked against public repositories of their projects.
"""

from __future__ import annotations

from linter.frozen import dataclass


@dataclass(frozen=True, slots=True)
class PodAt:
    """Where one sort of pod stands in a kind.

    `count`: factors of the number of pods; `group`: factors of the number of pods that work as one, whose product
    a launcher's world must fit. `role` tells apart pods of one kind.
    """

    path: str
    role: str = ""
    count: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    view: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind keeps its pods, and what is known of their lives.

    `lifetime` is `service` (runs until told to stop), `batch` (runs to completion) or `node` (one on each node).
    `fills` names what a controller adds, so that its absence says nothing: shm, probes, command, image, memory,
    ports, ranks (of a launcher), gang.
    `guessed`: no row, only a shape that looks like pods.
    """

    pods: tuple[PodAt, ...]
    lifetime: str = "service"
    fills: frozenset[str] = frozenset()
    guessed: bool = False

    @property
    def completed(self) -> bool:
        """Whether a controller fills in fields of the pods."""
        return bool(self.fills)


def _kind(*pods: PodAt, lifetime: str = "service", fills: str = "") -> Kind:
    return Kind(pods, lifetime, frozenset(fills.split()))


def _replicated(key: str, fills: str = "ranks") -> Kind:
    """A training job of the Kubeflow training operator: a map from role to replicas and template."""
    path = f"spec.{key}.*.template.spec"
    return _kind(
        PodAt(path, "replica", ("@.replicas",), (f"spec.{key}.*.replicas",)), lifetime="batch", fills=fills
    )


def _ray(prefix: str, *more: PodAt, lifetime: str = "service") -> Kind:
    head = PodAt(
        f"{prefix}.headGroupSpec.template.spec", "head", (), (f"{prefix}.workerGroupSpecs[].replicas", "+1")
    )
    worker = PodAt(
        f"{prefix}.workerGroupSpecs[].template.spec",
        "worker",
        ("@.replicas", "@.numOfHosts"),
        ("@.replicas", "@.numOfHosts"),
    )
    return _kind(head, worker, *more, lifetime=lifetime, fills="shm probes command")


def _leader_worker(prefix: str, replicas: str) -> tuple[PodAt, PodAt]:
    size = (f"{prefix}.size",)
    followers = (
        *size,
        f"-1?{prefix}.leaderTemplate",
        replicas,
    )  # without a template of its own the leader is a worker
    return (
        PodAt(f"{prefix}.leaderTemplate.spec", "leader", (replicas,), size),
        PodAt(f"{prefix}.workerTemplate.spec", "worker", followers, size),
    )


def _roles(prefix: str) -> tuple[PodAt, ...]:
    """Roles of a role-based group: v1alpha1 keeps the template in the role, v1alpha2 in one of its patterns."""
    role = f"{prefix}.roles[]"
    members = ("@.replicas", "@.leaderWorkerSet.size")
    team = ("@.replicas", "@.leaderWorkerPattern.size")
    return (
        PodAt(role, "role", members, members[1:], "role"),
        PodAt(f"{role}.components[].template.spec", "role", ("@.size",), ("?" + prefix,)),
        PodAt(f"{role}.standalonePattern", "role", ("@.replicas",), (), "role"),
        PodAt(f"{role}.leaderWorkerPattern", "role", team, team[1:], "role"),
        PodAt(
            f"{role}.customComponentsPattern.components[].template.spec", "role", ("@.size",), ("?" + prefix,)
        ),
    )


def _stages(prefix: str, *stages: str, suffix: str = "") -> tuple[PodAt, ...]:
    """Stages of an OME service or runtime: a pod with a runner, or a leader and its workers."""
    found = []
    for stage in stages:
        path = f"{prefix}.{stage}{suffix}"
        size = (f"{path}.worker.size", "+1")
        found += [
            PodAt(path, stage, (f"{path}.minReplicas",), (), "runner"),
            PodAt(f"{path}.leader", "leader", (f"{path}.minReplicas",), size, "runner"),
            PodAt(f"{path}.worker", "worker", (f"{path}.minReplicas", f"{path}.worker.size"), size, "runner"),
        ]
    return tuple(found)


_OME = ("engine", "decoder", "router")
_OME_RUNTIME = _kind(
    PodAt("spec", "runtime", view="listed"),
    *_stages("spec", *_OME, suffix="Config"),
    fills="command probes ranks",
)
_NEMO = _kind(PodAt("spec", "", ("spec.replicas",), view="flat"), fills="shm probes command")
_TEMPLATE = "spec.template.spec"
_SCALED = _kind(PodAt(_TEMPLATE, count=("spec.replicas",)))
_DAEMON = _kind(PodAt(_TEMPLATE), lifetime="node")
_NOTHING = Kind(())
_JOBS = "spec.template.spec.replicatedJobs[].template.spec.template.spec"
_RUNTIME = _kind(
    PodAt(_JOBS, "node", ("spec.mlPolicy.numNodes",), ("spec.mlPolicy.numNodes",), "open"),
    lifetime="batch",
    fills="image command ranks gang shm",
)
_VOLCANO = _kind(
    PodAt("spec.tasks[].template.spec", "task", ("@.replicas",), ("spec.tasks[].replicas",)),
    lifetime="batch",
    fills="ranks gang",
)
_LLM = _kind(
    PodAt("spec.template", "decode", ("spec.replicas",), ("?spec.worker",), "open"),
    PodAt("spec.worker", "worker", (), ("?spec.worker",), "open"),
    PodAt("spec.prefill.template", "prefill", ("spec.prefill.replicas",), ("?spec.prefill.worker",), "open"),
    PodAt("spec.prefill.worker", "prefill-worker", (), ("?spec.prefill.worker",), "open"),
    PodAt("spec.router.scheduler.template", "scheduler", view="open"),
    PodAt("spec.router.scheduler.tokenizer.template", "tokenizer", view="open"),
    fills="shm probes command image ranks",
)
_SERVING_RUNTIME = _kind(
    PodAt("spec", "runtime", (), ("?spec.workerSpec",)),
    PodAt("spec.workerSpec", "worker", (), ("?spec.workerSpec",)),
    fills="probes command ranks memory",
)
_INFERENCE = _kind(
    *(
        PodAt(f"spec.{part}", part, (f"spec.{part}.minReplicas",), (f"?spec.{part}.workerSpec",), "kserve")
        for part in ("predictor", "transformer", "explainer")
    ),
    PodAt(
        "spec.predictor.workerSpec",
        "worker",
        ("spec.predictor.workerSpec.pipelineParallelSize",),
        ("?spec.predictor.workerSpec",),
        "kserve",
    ),
    PodAt("spec.canary[].predictor", "canary", view="kserve"),
    fills="shm probes command ranks",
)
_INFERENCE_OLD = _kind(
    *(
        PodAt(f"spec.{stage}.{part}.custom.container", f"{stage}-{part}", view="container")
        for stage in ("default", "canary")
        for part in ("predictor", "transformer", "explainer")
    ),
    fills="shm probes",
)
_ARGO = _kind(PodAt("spec.templates[]", "template", view="argo"), lifetime="batch")
_STEPS = _kind(
    PodAt("spec", "task", view="steps"),
    PodAt("spec.taskSpec", "task", view="steps"),
    PodAt("spec.pipelineSpec.tasks[].taskSpec", "task", view="steps"),
    PodAt("spec.tasks[].taskSpec", "task", view="steps"),
    PodAt("spec.finally[].taskSpec", "task", view="steps"),
    lifetime="batch",
    fills="probes",
)
_SPARK = _kind(
    PodAt("spec.driver", "driver", view="spark"),
    PodAt("spec.executor", "executor", ("spec.executor.instances",), view="spark"),
    PodAt("spec.driver.template.spec", "driver", view="open"),
    PodAt("spec.executor.template.spec", "executor", ("spec.executor.instances",), view="open"),
    lifetime="batch",
    fills="command shm",
)
_SPARK_SCHEDULED = _kind(
    PodAt("spec.template.driver", "driver", view="spark"),
    PodAt("spec.template.executor", "executor", ("spec.template.executor.instances",), view="spark"),
    lifetime="batch",
    fills="command shm",
)
_KNATIVE = _kind(PodAt(_TEMPLATE), fills="probes")
_WORKLOADS = _kind(
    PodAt("spec.podSets[].template.spec", "podset", ("@.count",), ("@.count",)), lifetime="batch"
)
_EMBEDDED = (
    "spec.components[].template",
    "spec.trialTemplate.trialSpec",
    "spec.runSpec",
    "spec.workload.template",
)
_TRIAL = _kind(*(PodAt(path, "embedded", view="object") for path in _EMBEDDED), lifetime="batch")
_AIBRIX_RAY = _ray("spec.template.spec")
_TRAINER = _kind(
    PodAt("spec.trainer", "node", ("spec.trainer.numNodes",), ("spec.trainer.numNodes",), "trainer"),
    PodAt("spec.podTemplateOverrides[].spec", "override", view="open"),
    PodAt(
        "spec.runtimePatches[].trainingRuntimeSpec.template.spec.replicatedJobs[].template.spec.template.spec",
        "patch",
        view="open",
    ),
    lifetime="batch",
    fills="image command ranks gang shm",
)

# API group (without version) and kind; a group of `*` stands for any that has no row of its own
KINDS: dict[tuple[str, str], Kind] = {
    ("", "Pod"): _kind(PodAt("spec")),
    ("", "PodTemplate"): _kind(PodAt("template.spec"), fills="shm probes command image memory"),
    ("", "ReplicationController"): _SCALED,
    ("apps", "Deployment"): _SCALED,
    ("apps", "StatefulSet"): _SCALED,
    ("apps", "ReplicaSet"): _SCALED,
    ("apps", "DaemonSet"): _DAEMON,
    ("extensions", "Deployment"): _SCALED,
    ("extensions", "ReplicaSet"): _SCALED,
    ("extensions", "DaemonSet"): _DAEMON,
    ("", "DeploymentConfig"): _SCALED,  # of OpenShift before 3.11, v1
    ("apps.openshift.io", "DeploymentConfig"): _SCALED,
    ("batch", "Job"): _kind(
        PodAt(_TEMPLATE, "", ("spec.parallelism",), ("spec.parallelism",)), lifetime="batch"
    ),
    ("batch", "CronJob"): _kind(
        PodAt(
            "spec.jobTemplate.spec.template.spec",
            "",
            ("spec.jobTemplate.spec.parallelism",),
            ("spec.jobTemplate.spec.parallelism",),
        ),
        lifetime="batch",
    ),
    ("ray.io", "RayCluster"): _ray("spec"),
    ("ray.io", "RayJob"): _ray(
        "spec.rayClusterSpec", PodAt("spec.submitterPodTemplate.spec", "submitter"), lifetime="batch"
    ),
    ("ray.io", "RayService"): _ray("spec.rayClusterConfig"),
    ("ray.io", "RayCronJob"): _ray(
        "spec.jobTemplate.rayClusterSpec",
        PodAt("spec.jobTemplate.submitterPodTemplate.spec", "submitter"),
        lifetime="batch",
    ),
    ("kubeflow.org", "PyTorchJob"): _replicated("pytorchReplicaSpecs"),
    ("kubeflow.org", "TFJob"): _replicated("tfReplicaSpecs"),
    ("kubeflow.org", "XGBoostJob"): _replicated("xgbReplicaSpecs"),
    ("kubeflow.org", "PaddleJob"): _replicated("paddleReplicaSpecs"),
    ("kubeflow.org", "JAXJob"): _replicated("jaxReplicaSpecs"),
    ("kubeflow.org", "MXJob"): _replicated("mxReplicaSpecs"),
    ("kubeflow.org", "MPIJob"): _kind(
        *_replicated("mpiReplicaSpecs").pods,
        PodAt(_TEMPLATE, "worker", ("spec.replicas",), ("spec.replicas",)),  # v1alpha1
        lifetime="batch",
        fills="ranks",
    ),
    ("elastic.pytorch.org", "ElasticJob"): _replicated("replicaSpecs"),
    ("kai.alibabacloud.com", "TrainingJob"): _replicated("etReplicaSpecs"),
    ("grove.io", "PodCliqueSet"): _kind(
        PodAt(
            "spec.template.cliques[].spec.podSpec",
            "clique",
            ("@.spec.replicas", "spec.replicas", "?spec.template.podCliqueScalingGroups"),
            ("?spec.template",),
        ),
        fills="ranks gang",
    ),
    ("grove.io", "PodClique"): _kind(
        PodAt("spec.podSpec", "clique", ("spec.replicas",), ("?spec",)), fills="ranks gang"
    ),
    ("inference.sagemaker.aws.amazon.com", "InferenceEndpointConfig"): _kind(
        PodAt("spec.worker", "worker", ("spec.replicas",), view="worker"), fills="shm probes command"
    ),
    ("llamastack.io", "LlamaStackDistribution"): _kind(
        PodAt("spec.server", "server", ("spec.replicas",), view="llamastack"),
        fills="shm probes command image",
    ),
    ("vllm.ai", "SemanticRouter"): _kind(
        PodAt("spec", "router", ("spec.replicas",), view="flat"), fills="shm probes command image"
    ),
    ("kagent.dev", "Agent"): _kind(
        *(
            PodAt(f"spec.{way}.deployment", "agent", (f"spec.{way}.deployment.replicas",), view="flat")
            for way in ("byo", "declarative")
        ),
        fills="shm probes command image",
    ),
    ("kagent.dev", "MCPServer"): _kind(
        PodAt("spec.deployment", "server", view="flat"), fills="shm probes command"
    ),
    ("feast.dev", "FeatureStore"): _kind(
        *(
            PodAt(f"spec.services.{service}", service.partition(".")[0], view="flat")
            for service in ("onlineStore.server", "offlineStore.server", "registry.local.server", "ui")
        ),
        fills="shm probes command image",
    ),
    ("sagemaker.amazonaws.com", "HyperPodPyTorchJob"): _kind(
        PodAt(
            "spec.replicaSpecs[].template.spec", "replica", ("@.replicas",), ("spec.replicaSpecs[].replicas",)
        ),
        lifetime="batch",
        fills="ranks gang",
    ),
    ("trainer.kubeflow.org", "TrainJob"): _TRAINER,
    ("trainer.kubeflow.org", "TrainingRuntime"): _RUNTIME,
    ("trainer.kubeflow.org", "ClusterTrainingRuntime"): _RUNTIME,
    ("trainer.kubeflow.org", "OptimizationJob"): _kind(
        PodAt(
            "spec.trainJobTemplate.spec.trainer",
            "node",
            ("spec.trainJobTemplate.spec.trainer.numNodes",),
            view="trainer",
        ),
        lifetime="batch",
        fills="image command ranks gang shm",
    ),
    ("kubeflow.org", "TrainJob"): _TRAINER,
    ("kubeflow.org", "TrainingRuntime"): _RUNTIME,
    ("kubeflow.org", "ClusterTrainingRuntime"): _RUNTIME,
    ("kubeflow.org", "Notebook"): _kind(PodAt(_TEMPLATE)),
    ("kubeflow.org", "PodDefault"): _kind(
        PodAt("spec", "injected", view="injected"), fills="image probes shm"
    ),
    ("kubeflow.org", "PVCViewer"): _kind(PodAt("spec.podSpec")),
    ("kubeflow.org", "Experiment"): _TRIAL,
    ("kubeflow.org", "Trial"): _TRIAL,
    ("kubeflow.org", "ScheduledWorkflow"): _kind(
        PodAt("spec.workflow.spec.templates[]", "template", view="argo"),
        PodAt("spec.pipelineSpec.deploymentSpec.executors.*.container", "executor", view="executor"),
        lifetime="batch",
    ),
    ("pipelines.kubeflow.org", "PipelineVersion"): _kind(
        PodAt("spec.pipelineSpec.deploymentSpec.executors.*.container", "executor", view="executor"),
        lifetime="batch",
        fills="shm probes",
    ),
    ("serving.kserve.io", "InferenceService"): _INFERENCE,
    ("serving.kubeflow.org", "InferenceService"): _INFERENCE,
    ("serving.kserve.io", "ServingRuntime"): _SERVING_RUNTIME,
    ("serving.kserve.io", "ClusterServingRuntime"): _SERVING_RUNTIME,
    ("serving.kserve.io", "ClusterStorageContainer"): _kind(
        PodAt("spec.container", "storage", view="container"), fills="probes"
    ),
    ("serving.kserve.io", "LLMInferenceService"): _LLM,
    ("serving.kserve.io", "LLMInferenceServiceConfig"): _LLM,
    ("serving.kserve.io", "InferenceGraph"): _kind(
        PodAt("spec", "router", view="flat"), fills="image command probes"
    ),
    ("jobset.x-k8s.io", "JobSet"): _kind(
        PodAt(
            "spec.replicatedJobs[].template.spec.template.spec",
            "job",
            ("@.replicas", "@.template.spec.parallelism"),
            ("@.replicas", "@.template.spec.parallelism"),
        ),
        lifetime="batch",
    ),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): _kind(
        *_leader_worker("spec.leaderWorkerTemplate", "spec.replicas")
    ),
    ("disaggregatedset.x-k8s.io", "DisaggregatedSet"): _kind(
        *_leader_worker("spec.roles[].spec.leaderWorkerTemplate", "@.spec.replicas")
    ),
    ("batch.volcano.sh", "Job"): _VOLCANO,
    ("batch.volcano.sh", "CronJob"): _kind(
        PodAt(
            "spec.jobTemplate.spec.tasks[].template.spec",
            "task",
            ("@.replicas",),
            ("spec.jobTemplate.spec.tasks[].replicas",),
        ),
        lifetime="batch",
        fills="ranks gang",
    ),
    ("flow.volcano.sh", "JobTemplate"): _VOLCANO,
    ("flow.volcano.sh", "JobFlow"): _kind(
        PodAt("spec.flows[].patch.jobSpec.tasks[].template.spec", "task", ("@.replicas",), view="open"),
        lifetime="batch",
        fills="ranks gang",
    ),
    ("kueue.x-k8s.io", "Workload"): _WORKLOADS,
    ("argoproj.io", "Workflow"): _ARGO,
    ("argoproj.io", "WorkflowTemplate"): _ARGO,
    ("argoproj.io", "ClusterWorkflowTemplate"): _ARGO,
    ("argoproj.io", "CronWorkflow"): _kind(
        PodAt("spec.workflowSpec.templates[]", "template", view="argo"), lifetime="batch"
    ),
    ("argoproj.io", "Rollout"): _SCALED,
    ("tekton.dev", "Task"): _STEPS,
    ("tekton.dev", "ClusterTask"): _STEPS,
    ("tekton.dev", "TaskRun"): _STEPS,
    ("tekton.dev", "PipelineRun"): _STEPS,
    ("tekton.dev", "Pipeline"): _STEPS,
    ("serving.knative.dev", "Service"): _KNATIVE,
    ("serving.knative.dev", "Configuration"): _KNATIVE,
    ("serving.knative.dev", "Revision"): _kind(PodAt("spec"), fills="probes"),
    ("machinelearning.seldon.io", "SeldonDeployment"): _kind(
        PodAt("spec.predictors[].componentSpecs[].spec", "component", ("spec.predictors[].replicas",)),
        fills="probes ports",
    ),
    ("mlops.seldon.io", "Server"): _kind(
        PodAt("spec.podSpec", "", ("spec.replicas",), view="open"), fills="image probes shm"
    ),
    ("sparkoperator.k8s.io", "SparkApplication"): _SPARK,
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): _SPARK_SCHEDULED,
    ("apps.nvidia.com", "NIMService"): _kind(
        PodAt("spec", "", ("spec.replicas",), view="flat"), fills="shm probes command"
    ),
    ("apps.nvidia.com", "NIMCache"): _kind(
        PodAt("spec.source.ngc", "puller", view="puller"), lifetime="batch", fills="shm probes command"
    ),
    ("apps.nvidia.com", "NIMPipeline"): _kind(
        PodAt("spec.services[].spec", "", ("@.spec.replicas",), view="flat"), fills="shm probes command"
    ),
    ("apps.nvidia.com", "NIMBuild"): _kind(
        PodAt("spec", "builder", view="flat"), lifetime="batch", fills="shm probes command"
    ),
    ("apps.nvidia.com", "NemoCustomizer"): _NEMO,
    ("apps.nvidia.com", "NemoDatastore"): _NEMO,
    ("apps.nvidia.com", "NemoEntitystore"): _NEMO,
    ("apps.nvidia.com", "NemoEvaluator"): _NEMO,
    ("apps.nvidia.com", "NemoGuardrail"): _NEMO,
    ("nvidia.com", "DynamoGraphDeployment"): _kind(
        PodAt("spec.services.*", "service", ("@.replicas",), ("@.multinode.nodeCount",), "dynamo"),
        fills="shm probes command",
    ),
    ("nvidia.com", "ClusterPolicy"): _kind(
        PodAt("spec.*", "component", view="component"), lifetime="node", fills="shm probes command"
    ),
    ("nvidia.com", "NVIDIADriver"): _kind(
        PodAt("spec", "driver", view="component"),
        PodAt("spec.*", "component", view="component"),
        lifetime="node",
        fills="shm probes command",
    ),
    ("nvidia.com", "GPUCluster"): _kind(
        PodAt("spec.*", "component", view="component"), lifetime="node", fills="shm probes command"
    ),
    ("production-stack.vllm.ai", "VLLMRuntime"): _kind(
        PodAt("spec.deploymentConfig", "", ("spec.deploymentConfig.replicas",), view="vllm-runtime"),
        fills="probes command",
    ),
    ("production-stack.vllm.ai", "VLLMRouter"): _kind(
        PodAt("spec", "", ("spec.replicas",), view="flat"), fills="probes command"
    ),
    ("production-stack.vllm.ai", "CacheServer"): _kind(
        PodAt("spec", "", ("spec.replicas",), view="flat"), fills="probes command"
    ),
    ("orchestration.aibrix.ai", "RayClusterFleet"): _AIBRIX_RAY,
    ("orchestration.aibrix.ai", "RayClusterReplicaSet"): _AIBRIX_RAY,
    ("orchestration.aibrix.ai", "StormService"): _kind(
        PodAt("spec.template.spec.roles[].template.spec", "role", ("@.replicas",))
    ),
    ("orchestration.aibrix.ai", "RoleSet"): _kind(
        PodAt("spec.roles[].template.spec", "role", ("@.replicas",))
    ),
    ("orchestration.aibrix.ai", "PodSet"): _kind(
        PodAt(_TEMPLATE, "", ("spec.podGroupSize",), ("spec.podGroupSize",))
    ),
    ("orchestration.aibrix.ai", "KVCache"): _kind(
        PodAt("spec.cache", "cache", ("spec.cache.replicas",), view="untemplated"),
        PodAt("spec.cache.template.spec", "cache", ("spec.cache.replicas",), view="open"),
        PodAt("spec.watcher", "watcher", ("spec.watcher.replicas",), view="untemplated"),
        fills="shm probes command image",
    ),
    ("kaito.sh", "Workspace"): _kind(
        PodAt("inference.template.spec", "inference", ("resource.count",), view="open"),
        PodAt("inference.template", "inference", ("resource.count",), view="listed"),
        fills="shm probes",
    ),
    ("kaito.sh", "RAGEngine"): _NOTHING,
    ("flyte.lyft.com", "flyteworkflow"): _kind(
        PodAt("tasks.*.container", "task", view="flyte"),
        PodAt("spec.tasks.*.template.container", "task", view="flyte"),
        PodAt("tasks.*.k8sPod.podSpec", "task"),
        PodAt("spec.tasks.*.template.k8s_pod.pod_spec", "task"),
        lifetime="batch",
    ),
    ("apps.kruise.io", "CloneSet"): _SCALED,
    ("apps.kruise.io", "StatefulSet"): _SCALED,
    ("apps.kruise.io", "DaemonSet"): _DAEMON,
    ("apps.kruise.io", "BroadcastJob"): _kind(PodAt(_TEMPLATE), lifetime="batch"),
    ("apps.kruise.io", "UnitedDeployment"): _kind(
        PodAt("spec.template.*.spec.template.spec", "", ("spec.replicas",))
    ),
    ("apps.kruise.io", "SidecarSet"): _kind(PodAt("spec", "injected", view="open"), fills="shm probes"),
    ("workload.codeflare.dev", "AppWrapper"): _TRIAL,
    ("agents.x-k8s.io", "Sandbox"): _kind(PodAt("spec.podTemplate.spec")),
    ("extensions.agents.x-k8s.io", "SandboxTemplate"): _kind(PodAt("spec.podTemplate.spec")),
    ("keda.sh", "ScaledJob"): _kind(PodAt("spec.jobTargetRef.template.spec"), lifetime="batch"),
    ("flink.apache.org", "FlinkDeployment"): _kind(
        PodAt("spec.podTemplate.spec", view="open"),
        PodAt("spec.jobManager.podTemplate.spec", view="open"),
        PodAt("spec.taskManager.podTemplate.spec", "", ("spec.taskManager.replicas",), view="open"),
        fills="image command probes",
    ),
    ("llm-d.ai", "ModelService"): _kind(
        *(
            PodAt(f"spec.{stage}{inner}", stage, (f"spec.{stage}.replicas",), view="open")
            for stage in ("prefill", "decode")
            for inner in (".podTemplate.spec", "")
        ),
        fills="image command probes shm",
    ),
    ("workloads.x-k8s.io", "RoleBasedGroup"): _kind(*_roles("spec"), fills="ranks"),
    ("workloads.x-k8s.io", "RoleBasedGroupSet"): _kind(
        *_roles("spec.template"), *_roles("spec.groupTemplate.spec"), fills="ranks"
    ),
    ("workloads.x-k8s.io", "ClusterEngineRuntimeProfile"): _kind(
        PodAt("spec", "injected", view="open"), fills="shm probes"
    ),
    ("ome.io", "ServingRuntime"): _OME_RUNTIME,
    ("ome.io", "ClusterServingRuntime"): _OME_RUNTIME,
    ("ome.io", "InferenceService"): _kind(
        PodAt("spec.predictor", "predictor", ("spec.predictor.minReplicas",), (), "listed"),
        *_stages("spec", *_OME),
        fills="shm command image probes ranks",
    ),
    ("inference.llmaz.io", "Service"): _kind(
        *_leader_worker("spec.workloadTemplate", "spec.replicas"), fills="shm command image probes ranks"
    ),
    **{
        ("deviceplugin.intel.com", f"{name}DevicePlugin"): _kind(
            PodAt("spec", "plugin", view="flat"), lifetime="node", fills="shm probes command"
        )
        for name in ("Gpu", "Npu", "Fpga", "Qat", "Dsa", "Iaa", "Dlb", "Sgx")
    },
    # what looks like pods there is something else
    ("karpenter.sh", "NodePool"): _NOTHING,
    ("karpenter.sh", "Provisioner"): _NOTHING,
    ("karpenter.k8s.aws", "EC2NodeClass"): _NOTHING,
    ("cloud.google.com", "ComputeClass"): _NOTHING,
    (
        "auto.gke.io",
        "WorkloadAllowlist",
    ): _NOTHING,  # what pods may look like that ask for rights on Autopilot
    ("autoscaling.x-k8s.io", "ProvisioningRequest"): _NOTHING,
    ("resource.k8s.io", "ResourceClaim"): _NOTHING,
    ("resource.k8s.io", "ResourceClaimTemplate"): _NOTHING,
    ("resource.k8s.io", "DeviceClass"): _NOTHING,
    ("resource.nvidia.com", "ComputeDomain"): _NOTHING,
    ("scheduling.volcano.sh", "PodGroup"): _NOTHING,
    ("scheduling.x-k8s.io", "PodGroup"): _NOTHING,
    ("scheduling.k8s.io", "PodGroup"): _NOTHING,
    ("scheduling.k8s.io", "Workload"): _NOTHING,
    ("keda.sh", "ScaledObject"): _NOTHING,
    ("gmc.opea.io", "GMConnector"): _NOTHING,
    ("tensorboard.kubeflow.org", "Tensorboard"): _NOTHING,
    ("inference.networking.k8s.io", "InferencePool"): _NOTHING,
    ("inference.networking.x-k8s.io", "InferencePool"): _NOTHING,
    ("inference.networking.x-k8s.io", "InferenceModel"): _NOTHING,
    ("inference.networking.x-k8s.io", "InferenceObjective"): _NOTHING,
    ("serving.kserve.io", "TrainedModel"): _NOTHING,
    ("serving.kserve.io", "LocalModelCache"): _NOTHING,
    ("production-stack.vllm.ai", "LoraAdapter"): _NOTHING,
    ("mlops.seldon.io", "Model"): _NOTHING,
    ("extensions.agents.x-k8s.io", "SandboxWarmPool"): _NOTHING,
    ("kubeflow.org", "Suggestion"): _NOTHING,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _NOTHING,
}
