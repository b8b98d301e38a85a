"""Versions of AI software with known severe vulnerabilities, each confirmed in a public source. Checked 2026-11-26.

A row covers tags from `since` (inclusive) to `fixed` (exclusive) of images that `image` matches (a pattern of the
repository). Of several rows that match, all are told, with the highest `fixed`. What could not be confirmed is not
here.
"""

from __future__ import annotations

from linter.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Vulnerable:
    """A range of versions with a vulnerability. Versions are compared number by number."""

    image: str
    since: str
    fixed: str
    ids: str
    what: str
    source: str
    but: str = ""  # pattern of tags of images that hold something else, such as a client


VULNERABLE: tuple[Vulnerable, ...] = (
    Vulnerable(
        r"(^|/)vllm/vllm-openai$", "0.3.0", "0.22.0", "CVE-2026-48746",
        "the API can be used without its key",
        "https://github.com/vllm-project/vllm/security/advisories/GHSA-94f4-hr76-p5j6",
    ),
    Vulnerable(
        r"(^|/)vllm/vllm-openai$", "0.8.3", "0.14.1", "CVE-2026-22778",
        "two requests run code on a server of a video model",
        "https://nvd.nist.gov/vuln/detail/CVE-2026-22778",
    ),
    Vulnerable(
        r"(^|/)vllm/vllm-openai$", "0.10.1", "0.14.0", "CVE-2026-22807",
        "code of a model's repository runs at load, whatever trust_remote_code says",
        "https://github.com/advisories/GHSA-2pc9-4j83-qjmr",
    ),
    Vulnerable(
        r"(^|/)vllm/vllm-openai$", "0", "0.11.0", "CVE-2025-59425",
        "the API key can be guessed from response times",
        "https://github.com/advisories/GHSA-wr9h-g72x-mwhm",
    ),
    Vulnerable(
        r"(^|/)nvidia/tritonserver$", "0", "25.07", "CVE-2025-23319, CVE-2025-23310",
        "remote code execution without authentication",
        "https://nvidia.custhelp.com/app/answers/detail/a_id/5687",
        but=r"-sdk$",
    ),
    Vulnerable(
        r"(^|/)pytorch/torchserve$", "0", "0.8.2", "CVE-2023-43654",
        "models, and with them code, can be registered from anywhere",
        "https://github.com/advisories/GHSA-8fxr-qfr9-p34w",
    ),
    Vulnerable(
        r"(^|/)ollama/ollama$", "0", "0.17.1", "CVE-2026-7482",
        "a crafted model reads the server's memory, keys and other users' prompts included",
        "https://nvd.nist.gov/vuln/detail/CVE-2026-7482",
    ),
    Vulnerable(
        r"(^|/)langflowai/langflow$", "0", "1.3.0", "CVE-2025-3248",
        "anyone can run Python code on the server",
        "https://github.com/advisories/GHSA-rvqx-wpfh-mfx7",
    ),
)  # fmt: skip

# The NVIDIA container toolkit, which runs as root on every GPU node. By the records CVE-2025-23266 concerns versions
# before 1.17.5 in CDI mode only, since the hook came to the other mode with that one, and CVE-2025-23359 that other
# mode alone.
TOOLKIT_WITH_CDI: tuple[Vulnerable, ...] = (
    Vulnerable(
        r"(^|/)container-toolkit$", "0", "1.17.8", "CVE-2025-23266",
        "an image can run code with the rights of the toolkit's hooks",
        "https://www.cve.org/CVERecord?id=CVE-2025-23266",
    ),
)  # fmt: skip
TOOLKIT_WITHOUT_CDI: tuple[Vulnerable, ...] = (
    Vulnerable(
        r"(^|/)container-toolkit$", "1.17.5", "1.17.8", "CVE-2025-23266",
        "an image can run code with the rights of the toolkit's hooks",
        "https://www.cve.org/CVERecord?id=CVE-2025-23266",
    ),
    Vulnerable(
        r"(^|/)container-toolkit$", "0", "1.17.4", "CVE-2025-23359",
        "an image can mount the node's file system",
        "https://www.cve.org/CVERecord?id=CVE-2025-23359",
    ),
)  # fmt: skip
