"""The controls of the standards that rules name: their titles, and which of them a scanner of files can judge.

Only names and numbers, for orientation; the standards themselves are the authority. A control that no rule stands
for is listed as not covered, never as passed.
"""

from __future__ import annotations

from linter.frozen import dataclass


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
            "CIS Kubernetes Benchmark",
            "https://www.cisecurity.org/benchmark/kubernetes",
            {
                "5.1.1": "Use of the cluster-admin role is limited",
                "5.1.2": "Access to secrets is minimised",
                "5.1.3": "No wildcards in roles and cluster roles",
                "5.1.4": "Access to create pods is minimised",
                "5.1.5": "Default service accounts are not actively used",
                "5.1.6": "Service account tokens are only mounted where necessary",
                "5.1.7": "The system:masters group is avoided",
                "5.1.8": "Bind, impersonate and escalate permissions are limited",
                "5.1.9": "Access to create persistent volumes is minimised",
                "5.1.10": "Access to the proxy sub-resource of nodes is minimised",
                "5.1.11": "Access to approve certificate requests is minimised",
                "5.1.12": "Access to webhook configurations is minimised",
                "5.1.13": "Access to create service account tokens is minimised",
                "5.2.1": "The cluster has an active policy control mechanism",
                "5.2.2": "Admission of privileged containers is minimised",
                "5.2.3": "Sharing of the host process ID namespace is minimised",
                "5.2.4": "Sharing of the host IPC namespace is minimised",
                "5.2.5": "Sharing of the host network namespace is minimised",
                "5.2.6": "Containers with allowPrivilegeEscalation are minimised",
                "5.2.7": "Root containers are minimised",
                "5.2.8": "Containers with the NET_RAW capability are minimised",
                "5.2.9": "Containers with added capabilities are minimised",
                "5.2.10": "Containers with capabilities assigned are minimised",
                "5.2.11": "Windows HostProcess containers are minimised",
                "5.2.12": "HostPath volumes are minimised",
                "5.2.13": "Containers with HostPorts are minimised",
                "5.3.1": "The network plugin supports network policies",
                "5.3.2": "All namespaces have network policies",
                "5.4.1": "Secrets as files are preferred to secrets in the environment",
                "5.4.2": "External secret storage is considered",
                "5.5.1": "Image provenance is configured by admission control",
                "5.7.1": "Namespaces separate resources",
                "5.7.2": "The seccomp profile is set in pod definitions",
                "5.7.3": "A security context is applied to pods and containers",
                "5.7.4": "The default namespace is not used",
            },
        ),
        Standard(
            "cis-docker",
            "CIS Docker Benchmark, images and containers",
            "https://www.cisecurity.org/benchmark/docker",
            {
                "4.1": "The image has a user of its own",
                "4.2": "Containers use only trusted base images",
                "4.3": "No unnecessary packages are installed",
                "4.4": "Images are scanned and rebuilt with security patches",
                "4.5": "Content trust is enabled",
                "4.6": "HEALTHCHECK instructions are in the image",
                "4.7": "Update instructions are not used alone",
                "4.8": "setuid and setgid permissions are removed",
                "4.9": "COPY is used instead of ADD",
                "4.10": "Secrets are not stored in Dockerfiles",
                "4.11": "Only verified packages are installed",
                "4.12": "All signed artifacts are validated",
                "5.1": "Swarm mode is not enabled where not needed",
                "5.2": "An AppArmor profile is set",
                "5.3": "SELinux security options are set",
                "5.4": "Kernel capabilities are restricted",
                "5.5": "Privileged containers are not used",
                "5.6": "Sensitive host directories are not mounted",
                "5.7": "sshd does not run within containers",
                "5.8": "Privileged ports are not mapped",
                "5.9": "Only needed ports are open",
                "5.10": "The host's network namespace is not shared",
                "5.11": "Memory use is limited",
                "5.12": "CPU priority is set",
                "5.13": "The root file system is mounted read-only",
                "5.14": "Incoming traffic is bound to a specific interface",
                "5.15": "The restart policy is on-failure with a limit",
                "5.16": "The host's process namespace is not shared",
                "5.17": "The host's IPC namespace is not shared",
                "5.18": "Host devices are not exposed directly",
                "5.19": "The default ulimit is overwritten where needed",
                "5.20": "Mount propagation is not shared",
                "5.21": "The host's UTS namespace is not shared",
                "5.22": "The default seccomp profile is not disabled",
                "5.26": "Containers can't acquire new privileges",
                "5.27": "Container health is checked at run time",
                "5.28": "Images are used in their latest patch version",
                "5.29": "The PIDs cgroup limit is used",
                "5.30": "The default bridge is not used",
                "5.31": "The host's user namespaces are not shared",
                "5.32": "The Docker socket is not mounted",
            },
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
            "cis-eks", "CIS Amazon EKS Benchmark", "https://www.cisecurity.org/benchmark/kubernetes", {}
        ),
        Standard(
            "cis-gke", "CIS Google GKE Benchmark", "https://www.cisecurity.org/benchmark/kubernetes", {}
        ),
        Standard("cis-aks", "CIS Azure AKS Benchmark", "https://www.cisecurity.org/benchmark/kubernetes", {}),
        Standard(
            "cis-aws",
            "CIS AWS Foundations Benchmark",
            "https://www.cisecurity.org/benchmark/amazon_web_services",
            {},
        ),
        Standard(
            "cis-gcp",
            "CIS Google Cloud Foundation Benchmark",
            "https://www.cisecurity.org/benchmark/google_cloud",
            {},
        ),
        Standard(
            "cis-azure", "CIS Azure Foundations Benchmark", "https://www.cisecurity.org/benchmark/azure", {}
        ),
        Standard("cwe", "Common Weakness Enumeration", "https://cwe.mitre.org/", {}),
    )
}
