"""What the command lines of programs mean: names of the same tool, and which options take the next word.

Options from each tool's own manual, as of 2026-11; a tool that is not listed takes no next words.
"""

from __future__ import annotations

from functools import cache

ALIASES = {
    "pip3": "pip",
    "pip2": "pip",
    "python3": "python",
    "python2": "python",
    "pypy3": "python",
    "nodejs": "node",
    "microdnf": "microdnf",
    "mamba": "conda",
    "micromamba": "conda",
    "hf": "huggingface-cli",
    "aria2": "aria2c",
    "gpg2": "gpg",
    "gawk": "awk",
    "gsed": "sed",
    "gtar": "tar",
    "bsdtar": "tar",
    "pwsh": "powershell",
    "unminimize": "unminimize",
}

_REGISTRY_LOGIN = r"\blogin\b.*\s(?:-\w*p\b|-p\S|--password\b)"
# tool -> what a login looks like that ends up in the tool's own file
LOGINS = {
    "huggingface-cli": r"\blogin\b.*\s--token\b",
    "wandb": r"\blogin\s+(?:-\S+\s+)*[^-\s]",
    "comet": r"\blogin\b",
    "ngc": r"\bconfig\s+set\b",
    "docker": _REGISTRY_LOGIN,
    "podman": _REGISTRY_LOGIN,
    "crane": _REGISTRY_LOGIN,
    "helm": _REGISTRY_LOGIN,
    "oras": _REGISTRY_LOGIN,
    "skopeo": _REGISTRY_LOGIN,
    "kaggle": r"\bconfig\s+set\b.*\bkey\b",
    "databricks": r"\bconfigure\b.*--token\b",
    "gh": r"\bauth\s+login\b.*--with-token\b",
    "glab": r"\bauth\s+login\b.*(?:-t|--token|--stdin)\b",
    "git": r"\bconfig\b.*url\.\S*@\S*\.insteadof\b|\bconfig\b.*url\.\S*@.*insteadOf",
}

SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ash", "ksh", "mksh", "fish"})
INTERPRETERS = SHELLS | {"python", "perl", "ruby", "node", "php", "lua", "Rscript", "osascript", "powershell"}

_PIP_LONG = (
    "index-url extra-index-url find-links trusted-host requirement requirements constraint constraints "
    "editable target "
    "platform python-version implementation abi root prefix src upgrade-strategy no-binary only-binary progress-bar "
    "config-settings config-setting global-option install-option build-option cache-dir log proxy retries timeout "
    "exists-action cert client-cert use-feature use-deprecated report python extra group index default-index "
    "index-strategy torch-backend prerelease resolution keyring-provider link-mode allow-insecure-host override "
    "overrides build-constraint build-constraints reinstall-package refresh-package upgrade-package with directory "
    "project exclude-newer config-file no-build-isolation-package no-build-package no-binary-package only-group "
    "root-user-action with-requirements with-editable color directory package dest suffix"
)
_PIP = ("reicftdp", _PIP_LONG)

