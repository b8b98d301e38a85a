"""Every format is found in all the ways in which configuration writes one, and is never shown whole."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.formats import secrets
from linter.formats.secrets import (
    Shown,
    classify,
    classify_base64,
    find_all,
    find_named,
    mask,
    redact,
    sample,
    scan,
)
from linter.formats.secrets import table as secrets_table
from linter.formats.secrets.checks import BASE62, crc, encode_number

KINDS = secrets.kinds()
RECOGNISED_ALONE = [
    pattern.kind
    for pattern in secrets_table.patterns()
    if not pattern.named and pattern.kind != "named-secret"
]


def name_of(kind: str) -> str:
    pattern = secrets_table.by_kind()[kind]
    return pattern.names[0] if pattern.names else "MY_API_KEY"


@pytest.mark.parametrize("kind", KINDS)
def test_a_named_value_is_classified(kind: str) -> None:
    for seed in range(8):
        value = sample(kind, seed)
        found = classify(name_of(kind), value)
        assert found is not None
        assert found.confidence != "low"
        assert 0 <= found.start < found.end <= len(value)


@pytest.mark.parametrize("kind", RECOGNISED_ALONE)
def test_a_format_is_found_without_a_name(kind: str) -> None:
    for seed in range(8):
        text = f"before\n  key: {sample(kind, seed)}\nafter"
        assert [found for found in find_all(text) if found.confidence != "low"]


@pytest.mark.parametrize(
    "kind", ["huggingface-user-token", "openai-project-key", "aws-access-key-id", "github-token"]
)
def test_kinds_are_stable(kind: str) -> None:
    found = classify(name_of(kind), sample(kind))
    assert found is not None
    assert found.kind == kind


def test_tokens_glued_to_an_escaped_line_end() -> None:
    assert [found.kind for found in find_all(r"token\n" + sample("huggingface-user-token"))] == [
        "huggingface-user-token"
    ]


def test_the_default_of_an_interpolation_counts() -> None:
    token = sample("huggingface-user-token")
    found = classify("HF_TOKEN", "${HF_TOKEN:-" + token + "}")
    assert found is not None
    assert found.start == len("${HF_TOKEN:-")
    assert classify("HF_TOKEN", "${HF_TOKEN}") is None
    assert classify("HF_TOKEN", "${HF_TOKEN:-}") is None


def test_a_checksum_that_does_not_fit_lowers_confidence() -> None:
    good = sample("github-token")
    bad = good[:-1] + ("a" if good[-1] != "a" else "b")
    assert [(s.confidence, s.checksum) for s in find_all(good)] == [("high", True)]
    assert [(s.confidence, s.checksum) for s in find_all(bad)] == [("medium", False)]


def test_the_checksum_of_github_is_as_published() -> None:
    body = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"
    assert encode_number(crc(body), BASE62, 6) == "0mLq17"  # the example of the announcement


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_TOKENS", "4096"),
        ("PAD_TOKEN_ID", "128001"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("HF_TOKEN", "your-hf-token"),
        ("API_KEY", "EMPTY"),
        ("OPENAI_API_KEY", "sk-no-key-required"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("IMAGE_DIGEST", "sha256:" + "9f86d081884c7d65" * 4),
        ("GIT_SHA", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("SECRET_KEY", "var.secret_key"),
        ("password", "{{ .Values.password }}"),
        ("DATABASE_URL", "postgresql://user:${DB_PASSWORD}@db/app"),
        ("DATABASE_URL", "postgresql://user:password@db/app"),
        ("api_key", ""),
        ("mongodbConnectionStringAuth", "mongodb://mongodb_hostname:27017/auth"),
        ("secret_access_key", "abcdff6a" + "11223344aabbcc66ee231e6dd0c1122ff1234567"),
        ("DP_CREDENTIAL_LOGIN_META2", "component=mesh-gateway"),
        ("checksum/secret", "9f86d081884c7d65" * 4),
        ("AWS_ACCESS_KEY_ID", "s3_compatible_store_key_id"),
        ("AWS_SECRET_ACCESS_KEY", "s3_compatible_store_secret_access_key"),
        ("password", "mongodb://user:password@mongo-host:27017"),
        (
            "AWS_ACCESS_KEY_ID",
            base64.b64encode(b"s3_compatible_store_key_id").decode(),
        ),  # of a rendered Secret
    ],
)
def test_what_is_no_secret(name: str, value: str) -> None:
    found = classify(name, value)
    assert found is None or found.confidence == "low"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_SECRET_ACCESS_KEY", "s3_" + "k9f2lq7xw4m8zr3t6vb1_access_key"),  # behind it is what nobody says
        ("AWS_ACCESS_KEY_ID", "s3_" + "compatible_store_4f9a_q7x"),  # does not end as its name does
        ("password", "mongodb://user:password@mongo-host:27017/" + "kX9w" * 2 + "q2LmZ7vR"),
    ],
)
def test_words_of_the_name_beside_a_secret_hide_nothing(name: str, value: str) -> None:
    found = classify(name, value)
    assert found is not None
    assert found.confidence == "medium"


def test_a_password_of_the_words_of_its_name_is_a_weak_one() -> None:
    found = classify("APP_DB_PASSWORD", "clinic_db_" + "password")
    assert found is not None
    assert found.kind == "weak-secret"


def test_encoded_values_are_looked_into() -> None:
    import base64

    token = sample("huggingface-user-token")
    encoded = base64.b64encode(token.encode()).decode()
    found = classify_base64("token", encoded)
    assert found is not None
    assert (found.kind, found.start, found.end) == ("huggingface-user-token", 0, len(encoded))
    assert classify_base64("token", "not base64!") is None


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("<API key>", False),
        ("changeme", False),
        ("", False),
        (sample("named-secret"), True),
        ("k8-Tulip", True),
    ],
)
def test_a_login_of_a_registry_that_only_shows_where_its_password_belongs(password: str, told: bool) -> None:
    auth = base64.b64encode(f"$oauthtoken:{password}".encode()).decode()
    config = f'{{"auths": {{"nvcr.io": {{"auth": "{auth}"}}}}}}'
    for found in (
        secrets.classify(".dockerconfigjson", config),
        secrets.classify_base64(".dockerconfigjson", base64.b64encode(config.encode()).decode()),
    ):
        assert (found is not None) is told


def test_one_secret_one_match() -> None:
    text = f"DATABASE_URL=postgresql://app:{sample('huggingface-user-token')}@db:5432/app"
    assert len(list(find_all(text))) == 1


LINES = {
    "env": "ENV {name}={value}",
    "env quoted": 'ENV {name}="{value}"',
    "env legacy": "ENV {name} {value}",
    "arg": "ARG {name}={value}",
    "run": "RUN export {name}={value} && make",
    "yaml": "    {name}: {value}",
    "yaml quoted": '    {name}: "{value}"',
    "yaml pair": "  - name: {name}\n    value: {value}",
    "compose list": "      - {name}={value}",
    "hcl": '  {name} = "{value}"',
    "json": '  "{name}": "{value}",',
    "flag": "docker run -e {name}={value} image",
}
# what YAML or HCL can't hold plainly on a line
MULTILINE = {
    "private-key",
    "oci-private-key",
    "gcp-service-account",
    "docker-registry-auth",
    "npmrc-auth",
    "netrc-password",
}


@pytest.mark.parametrize("form", LINES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in MULTILINE])
def test_raw_text_in_every_form(kind: str, form: str) -> None:
    line = LINES[form].format(name=name_of(kind), value=sample(kind, 3))
    found = [*find_all(line), *find_named(line)]
    assert [secret for secret in found if secret.confidence != "low"]


@pytest.mark.parametrize("form", LINES)
@pytest.mark.parametrize("kind", KINDS)
def test_redaction_hides_and_is_idempotent(kind: str, form: str) -> None:
    value = sample(kind, 5)
    line = LINES[form].format(name=name_of(kind), value=value)
    shown = redact(line)
    secret = classify(name_of(kind), value)
    assert secret is not None
    assert value[secret.start : secret.end] not in shown
    assert "****[" in shown
    assert redact(shown) == shown


def test_redaction_of_weak_passwords_and_bare_lines() -> None:
    assert "hunter2" not in redact("POSTGRES_PASSWORD: hunter2")
    assert "hunter2" not in redact("environment: {POSTGRES_PASSWORD: hunter2}")
    body = sample("private-key").splitlines()[1]
    assert body not in redact("    " + body)
    assert "Xk29dkWmq0ZpLs81TgBv" not in redact('value: "Xk29dkWmq0ZpLs81TgBv"')


@pytest.mark.parametrize(
    "line",
    [
        "image: ghcr.io/org/model-server:v1.2.3",
        "image: registry/x@sha256:" + "9f86d081884c7d65" * 4,
        "FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04 AS build",
        "  secretKeyRef: {name: hf-secret, key: token}",
        "HF_TOKEN: ${HF_TOKEN}",
        "automountServiceAccountToken: false",
        "max_tokens: 4096",
        "  password: var.admin_password",
        "topologyKey: kubernetes.io/hostname",
    ],
)
def test_redaction_leaves_the_rest_alone(line: str) -> None:
    assert redact(line) == line


def test_a_scan_joins_formats_and_names() -> None:
    token, key = sample("huggingface-user-token"), sample("named-secret")
    text = f"HF_TOKEN={token}\nMY_SECRET={key}\nPASSWORD=hunter2\n"
    assert [text[s.start : s.end] for s in scan(text)] == [token, key]
    assert [text[s.start : s.end] for s in scan(text, "low")] == [token, key, "hunter2"]


def test_values_apart_from_their_names_are_hidden() -> None:
    text = "env:\n  - name: DB_PASSWORD\n    value: hunter\nimage: hunter/x\n"
    shown = Shown(text)
    start = text.index("    value")
    assert shown.slice(start, start + len("    value: hunter")) == "    value: ****[weak-secret]"
    assert shown.slice(start, start + len("    value: hu")) == "    value: ****[weak-secret]"
    assert shown.slice(text.index("image"), len(text) - 1) == "image: hunter/x"
    token = sample("named-secret")
    assert token not in Shown(f"- name: MY_TOKEN\n  value: {token}\n").message(f"holds '{token}'.")


def test_no_line_of_a_key_file_is_shown() -> None:
    key = sample("private-key")
    text = "tls.key: |\n  " + key.replace("\n", "\n  ") + "\n"
    shown, at = Shown(text), 0
    for line in text.splitlines(keepends=True):
        assert not any(part in shown.slice(at, at + len(line)) for part in key.splitlines()[1:-1])
        at += len(line)


def test_masks_show_little() -> None:
    assert mask("short", "weak-secret") == "****[weak-secret]"
    assert mask("abcdefghijklmnopqrst", "named-secret") == "abcd****[named-secret]"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for found in [*find_all(text), *find_named(text, "low")]:
        assert 0 <= found.start < found.end <= len(text)
    assert redact(redact(text)) == redact(text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 50), st.text(max_size=30), st.text(max_size=30))
def test_redaction_is_idempotent_around_secrets(kind: str, seed: int, before: str, after: str) -> None:
    once = redact(f"{before} {name_of(kind)}={sample(kind, seed)} {after}")
    assert redact(once) == once


@pytest.mark.parametrize("text", ["/Users/Ada/.ssh/gcloud_id_rsa", "C:\\Keys\\Gpu7\\Xk29fPq1"])
def test_a_path_is_no_secret(text: str) -> None:
    assert secrets.is_placeholder(text)


@pytest.mark.parametrize("text", ["$HOME/.ssh/id_rsa", "$kms_keys:billing-0/ew1/bigquery"])
def test_a_path_below_a_variable_is_a_reference(text: str) -> None:
    assert secrets.is_placeholder(text)


@pytest.mark.parametrize("header", ["-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----"])
@pytest.mark.parametrize("mark", ["", "base64+age:"])
def test_ciphertext_in_base64_is_no_secret(header: str, mark: str) -> None:
    text = base64.b64encode(f"{header}\nYWdlLWVuY3J5cHRpb24ub3JnL3Yx\n".encode()).decode()
    assert secrets.is_placeholder(mark + text)


def test_wide_blanks_hide_nothing() -> None:
    password = secrets.sample("huggingface-user-token")
    wide = " " * 20
    netrc = f"machine{wide}host.internal{wide}login{wide}bob{wide}password{wide}Hx7fj{password[3:9]}Q1"
    assert [found.kind for found in secrets.scan(netrc)] == ["netrc-password"]
    header = f"authorization{wide}:{wide}bearer{wide}{password[3:]}"
    assert [found.kind for found in secrets.scan(header)] == ["authorization-header"]


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
def test_the_first_line_of_a_key_without_quotes(kind: str) -> None:
    text = f"TLS_PRIVATE_KEY=-----BEGIN {kind}-----"
    (found,) = secrets.scan(text)
    assert text[found.start : found.end].startswith("-----BEGIN")


def test_letters_without_a_plan_are_no_weak_password() -> None:
    password = "".join(("ToiRM", "wWKwd", "GLiU0"))
    (found,) = secrets.scan(f"mysql://app:{password}@db:3306/x")
    assert found.kind == "database-url-password"


@pytest.mark.parametrize(
    ("password", "told"), [("backup" + "123456", "low"), ("xK3d9Qm2pL" + "123456", "high")]
)
def test_words_that_count_are_a_weak_password(password: str, told: str) -> None:
    (found,) = secrets.find_all(f"mongodb://backup:{password}@db/admin")
    assert found.confidence == told


SALT_AND_DIGEST = "vG3eRkq1xT8WmZ0dJ5yUhA"
DIGESTS = [
    "$".join(("", "pbkdf2-sha512", "310000", SALT_AND_DIGEST, SALT_AND_DIGEST[::-1] * 3)),
    "$".join(("", "argon2id", "v=19", "m=65536,t=3,p=4", SALT_AND_DIGEST, SALT_AND_DIGEST[::-1])),
    secrets.sample("password-hash"),
]


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("client_secret: 'DIGEST'", "low"),  # random, and digested in a slow way: nobody guesses it
        ('clientSecretHash = "DIGEST"', "low"),
        ("password: 'DIGEST'", "medium"),  # people choose those
        ("app_secret: 'DIGEST'", "medium"),
        ("hash: DIGEST", "medium"),
    ],
)
def test_a_digest_of_what_a_client_was_issued(digest: str, line: str, told: str) -> None:
    name, value = (part.strip("'\" ") for part in line.replace(":", "=").split("=", 1))
    found = classify(name, value.replace("DIGEST", digest))
    assert found is not None
    assert (found.kind, found.confidence) == ("password-hash", told)
    (found,) = secrets.find_all(line.replace("DIGEST", digest))
    assert (found.kind, found.confidence) == ("password-hash", told)


def test_a_quick_digest_of_it_is_told() -> None:
    digest = "$".join(("", "apr1", SALT_AND_DIGEST[:8], SALT_AND_DIGEST))
    (found,) = secrets.find_all(f"client_secret: '{digest}'")
    assert found.confidence == "medium"
