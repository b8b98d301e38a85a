"""Resources and data sources, with what we derive of them."""

from __future__ import annotations

from typing import Any

from linter.cel import UNKNOWN
from linter.formats.document import Document
from linter.formats.model import Raw, fact, field
from linter.formats.terraform import containers as workloads
from linter.formats.terraform import disks as volumes
from linter.formats.terraform import manifests as applied
from linter.formats.terraform import policies, ports
from linter.formats.terraform import scripts as startup
from linter.formats.terraform import settings as named
from linter.formats.terraform.gpu import Guest, Machine, wanted_types
from linter.formats.terraform.iam import Statement
from linter.formats.terraform.model import Estate, Origin, Values
from linter.formats.terraform.neighbours import Neighbours
from linter.formats.terraform.part import blocks
from linter.formats.terraform.purpose import Purpose
from linter.formats.terraform.roleuse import RoleUse
from linter.formats.terraform.values import Reference, structured
from linter.formats.terraform.versions import newest_major


class Resource(Neighbours):
    """A resource or data source; `self` holds its attributes. A data source's type is `data.TYPE`."""

    type: str = field("", "type such as aws_instance")
    mode: str = field("managed", "`managed` or `data`")
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
        self._type_key = f"data.{type_}" if mode == "data" else type_
        super().__init__(document, origin, estate, name, values, f"{self._type_key}.{name}", module_address)
        self.type = type_
        self.mode = mode
        self.key = key
        self.provider = provider
        self.action = action
        self.provisioners = provisioners or []
        self.borrowed = borrowed  # of a called module: only findings in the calling file count
        self.optional = optional  # whether there is one is up to who calls
        self.scope = scope  # of the instance, for what is evaluated later
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
    def statements(self) -> list[Statement]:
        "the statements of its policies"
        return policies.statements(self, self._type_key)

    @fact
    def containers(self) -> list[workloads.Container]:
        "the containers that it describes (ECS, Batch, SageMaker, Cloud Run, Azure, Docker)"
        return workloads.containers(self, self._type_key)

    @fact
    def env(self) -> list[named.Setting]:
        "the environment variables of all its containers"
        result: list[Any] = []
        for container in self.containers:
            result += [UNKNOWN] if container is UNKNOWN else container.env
        return result

    @fact
    def settings(self) -> list[named.Setting]:
        "other named values: data of a Kubernetes secret, Spark settings, `set` blocks of a release"
        return named.settings(self, self._type_key)

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
    def passwords(self) -> list[named.Setting]:
        "passwords and keys among its attributes that are written as a literal"
        return named.literals(self)

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
    def refers_to(self) -> list[Resource]:
        "the resources and data sources that it names"
        return list(self.linked(*self.estate.links.kinds_of(self.origin.references(None))))

    @fact
    def buckets(self) -> list[Resource]:
        "the bucket that an ACL, a policy or an access block belongs to"
        return list(self.linked("aws_s3_bucket", "google_storage_bucket"))

    @fact
    def balancers(self) -> list[Resource]:
        "the load balancer of a listener"
        return list(self.linked("aws_lb", "aws_alb"))
