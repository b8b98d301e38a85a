"""Containers that only show that something runs: they say the time again and again, or serve the page that a web
server has when nobody gave it another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cel import UNKNOWN
from linter.patterns import lazy_regex

if TYPE_CHECKING:
    from linter.formats.kubernetes.container import Container

# images of their publishers, also in caches of other registries; `registry.example.com/nginx` may be anybody's
_WEB_SERVERS = lazy_regex(
    r"(?:.*/)?(?:library/(?:nginx|httpd|caddy)|nginxinc/nginx-unprivileged|public\.ecr\.aws/nginx/nginx)"
)
# what changes nothing of what it serves
_BARE = frozenset((
    "name", "image", "imagePullPolicy", "ports", "resources", "livenessProbe", "readinessProbe", "startupProbe",
    "securityContext", "stdin", "tty", "terminationMessagePath", "terminationMessagePolicy", "restartPolicy",
))  # fmt: skip


def only_shows(container: Container) -> bool:
    """Whether a container only says something in a loop, or is a web server without anything of its own."""
    return container.repeats is True or _has_first_page_alone(container)


def _has_first_page_alone(container: Container) -> bool:
    """Whether it is a web server as its publisher has it; a template may add to it, and its values another image.

    `nginx:latest` may also be what a Dockerfile of the project is built to.
    """
    name, node = container.imageRef.full_name, container.node
    if name is UNKNOWN or container.open or node is None or "/templates/" in container.document.path:
        return False
    released = container.imageRef.floating is False
    return released and _WEB_SERVERS.fullmatch(name) is not None and _BARE.issuperset(node.keys())
