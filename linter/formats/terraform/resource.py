"""Resources and data sources, with what we derive of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Model, Raw, fact, field
from linter.formats.terraform import (
    containers as workloads,
)
from linter.formats.terraform import (
    disks as volumes,
)
from linter.formats.terraform import (
    iam,
    ports,
)
from linter.formats.terraform import (
    manifests as applied,
)
from linter.formats.terraform import (
    scripts as startup,
)
from linter.formats.terraform.gpu import Guest, Machine, wanted_types
from linter.formats.terraform.model import Estate, Located, Origin, Values
from linter.formats.terraform.part import blocks, dig
from linter.formats.terraform.purpose import Purpose
from linter.formats.terraform.values import Reference, identity, structured
from linter.formats.terraform.versions import newest_major


class Resource(Located):
    """A resource or data source; `self` holds its attributes. A data source's type is `data.TYPE`."""

    type: str = field("", "type such as aws_instance")
    mode: str = field("managed", "`managed` or `data`")
    module_address: str = field("", "address of the module instance; empty in the root")
    provider: str = field("", "provider's local name")
    action: str = field("", "what the plan does: create, update, replace, no-op, delete …; empty in source")

    def __init__(
        self,
        document: Document,
        origin: Origin,
        estate: Estate,
        name: str,
        values: Values,
        *,
        type_: str,
        mode: str = "managed",
        key: str | int | None = None,
        provider: str = "",
        module_address: str = "",
        action: str = "",
        address: str = "",
        provisioners: list[dict[str, Any]] | None = None,
        scope: Any = None,
        borrowed: bool = False,
        optional: bool = False,
    ) -> None:
        super().__init__(document, origin, estate, name, values)
        self.type = type_
        self.mode = mode
        self.key = key
        self.provider = provider
        self.module_address = module_address
        self.action = action
        self.provisioners = provisioners or []
        self.borrowed = borrowed  # of a called module: only findings in the calling file count
        self.optional = optional  # whether there is one is up to who calls
        self.scope = scope  # of the instance, for what is evaluated later
        self._type_key = f"data.{type_}" if mode == "data" else type_
        self.plain = f"{self._type_key}.{name}"  # inside its module
        self._address = address or self.plain

    @property
    def address(self) -> str:
        return self._address

    @property
    def type_key(self) -> str:
        return self._type_key

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        found = [("action", self.action)] if self.action else []
        if self.key is not None:
            found.append(("instance", str(self.key)))
        return tuple(found)

    # -- parts

    @fact
    def purpose(self) -> Purpose:
        "what it is there for"
        return Purpose(self)

    @fact
    def sets(self) -> list[str]:
        "the names of the attributes and blocks that are written, also where their value is not known"
        return [name for name, value in self.values.items() if value is not None]

    @fact
    def provider_major(self) -> int | None:
        "the newest major version of its provider that the configuration allows; null when it says none"
        constraint = self.estate.constraints.get(self.type.partition("_")[0])
        return None if constraint is None else newest_major(constraint)

    @fact
    def statements(self) -> list[iam.Statement]:
        "the statements of its policies"
        return iam.statements(self, self._type_key)

    @fact
    def containers(self) -> list[workloads.Container]:
        "the containers that it describes (ECS, Batch, SageMaker, Cloud Run, Azure, Docker)"
        return workloads.containers(self, self._type_key)

    @fact
    def env(self) -> list[workloads.Setting]:
        "the environment variables of all its containers"
        result: list[Any] = []
        for container in self.containers:
            result += [UNKNOWN] if container is UNKNOWN else container.env
        return result

    @fact
    def settings(self) -> list[workloads.Setting]:
        "other named values: data of a Kubernetes secret, Spark settings, `set` blocks of a release"
        return workloads.settings(self, self._type_key)

    @fact
    def ingress(self) -> list[ports.Ingress]:
        "the rules that let traffic in"
        return ports.ingress(self, self._type_key)

    @fact
    def scripts(self) -> list[startup.Script]:
        "start-up scripts and provisioner commands"
        return startup.scripts(self, self._type_key)

    @fact
    def machine(self) -> Machine:
        "the accelerators of its instance types"
        templates = [item.values for item in self.linked("aws_launch_template")]
        return Machine(self, wanted_types(self.type, self.values, templates))

    @fact
    def guest(self) -> Guest:
        "the accelerators of a Google machine or node pool"
        config = self.values if self.type.startswith("google_compute") else self.values.get("node_config")
        return Guest(self, config)

    @fact
    def disks(self) -> list[volumes.Disk]:
        "the EBS volumes that it makes"
        return volumes.disks(self, self._type_key)

    @fact
    def root_gib(self) -> int | None:
        "GiB of the root volume; null when the machine image decides"
        return volumes.root_size(self.type, self.values)

    @fact
    def manifests(self) -> list[applied.Manifest]:
        "the Kubernetes objects that it applies"
        return applied.manifests(self, self._type_key)

    @fact
    def release(self) -> applied.Release:
        "the Helm release that it is"
        return applied.Release(self)

    @fact
    def json_policy(self) -> list[Raw]:
        "the entries of a `policy` that is a JSON list"
        found = structured(self.values.get("policy"))
        return blocks(found)

    @fact
    def applied(self) -> bool:
        "whether a resource of the configuration uses it"
        types = [
            name
            for name in self.estate.by_type
            if not name.startswith("data.") or name.startswith("data.kubectl_")
        ]
        return any(True for _ in self.users(*types))

    @fact
    def whole_subscription(self) -> bool:
        "whether the scope of a role assignment is a subscription or a management group"
        scope = self.values.get("scope")
        return isinstance(scope, Reference) and scope.address.startswith(
            (
                "data.azurerm_subscription.",
                "azurerm_subscription.",
                "data.azurerm_management_group.",
                "azurerm_management_group.",
            )
        )

    @fact
    def passwords(self) -> list[workloads.Setting]:
        "passwords and keys among its attributes that are written as a literal"
        return workloads.literals(self)

    @fact
    def templates(self) -> list[Raw]:
        "the launch templates that it refers to"
        return [item.values for item in self.linked("aws_launch_template")]

    @fact
    def used_by_nodes(self) -> bool:
        "whether an EKS node group uses it, or its name or tags say EKS"
        named = any(True for _ in self.users("aws_eks_node_group"))
        values = self.values
        words = f"{self.name} {values.get('name')} {values.get('name_prefix')} {values.get('tags')}".lower()
        return named or "eks" in words or "kubernetes.io/cluster" in words

    # -- joins

    def linked(self, *types: str) -> Iterator[Resource]:
        """Resources of these types that this one refers to."""
        named = self.origin.references(None)
        for other in self.estate.of(*types):
            if other.plain in named and other.module_address == self.module_address:
                yield other

    def users(self, *types: str, attribute: str | None = None) -> Iterator[Resource]:
        """Resources of these types that refer to this one, by reference or by equal id."""
        ids = {v for v in map(identity, map(self.values.get, ("id", "bucket", "name", "arn"))) if v}
        for other in self.estate.of(*types):
            if other.module_address != self.module_address:
                continue
            if self.plain in other.origin.references(attribute) or (
                attribute is not None and identity(other.values.get(attribute)) in ids
            ):
                yield other

    @fact
    def refers_to(self) -> list[Resource]:
        "the resources and data sources that it names"
        return list(self.linked(*self.estate.by_type))

    @fact
    def named_by(self) -> list[str]:
        "the types of the resources that name it"
        return [kind for kind in self.estate.by_type if any(True for _ in self.users(kind))]

    @fact
    def spot_batch(self) -> bool:
        "whether a Batch compute environment of the configuration takes Spot machines"
        environments = self.estate.of("aws_batch_compute_environment")
        return any(
            dig(e.values, "compute_resources", "type") in ("SPOT", "FARGATE_SPOT") for e in environments
        )

    @fact
    def buckets(self) -> list[Resource]:
        "the bucket that an ACL, a policy or an access block belongs to"
        return list(self.linked("aws_s3_bucket"))

    @fact
    def balancers(self) -> list[Resource]:
        "the load balancer of a listener"
        return list(self.linked("aws_lb", "aws_alb"))

    @fact
    def access_blocks(self) -> list[Raw]:
        "the aws_s3_bucket_public_access_block resources of a bucket"
        return [block.values for block in self.users("aws_s3_bucket_public_access_block", attribute="bucket")]

    @fact
    def versioned(self) -> bool:
        "whether a bucket has its versioning on in a resource of its own"
        states = [
            dig(item.values, "versioning_configuration", "status")
            for item in self.users("aws_s3_bucket_versioning", attribute="bucket")
        ]
        return any(not isinstance(state, str) or state not in ("Suspended", "Disabled") for state in states)

    @fact
    def bucket_logged(self) -> bool:
        "whether a bucket has access logs in a resource of its own, or takes the logs of others"
        return self.takes_logs or any(True for _ in self.users("aws_s3_bucket_logging"))

    @fact
    def takes_logs(self) -> bool:
        "whether a bucket takes the access logs of others"
        found = [self, *self.users("aws_s3_bucket_acl", attribute="bucket")]
        return any(
            item.values.get("acl") == "log-delivery-write"
            or "LogDelivery" in str(dig(item.values, "access_control_policy", "grant", "grantee", "uri"))
            for item in found
        )

    @fact
    def encryption_elsewhere(self) -> bool:
        "whether a bucket has its encryption in a resource of its own"
        found = self.users("aws_s3_bucket_server_side_encryption_configuration", attribute="bucket")
        return any(True for _ in found)

    @fact
    def rotated(self) -> bool:
        "whether a secret has its rotation in a resource of its own"
        return any(True for _ in self.users("aws_secretsmanager_secret_rotation"))

    @fact
    def key_elsewhere(self) -> bool:
        "whether an AI account has its key in a resource of its own"
        return any(True for _ in self.users("azurerm_cognitive_account_customer_managed_key"))

    @fact
    def endpoint_scaling(self) -> bool:
        "whether the configuration scales SageMaker endpoints"
        targets = self.estate.of("aws_appautoscaling_target")
        return any(target.values.get("service_namespace") == "sagemaker" for target in targets)

    @fact
    def flow_logged(self) -> bool:
        "whether a VPC has flow logs"
        return any(True for _ in self.users("aws_flow_log"))

    @fact
    def encrypts_by_default(self) -> bool:
        "whether the configuration turns on EBS encryption for the account"
        return any(
            item.values.get("enabled", True) is not False
            for item in self.estate.of("aws_ebs_encryption_by_default")
        )

    @fact
    def imds_by_default(self) -> bool:
        "whether the configuration asks for IMDSv2 in the whole account"
        return any(
            i.values.get("http_tokens") == "required"
            for i in self.estate.of("aws_ec2_instance_metadata_defaults")
        )

    @fact
    def internal_balancer(self) -> bool:
        "whether the load balancer of a listener is internal"
        return any(lb.values.get("internal") is True for lb in self.balancers)

    @fact
    def registry_scanning(self) -> bool:
        "whether the configuration scans the whole ECR registry"
        return any(True for _ in self.estate.of("aws_ecr_registry_scanning_configuration"))

    @fact
    def service_principals(self) -> list[str]:
        "the services that may assume this role"
        result: list[str] = []
        for statement in self.statements:
            principal = (
                statement.raw.get("Principal") if statement is not UNKNOWN and statement.trust else None
            )
            found = principal.get("Service") if isinstance(principal, dict) else None
            result += [s for s in (found if isinstance(found, list) else [found]) if isinstance(s, str)]
        return result

    @fact
    def role(self) -> RoleUse:
        "the role that this resource is, or is attached to"
        return RoleUse(self)

    @fact
    def repeated_role(self) -> bool:
        "whether task role and execution role are the same"
        first, second = self.values.get("task_role_arn"), self.values.get("execution_role_arn")
        if isinstance(first, str) and isinstance(second, str):
            return first == second
        if isinstance(first, Reference) and isinstance(second, Reference):
            return (first.address, first.path) == (second.address, second.path)
        return False

    @fact
    def cluster(self) -> list[Raw]:
        "the GKE or AKS cluster that a node pool belongs to"
        return [
            c.values
            for c in self.linked("google_container_cluster", "azurerm_kubernetes_cluster", "aws_eks_cluster")
        ]

    @fact
    def cluster_elsewhere(self) -> bool:
        "whether a node pool belongs to a cluster that another configuration makes"
        found = self.values.get("cluster")
        if isinstance(found, Reference):
            return not found.address.startswith("google_container_cluster.")
        return found is UNKNOWN

    @fact
    def diagnosed(self) -> bool:
        "whether a diagnostic setting of the configuration targets it"
        return any(
            True for _ in self.users("azurerm_monitor_diagnostic_setting", attribute="target_resource_id")
        )

    @fact
    def network_rules(self) -> list[Raw]:
        "the azurerm_storage_account_network_rules of a storage account"
        return [r.values for r in self.users("azurerm_storage_account_network_rules")]

    @fact
    def shares(self) -> list[Raw]:
        "the azurerm_storage_share resources of a storage account"
        return [r.values for r in self.users("azurerm_storage_share")]

    @fact
    def gpu_operator(self) -> bool:
        "whether the configuration installs a GPU operator, device plugin or driver installer"
        charts = self.estate.of(
            "helm_release",
            "kubectl_manifest",
            "kubernetes_manifest",
            "kubernetes_daemonset",
            "kubernetes_daemon_set_v1",
        )
        return any(
            "gpu-operator" in f"{c.name} {c.values.get('chart')}".replace("_", "-") or "nvidia" in c.name
            for c in charts
        )


