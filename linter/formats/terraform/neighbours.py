"""What the other resources of a configuration say about one: those that it names, and those that name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.cel.unknown import Unknown
from linter.formats.document import Document
from linter.formats.model import Raw, fact, field
from linter.formats.terraform.links import id_name
from linter.formats.terraform.model import Estate, Located, Origin, Values
from linter.formats.terraform.part import Part, blocks, dig
from linter.formats.terraform.values import identity
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.resource import Resource

# names of images that are registered with `imds-support: v2.0`, and the parameters that name them
_OF_TOKENS = lazy_regex(
    r"al2023|amazon-linux-2023|ubuntu[\w/-]*(?:noble|oracular|plucky|questing|resolute|/2[4-9]\.\d\d/)"
)


class Neighbours(Located):
    """A resource among the others of its configuration."""

    module_address: str = field("", "address of the module instance; empty in the root")

    def __init__(
        self,
        document: Document,
        origin: Origin,
        estate: Estate,
        name: str,
        values: Values,
        plain: str,
        module_address: str,
    ) -> None:
        super().__init__(document, origin, estate, name, values)
        self.plain = plain  # its address inside its module
        self.module_address = module_address

    # -- joins

    def linked(self, *types: str) -> Iterator[Resource]:
        """Resources of these types that this one refers to."""
        named = self.origin.references(None)
        for kind in types:
            yield from self.estate.links.named(kind, self.module_address, named)

    def users(self, *types: str, attribute: str | None = None) -> Iterator[Resource]:
        """Resources of these types that refer to this one, by reference or by equal id."""
        names = {self.plain}
        if attribute is not None:
            said = map(identity, map(self.values.get, ("id", "bucket", "name", "arn")))
            names.update(id_name(text) for text in said if text)
        for kind in types:
            yield from self.estate.links.users(kind, attribute, self.module_address, names)

    @fact
    def applied(self) -> bool:
        "whether a resource of the configuration uses it"
        return any(not kind.startswith("data.") or kind.startswith("data.kubectl_") for kind in self.named_by)

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

    @fact
    def named_by(self) -> list[str]:
        "the types of the resources that name it"
        return self.estate.links.kinds_of_users(self.module_address, self.plain)

    @fact
    def spot_batch(self) -> bool:
        "whether a Batch compute environment of the configuration takes Spot machines"
        environments = self.estate.of("aws_batch_compute_environment")
        return any(
            dig(e.values, "compute_resources", "type") in ("SPOT", "FARGATE_SPOT") for e in environments
        )

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
        "whether machines answer by IMDSv2 alone unless told otherwise: by the account's default, or by their image's"
        in_account = (
            i.values.get("http_tokens") == "required"
            for i in self.estate.of("aws_ec2_instance_metadata_defaults")
        )
        return any(in_account) or self._image_asks_for_tokens

    @property
    def _image_asks_for_tokens(self) -> bool:
        """Whether the image is looked up by the name of one that is registered for IMDSv2."""
        named = self.origin.references("ami") | self.origin.references("image_id")
        images = [i for i in self.linked("data.aws_ami", "data.aws_ssm_parameter") if i.plain in named]
        return bool(images) and all(
            bool(names := list(_image_names(image.values))) and all(map(_OF_TOKENS.search, names))
            for image in images
        )

    @fact
    def opened_to_all(self) -> bool:
        "whether a binding of the configuration gives everyone access to a bucket of Google"
        bindings = self.users(
            "google_storage_bucket_iam_member", "google_storage_bucket_iam_binding", attribute="bucket"
        )
        everyone = {"allUsers", "allAuthenticatedUsers"}
        return any(
            everyone.intersection(map(str, blocks(item.values.get(name))))
            for item in bindings
            for name in ("member", "members")
        )

    @fact
    def pool_metadata(self) -> list[Part]:
        "the node pools of a GKE cluster that leave out which metadata their pods reach, where they would say it"
        path = ("node_config", "workload_metadata_config", "mode")
        pools = self.users("google_container_node_pool", attribute="cluster")
        return [Part(pool, path) for pool in pools if dig(pool.values, *path) is None]

    @fact
    def internal_balancer(self) -> bool:
        "whether the load balancer of a listener is internal"
        found = [lb.values.get("internal") for lb in self.linked("aws_lb", "aws_alb")]
        if any(value is True for value in found):
            return True
        return UNKNOWN if any(isinstance(value, Unknown) for value in found) else False

    @fact
    def registry_scanning(self) -> bool:
        "whether the configuration scans the whole ECR registry"
        return any(True for _ in self.estate.of("aws_ecr_registry_scanning_configuration"))

    @fact
    def cluster(self) -> list[Raw]:
        "the GKE or AKS cluster that a node pool belongs to"
        kinds = ("google_container_cluster", "azurerm_kubernetes_cluster", "aws_eks_cluster")
        name = self.values.get("cluster")
        named = self.estate.of("google_container_cluster") if isinstance(name, str) else ()
        return [c.values for c in self.linked(*kinds)] or [
            c.values for c in named if c.values.get("name") == name
        ]

    @fact
    def cluster_elsewhere(self) -> bool:
        "whether a node pool belongs to a cluster that another configuration makes"
        return self.values.get("cluster") is not None and not self.cluster

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


def _image_names(values: Any) -> Iterator[str]:
    """The names that a data source looks an image up by, or that of the parameter which names it."""
    filters = values.get("filter")
    for item in filters if isinstance(filters, list) else ():
        if isinstance(item, dict) and item.get("name") == "name" and isinstance(item.get("values"), list):
            yield from (name for name in item["values"] if isinstance(name, str))
    yield from (name for name in (values.get("name"), values.get("name_regex")) if isinstance(name, str))
