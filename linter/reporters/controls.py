"""The controls of the standards that rules name: their titles, and which of them a scanner of files can judge.

Only names and numbers, for orientation; the standards themselves are the authority. A control that no rule stands
for is listed as not covered, never as passed.
"""

from __future__ import annotations

from linter.frozen import dataclass
from linter.reporters import controls_cis as cis


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard by its key, as in `cis-k8s:5.2.2`; `controls` maps the part after the colon to a title."""

    key: str
    title: str
    url: str
    controls: dict[str, str]


STANDARDS: dict[str, Standard] = {
    standard.key: standard
    for standard in (
        Standard(
            "pss",
            "Kubernetes Pod Security Standards",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            {
                "baseline": "Prevents known privilege escalations",
                "restricted": "Current hardening practice for pods",
            },
        ),
        Standard(
            "cis-k8s",
            f"CIS Kubernetes Benchmark {cis.KUBERNETES_EDITION}",
            "https://www.cisecurity.org/benchmark/kubernetes",
            cis.KUBERNETES,
        ),
        Standard(
            "cis-docker",
            f"CIS Docker Benchmark {cis.DOCKER_EDITION}, images and containers",
            "https://www.cisecurity.org/benchmark/docker",
            cis.DOCKER,
        ),
        Standard(
            "nsa-k8s",
            "NSA and CISA Kubernetes Hardening Guide",
            "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
            {
                "non-root": "Non-root containers and rootless container engines",
                "immutable-filesystem": "Immutable container file systems",
                "images": "Building secure container images",
                "control-plane": "Control plane hardening",
                "pod-security": "Pod security enforcement",
                "privileged": "Privileged containers are not used",
                "privilege-escalation": "Privilege escalation is not allowed",
                "host-access": "No access to the host's namespaces, paths and ports",
                "capabilities": "Linux capabilities are dropped",
                "seccomp": "Hardening with seccomp",
                "apparmor": "Hardening with AppArmor",
                "selinux": "Hardening with SELinux",
                "service-account-token": "Protecting pod service account tokens",
                "network-policies": "Network policies",
                "resource-policies": "Resource policies",
                "encryption": "Encryption in transit and at rest",
                "secrets": "Protecting secrets",
                "rbac": "Role-based access control",
                "audit-logging": "Audit logging and threat detection",
            },
        ),
        Standard(
            "nist-800-190",
            "NIST SP 800-190, Application Container Security Guide",
            "https://csrc.nist.gov/pubs/sp/800/190/final",
            {
                "4.1.1": "Image vulnerabilities",
                "4.1.2": "Image configuration defects",
                "4.1.3": "Embedded malware",
                "4.1.4": "Embedded clear text secrets",
                "4.1.5": "Use of untrusted images",
                "4.2.1": "Insecure connections to registries",
                "4.2.2": "Stale images in registries",
                "4.2.3": "Insufficient authentication and authorization at registries",
                "4.3.1": "Unbounded administrative access",
                "4.3.2": "Unauthorized access",
                "4.3.3": "Poorly separated inter-container traffic",
                "4.3.4": "Mixing of workload sensitivity levels",
                "4.3.5": "Orchestrator node trust",
                "4.4.1": "Vulnerabilities within the runtime software",
                "4.4.2": "Unbounded network access from containers",
                "4.4.3": "Insecure container runtime configurations",
                "4.4.4": "App vulnerabilities",
                "4.4.5": "Rogue containers",
                "4.5.1": "Large attack surface of the host",
                "4.5.2": "Shared kernel",
                "4.5.3": "Host OS component vulnerabilities",
                "4.5.4": "Improper user access rights",
                "4.5.5": "Host file system tampering",
            },
        ),
        Standard(
            "owasp-llm",
            "OWASP Top 10 for LLM Applications 2025",
            "https://genai.owasp.org/llm-top-10/",
            {
                "LLM01": "Prompt Injection",
                "LLM02": "Sensitive Information Disclosure",
                "LLM03": "Supply Chain",
                "LLM04": "Data and Model Poisoning",
                "LLM05": "Improper Output Handling",
                "LLM06": "Excessive Agency",
                "LLM07": "System Prompt Leakage",
                "LLM08": "Vector and Embedding Weaknesses",
                "LLM09": "Misinformation",
                "LLM10": "Unbounded Consumption",
            },
        ),
        Standard(
            "mitre-atlas",
            "MITRE ATLAS",
            "https://atlas.mitre.org/",
            {
                "AML.T0010": "AI Supply Chain Compromise",
                "AML.T0049": "Exploit Public-Facing Application",
                "AML.T0051": "LLM Prompt Injection",
            },
        ),
        Standard(
            "cis-eks",
            f"CIS Amazon EKS Benchmark {cis.EKS_EDITION}",
            "https://www.cisecurity.org/benchmark/kubernetes",
            cis.EKS,
        ),
        Standard(
            "cis-gke",
            f"CIS Google GKE Benchmark {cis.GKE_EDITION}",
            "https://www.cisecurity.org/benchmark/kubernetes",
            cis.GKE,
        ),
        Standard(
            "cis-aws",
            f"CIS AWS Foundations Benchmark {cis.AWS_EDITION}",
            "https://www.cisecurity.org/benchmark/amazon_web_services",
            cis.AWS,
        ),
        Standard("cwe", "Common Weakness Enumeration", "https://cwe.mitre.org/", {}),
    )
}