class RoleUse(Model):
    """Who uses an IAM role, and which managed policies it has."""

    policies: list[str] = field((), "names of the managed policies that are attached here")

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.document = resource.document
        self._roles = [resource] if resource.type == "aws_iam_role" else list(resource.linked("aws_iam_role"))
        self.policies = self._policies()

    def _policies(self) -> list[Any]:
        values = self.resource.values
        if self.resource.type_key == "data.aws_iam_policy":
            names = [values.get("name"), values.get("arn")]
            return (
                [] if self.resource.applied else [n.rpartition("/")[2] for n in names if isinstance(n, str)]
            )
        arns = values.get("managed_policy_arns", values.get("policy_arn", values.get("managed_policy_arn")))
        result: list[Any] = []
        for arn in arns if isinstance(arns, list) else [arns] if arns is not None else []:
            if isinstance(arn, str):
                result.append(arn.rpartition("/")[2])
            elif isinstance(arn, Reference) and arn.address.startswith("data.aws_iam_policy."):
                result += [
                    d.values["name"]
                    for d in self.resource.linked("data.aws_iam_policy")
                    if isinstance(d.values.get("name"), str)
                ]
            else:
                result.append(getattr(arn, "text", "").rpartition("/")[2] or UNKNOWN)
        return result

    @fact
    def nodes(self) -> bool:
        "whether the nodes of an EKS cluster run with it"
        return any(
            next(role.users("aws_eks_node_group", attribute="node_role_arn"), None) is not None
            for role in self._roles
        )

    @fact
    def notebooks(self) -> list[Resource]:
        "the SageMaker notebook instances that run with it"
        return [user for role in self._roles for user in role.users("aws_sagemaker_notebook_instance")]

    @fact
    def services(self) -> list[str]:
        "services that may assume it"
        return [service for role in self._roles for service in role.service_principals]

    @fact
    def attached(self) -> list[str]:
        "names of all managed policies of the role in this configuration"
        result: list[Any] = []
        for role in self._roles:
            result += RoleUse(role).policies if role is not self.resource else self.policies
            for attachment in role.users("aws_iam_role_policy_attachment", attribute="role"):
                result += RoleUse(attachment).policies
        return [item for item in result if isinstance(item, str)]
