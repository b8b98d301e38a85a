"""Settings that switch off the authentication of a data or model service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from linter.formats.compose.item import Item
from linter.formats.model import fact, field
from linter.text import Span

if TYPE_CHECKING:
    from linter.formats.compose.service import Service

_ON = r"(?:true|yes|on|1|enabled?)"
_OFF = r"(?:false|no|off|0|disabled?)"

# variable, its value that opens the service, what it opens; read 2026-11 in each product's documentation
VARIABLES: tuple[tuple[str, str, str], ...] = (
    (r"ALLOW_EMPTY_PASSWORD", _ON, "database without a password"),  # Bitnami images
    (r"MYSQL_ALLOW_EMPTY_PASSWORD|MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", r".+", "MySQL without a root password"),
    (r"POSTGRES_HOST_AUTH_METHOD", r"trust", "PostgreSQL that trusts every client"),
    (r"ALLOW_ANONYMOUS_LOGIN", _ON, "ZooKeeper or Kafka without a login"),
    (r"ALLOW_PLAINTEXT_LISTENER", _ON, "Kafka listener without encryption and login"),
    (r"AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", _ON, "Weaviate for anonymous clients"),
    (r"xpack\.security\.enabled", _OFF, "Elasticsearch without security"),
    (r"DISABLE_SECURITY_PLUGIN|plugins\.security\.disabled", _ON, "OpenSearch without security"),
    (r"NEO4J_AUTH", r"none", "Neo4j without a login"),
    (r"GF_AUTH_ANONYMOUS_ENABLED", _ON, "Grafana for anonymous users"),
    (r"ME_CONFIG_BASICAUTH", _OFF, "Mongo Express without a login"),
    (r"JUPYTER_TOKEN|NOTEBOOK_TOKEN", r"", "Jupyter without a token"),
    (r"WEBUI_AUTH", _OFF, "Open WebUI without a login"),
    (r"LANGFLOW_AUTO_LOGIN", _ON, "Langflow without a login"),
    (r"FLOWISE_AUTH_DISABLED", _ON, "Flowise without a login"),
    (r"N8N_USER_MANAGEMENT_DISABLED", _ON, "n8n without users"),
    (
        r"AIRFLOW__API__AUTH_BACKENDS?",
        r".*(?:auth\.backend\.default|deny_none).*",
        "Airflow API without a login",
    ),
    (r"CHROMA_SERVER_AUTHN_PROVIDER", r"", "Chroma without authentication"),
    (r"DOCKER_TLS_CERTDIR", r"", "Docker API without TLS"),
)
# option of a command line that opens the service, what it opens
OPTIONS: tuple[tuple[str, str], ...] = (
    (r"--protected-mode[ =]no\b", "Redis without protected mode"),
    (
        r"--(?:NotebookApp|ServerApp|IdentityProvider)\.(?:token|password)=(?:''|\"\"|(?=\s|$))",
        "Jupyter without a token",
    ),
    (r"--ServerApp\.disable_check_xsrf=True", "Jupyter without its check of requests"),
    (r"--noauth(?:\s|$)", "MongoDB without a login"),
    (r"\bcockroach\s+start\S*\s[^\n]{0,300}--insecure", "CockroachDB without TLS and login"),
    (r"--skip-grant-tables\b", "MySQL without its grants"),
)
_RUNS_CODE = ("Jupyter", "Docker API")


class AuthSwitch(Item):
    """One setting that leaves a service open."""

    setting: str = field("", "the variable or option")
    opens: str = field("", "what it leaves open")

    def __init__(self, service: Service, span: Span, setting: str, opens: str) -> None:
        super().__init__(service, span, f"auth/{setting}")
        self.setting = setting
        self.opens = opens

    @fact
    def answersOthers(self) -> bool:
        """Whether it leaves the service open to more than the programs of its host: its ports are not on the loopback
        alone. What runs code for whoever asks is open to every page that is looked at there, too."""
        return self.opens.startswith(_RUNS_CODE) or not self.service.onlyOnLoopback


def auth_switches(service: Service) -> Iterator[AuthSwitch]:
    """Variables and options of a service that switch its authentication off."""
    for variable in service.environment:
        value = variable.value
        if not isinstance(value, str):
            continue
        for name, opening, opens in VARIABLES:
            if re.fullmatch(name, variable.name, re.IGNORECASE) and re.fullmatch(
                opening, value.strip(), re.IGNORECASE
            ):
                yield AuthSwitch(service, variable.span, variable.name, opens)
    text = " ".join(word or "''" for word in service.words)
    for option, opens in OPTIONS:
        found = re.search(option, text)
        if found is not None:
            setting = found.group().strip()
            yield AuthSwitch(service, _place_of(service, setting), setting, opens)


def _place_of(service: Service, option: str) -> Span:
    """Where an option is written: the command, or its line of one that is written in several."""
    key = next((key for key in ("command", "entrypoint") if service.child(key) is not None), "command")
    for where in ("command", "entrypoint"):
        node = service.child(where)
        if node is None:
            continue
        start, document = service.document.at(node.span.start)
        text, first, end = document.text.text, node.span.start - start, node.span.end - start
        at = text.find(option.split()[0].partition("=")[0], first, end)
        if at < 0:
            continue
        if "\n" not in text[first:at]:
            key = where
            break
        line_end = text.find("\n", at, end)
        return Span(at + start, (line_end if line_end >= 0 else at + len(option)) + start)
    return service.locate((key,)).span
