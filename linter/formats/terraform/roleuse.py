"""How an IAM role is used: who runs with it, and which managed policies it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.cel import UNKNOWN
from linter.formats.model import Model, fact, field
from linter.formats.terraform.model import Located
from linter.formats.terraform.values import Reference
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.resource import Resource

_OWN = lazy_regex(r"(?:^|(?<!data)\.)aws_iam_policy\.[^.]+$")


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
            elif isinstance(arn, Reference) and _OWN.search(arn.address) is not None:
                continue  # a policy of the configuration, and so none of AWS
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
    def notebooks(self) -> list[Located]:
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