# tool -> (letters of short options that take a value, long options that take the next word)
_TABLE: dict[str, tuple[str, str]] = {
    "pip": ("reicftdb", _PIP_LONG),
    "uv": _PIP,
    "pipx": ("i", _PIP_LONG),
    "curl": (
        "AbcCdDeEFHhKmoPQrtTuUwxXyYz",
        "output header data data-raw data-binary data-urlencode request user user-agent url proxy proxy-user "
        "cacert capath "
        "cert key max-time connect-timeout retry retry-delay retry-max-time referer cookie cookie-jar range resolve "
        "write-out form config upload-file output-dir interface limit-rate ciphers pinnedpubkey noproxy proto tlsv1 "
        "tls-max hostpubmd5 netrc-file oauth2-bearer aws-sigv4 connect-to dns-servers doh-url json max-redirs "
        "max-filesize "
        "create-file-mode time-cond unix-socket variable stderr trace trace-ascii proto-redir proto-default",
    ),
    "wget": (
        "aoeitOTwQPUlARDIXB",
        "output-document output-file append-output directory-prefix header user password user-agent tries timeout "
        "input-file ca-certificate ca-directory certificate private-key post-data post-file method body-data wait "
        "limit-rate "
        "quota referer accept reject domains level http-user http-password execute base cut-dirs progress-bar "
        "compression secure-protocol dns-timeout connect-timeout read-timeout waitretry proxy-user proxy-password",
    ),
    "aria2c": ("xskdojlim", "dir out split max-connection-per-server header checksum input-file user-agent"),
    "axel": ("noUsHT", "num-connections output user-agent"),
    "apt-get": ("otca", "option target-release default-release config-file host-architecture"),
    "apt": ("otca", "option target-release default-release config-file"),
    "aptitude": ("otqFOwZ", "target-release"),
    "apk": ("tXp", "virtual repository root arch keys-dir repositories-file cache-dir wait"),
    "yum": (
        "cdexR",
        "config exclude enablerepo disablerepo setopt installroot releasever repo repoid disableplugin",
    ),
    "dnf": (
        "cdexR",
        "config exclude enablerepo disablerepo enable-repo disable-repo setopt installroot releasever repo repoid "
        "forcearch disableplugin advisory",
    ),
    "microdnf": ("c", "enablerepo disablerepo setopt installroot releasever config repo"),
    "tdnf": ("c", "enablerepo disablerepo setopt installroot releasever config"),
    "zypper": ("prCct", "from repo root type plus-repo plus-content reposd-dir cache-dir gpg-auto-import"),
    "rpm": ("rDE", "root dbpath define eval prefix import-from"),
    "npm": (
        "wC",
        "prefix registry cache loglevel workspace tag userconfig fetch-timeout fetch-retries network-timeout",
    ),
    "pnpm": ("CF", "filter dir registry store-dir reporter"),
    "yarn": ("", "cwd registry network-timeout network-concurrency cache-folder modules-folder mutex"),
    "gem": (
        "vinsP",
        "version install-dir bindir source platform trust-policy http-proxy document use-system-libraries",
    ),
    "conda": (
        "npcfr",
        "name prefix channel file solver experimental-solver root-prefix override-channels-enabled platform",
    ),
    "git": (
        "cCbouj",
        "depth branch origin upload-pack config reference jobs filter separate-git-dir template shallow-since "
        "shallow-exclude revision git-dir work-tree namespace recurse-submodules-of",
    ),
    "useradd": (
        "ugGdscpefkbKR",
        "uid gid groups home home-dir shell comment password expiredate inactive skel base-dir root",
    ),
    "usermod": ("ugGdscpelLR", "uid gid groups home shell comment password expiredate inactive login root"),
    "adduser": ("ugGhskHc", "uid gid group shell home gecos ingroup conf comment"),
    "groupadd": ("gKpR", "gid key password root"),
    "docker": (
        "upfvetH",
        "username password file tag build-arg volume env name host registry-mirror platform target",
    ),
    "podman": ("upfvet", "username password file tag authfile"),
    "helm": ("unf", "username password namespace values version set registry-config"),
    "crane": ("up", "username password"),
    "skopeo": ("up", "username password authfile dest-creds src-creds"),
    "oras": ("up", "username password"),
    "sudo": (
        "ugphCDrtTUR",
        "user group prompt host close-from chdir role type command-timeout other-user chroot",
    ),
    "env": ("uCS", "unset chdir split-string"),
    "xargs": ("adEILlnPs", "arg-file delimiter max-args max-lines max-procs max-chars replace eof"),
    "timeout": ("ks", "kill-after signal"),
    "nice": ("n", "adjustment"),
    "ionice": ("cnpPu", "class classdata"),
    "stdbuf": ("ioe", "input output error"),
    "chrt": ("TPDp", ""),
    "taskset": ("", ""),
    "numactl": ("CNmipP", "cpunodebind membind physcpubind interleave preferred localalloc"),
    "huggingface-cli": (
        "",
        "revision local-dir cache-dir include exclude token repo-type local-dir-use-symlinks max-workers "
        "commit-message",
    ),
    "kaggle": ("fpdcm", "path file dataset competition"),
    "ollama": ("", ""),
    "ngc": ("", "org team format_type dest version source ace format"),
    "wandb": ("", "host relogin entity project"),
    "gsutil": ("oh", ""),
    "aws": ("", "region profile endpoint-url output"),
    "az": ("upto", "username password tenant federated-token output"),
    "gcloud": ("", "project account key-file cred-file"),
    "doctl": ("ct", "access-token context"),
    "databricks": ("", "host token profile"),
    "gh": ("hRp", "hostname repo git-protocol scopes"),
    "glab": ("thR", "token hostname repo"),
    "tar": (
        "fCTbgHIKLNVX",
        "file directory files-from exclude transform use-compress-program strip-components owner group mode",
    ),
    "unzip": ("dxP", ""),
    "install": ("mogtS", "mode owner group target-directory suffix"),
    "cp": ("tS", "target-directory suffix"),
    "mkdir": ("m", "mode"),
    "tee": ("", ""),
    "sed": ("efl", "expression file line-length"),
    "grep": ("efmABCd", "regexp file max-count include exclude exclude-dir"),
    "ssh": ("bcDEeFIiJLlmOopQRSWw", ""),
    "scp": ("cDFiJloPS", ""),
    "ssh-keygen": ("abCDEfFgGIJjKMmnNOPRrSsTtVWYZz", ""),
    "gpg": (
        "ouUr",
        "output keyserver recv-keys-from homedir keyring import-options no-default-keyring-file primary-keyring",
    ),
    "apt-key": ("", "keyserver keyring"),
    "rclone": ("", "config"),
    "gunicorn": ("bwktcpnm", "bind workers worker-class timeout config name chdir threads worker-tmp"),
    "uvicorn": (
        "",
        "host port workers log-level loop http ws root-path app-dir env-file log-config factory-name uds",
    ),
    "vllm": (
        "",
        "host port model tensor-parallel-size served-model-name revision code-revision tokenizer-revision api-key",
    ),
    "ray": (
        "",
        "address port dashboard-host dashboard-port num-cpus num-gpus node-ip-address redis-password resources",
    ),
    "jupyter": ("", "ip port notebook-dir config"),
    "mlflow": (
        "hpw",
        "host port backend-store-uri default-artifact-root app-name workers artifacts-destination",
    ),
    "tensorboard": ("", "host port logdir path_prefix"),
    "flask": ("hpA", "app host port"),
    "setcap": ("", ""),
    "su": ("cgGsw", "command group shell supp-group"),
    "runuser": ("cugGsw", "command user group shell"),
    "gosu": ("", ""),
    "chroot": ("", ""),
    "find": ("*", ""),
    "java": ("*", ""),
    "openssl": ("*", ""),
    "go": ("*", ""),
    "terraform": ("*", ""),
    "docker-entrypoint.sh": ("", ""),
    "node": ("er", "require eval"),
    "python": ("cmWX", ""),
    "perl": ("eEIMm", ""),
    "ruby": ("eIr", ""),
    "bash": ("Oo", "rcfile init-file"),
    "sh": ("o", ""),
    "dash": ("o", ""),
    "ash": ("o", ""),
    "zsh": ("o", ""),
    "ksh": ("o", ""),
    "mpirun": ("Hnx", "np hostfile mca host"),
    "torchrun": (
        "",
        "nproc_per_node nnodes node_rank master_addr master_port rdzv_backend rdzv_endpoint rdzv_id nproc-per-node",
    ),
    "add-apt-repository": ("pkskuc", ""),
    "patchelf": ("", "set-rpath set-interpreter"),
    "service": ("", ""),
}


@cache
def value_options(tool: str) -> tuple[str, frozenset[str]]:
    """Short letters and long words whose value may be the next word; letters `*` mean long options with one dash."""
    short, long = _TABLE.get(tool, ("", ""))
    return short, frozenset(long.split())
