"""What a resource is there for, as far as its names and its switch tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.formats.model import Model, Place, fact
from linter.formats.terraform.values import HOLE, PartialText, Reference, text_of
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.terraform.resource import Resource

_GATEWAY = lazy_regex(
    r"(?:^|[^a-z])(?:bastion|jump(?:[- ]?(?:box|host|server))?|vpn|openvpn|wireguard|nat|tailscale|teleport)(?![a-z])",
    re.IGNORECASE,
)
_PUBLIC = lazy_regex(r"public|anonymous|unauthenticated|all_?users|everyone|internet", re.IGNORECASE)
# `staging.PROJECT.appspot.com`, `dataproc-temp-REGION-NUMBER-abcdefgh`, `REGION-ENVIRONMENT-0a1b2c3d-bucket`
_OF_GOOGLE = lazy_regex(
    r"\.appspot\.com$|^dataproc-(?:staging|temp)-[a-z]+-[a-z]+\d+-\d+-[a-z0-9]+$|^[a-z]+-[a-z]+\d+-[\w-]+-[0-9a-f]{8}-bucket$"
)
_ADDRESS_OF = lazy_regex(r"(?:^|_)(?:arn|id|name|path|url|uri)$")
_ADMINS = lazy_regex(r"admin|root|break-?glass", re.IGNORECASE)
_ADMINISTRATOR = lazy_regex(
    r"admin|AWSReservedSSO|(?:^|[^a-z])(?:sso|root|owner|operator|platform|sre|break-?glass|maintainer|terraform)",
    re.IGNORECASE,
)
# what Google's services are in a project, by its number: `service-N@gcp-sa-pubsub…`, `N@cloudservices…`
_AGENT = lazy_regex(
    rf"serviceAccount:(?:service-[\d{HOLE}]+@[a-z0-9-]+\.iam|[\d{HOLE}]+@cloudservices)\.gserviceaccount\.com"
)
# the resources that give the address of such an agent
_AGENTS = (
    "google_project_service_identity.",
    "data.google_bigquery_default_service_account.",
    "data.google_storage_project_service_account.",
    "data.google_storage_transfer_project_service_account.",
)
_ADDRESS = (HOLE, f"serviceAccount:{HOLE}")
_BUCKETS = ("aws_s3_bucket", "google_storage_bucket")
_SERVED = ("aws_s3_bucket_website_configuration", "google_compute_backend_bucket")
_GROUPS = ("azuread_group.", "data.azuread_group.")


class Purpose(Model):
    """What a resource is there for."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.document = resource.document

    def place(self) -> Place:
        return self.resource.place()

    @fact
    def gateway(self) -> bool:
        "whether its name says that people come into the network by it, or machines out: a bastion, a VPN"
        values = self.resource.values
        names = (self.resource.name, values.get("name"), values.get("name_prefix"), values.get("tags"))
        return any(_GATEWAY.search(text_of(name).replace("_", "-")) for name in names)

    @fact
    def public_on_demand(self) -> bool:
        "whether it is there only where a switch is on that is off by default and says `public` or the like"
        origin = self.resource.origin
        words = [*origin.words("count"), *origin.words("for_each")] if self.resource.optional else []
        return any(_PUBLIC.search(word) for word in words)

    @fact
    def for_people(self) -> bool:
        "whether a role assignment is for a group of people, and not for what runs by itself"
        values = self.resource.values
        principal = values.get("principal_id")
        return values.get("principal_type") == "Group" or (
            isinstance(principal, Reference) and principal.address.startswith(_GROUPS)
        )

    @fact
    def for_workload(self) -> bool:
        "whether the principal of an access entry is a role of this configuration, or named, and no administrator"
        principal = self.resource.values.get("principal_arn")
        if isinstance(principal, Reference):
            made_here = principal.address.startswith(("aws_iam_role.", "aws_iam_user.", "module."))
            words = f"{principal.address} {self.resource.name}"
        else:
            made_here = isinstance(principal, (str, PartialText))
            words = f"{text_of(principal)} {self.resource.name}"
        return made_here and _ADMINISTRATOR.search(words.replace("_", "-")) is None

    @fact
    def for_administrators(self) -> bool:
        "whether a policy is for a group or a permission set of people that is named for administrators"
        found = self.resource.linked("aws_ssoadmin_permission_set", "aws_iam_group")
        return any(_ADMINS.search(text_of(group.values.get("name"))) for group in found)

    @fact
    def made_by_google(self) -> bool:
        "whether a bucket has a name that App Engine, Container Registry, Dataproc or Composer give theirs"
        return _OF_GOOGLE.search(text_of(self.resource.values.get("name"))) is not None

    @fact
    def website(self) -> bool:
        "whether the bucket that it is, or belongs to, serves a website or is behind a load balancer: it is to be read"
        resource = self.resource
        buckets = [resource] if resource.type in _BUCKETS else resource.buckets
        return any(
            bucket.values.get("website") or next(bucket.users(*_SERVED), None) is not None
            for bucket in buckets
        )

    @fact
    def says_where(self) -> bool:
        "whether its `value` is the address, name or id of something, and not what that holds"
        value = self.resource.values.get("value")
        if not isinstance(value, Reference) or value.address.startswith(
            "random_"
        ):  # their id is what they made
            return False
        return bool(value.path) and _ADDRESS_OF.search(text_of(value.path[-1])) is not None

    @fact
    def revokes(self) -> bool:
        "whether a binding has no members, and so takes the role from everyone"
        return self.resource.type.endswith("_iam_binding") and self.resource.values.get("members") == []

    @fact
    def for_service_agent(self) -> bool:
        "whether a role is for agents of Google's own services, which no workload can be"
        resource = self.resource
        attribute = "members" if resource.type.endswith("_iam_binding") else "member"
        found = resource.values.get(attribute)
        members = found if isinstance(found, list) else [found]
        words = resource.origin.words(attribute)
        made = any(word.startswith(_AGENTS) for word in words) and all(
            word.startswith((*_AGENTS, "data.google_project.")) for word in words
        )
        return bool(members) and all(
            _AGENT.fullmatch(text_of(member)) is not None or (made and text_of(member) in _ADDRESS)
            for member in members
        )

    @fact
    def boundary(self) -> bool:
        "whether a policy is a permissions boundary, which grants nothing"
        resource = self.resource
        named = any(
            "boundary" in text_of(name).lower() for name in (resource.name, resource.values.get("name"))
        )
        owners = resource.users("aws_iam_role", "aws_iam_user", attribute="permissions_boundary")
        return named or next(owners, None) is not None
