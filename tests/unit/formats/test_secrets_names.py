"""Which names carry secrets, and which values only stand for one."""

import pytest

from linter.formats.secrets import is_default_password, is_placeholder, is_secret_name, literal_part

SECRET_NAMES = """
HF_TOKEN HUGGING_FACE_HUB_TOKEN OPENAI_API_KEY AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID WANDB_API_KEY
DB_PASSWORD POSTGRES_PASSWORD MYSQL_ROOT_PASSWORD RABBITMQ_DEFAULT_PASS API_KEY APIKEY SECRET_KEY
CLIENT_SECRET JWT_SECRET GITHUB_TOKEN SSH_PRIVATE_KEY FAL_KEY TLS_KEY SPEECH_KEY clientSecret
admin_password administrator_login_password password token secret_key api-key db.password NEO4J_AUTH
ENCRYPTION_KEY AUTH_TOKEN REFRESH_TOKEN ID_TOKEN PASSWORD_DEFAULT API_KEY_PROD DBPASSWORD hfapikey TOKEN2
PASSWORD_1 AWS_CREDENTIALS passphrase GH_PAT REGISTRY_PSW ACCESS_KEY_ID S3_ACCESS_KEY_ID accessKeyId VAULT_MANAGER_AUTH
SEGMENT_API_KEY SUPER_KEY
"""

OTHER_NAMES = """
MAX_TOKENS TOKENIZERS_PARALLELISM PAD_TOKEN_ID EOS_TOKEN BOS_TOKEN_ID EOS_TOKEN_ID MAX_NEW_TOKENS
max_tokens NUM_TOKENS TOKENIZER TOKENIZER_NAME PRIMARY_KEY KEYBOARD MONKEY PARTITION_KEY key keys
topologyKey topology_key routing_key kms_key PUBLIC_KEY SSH_PUBLIC_KEY TOKEN_FILE PASSWORD_FILE
HF_TOKEN_PATH SECRET_NAME secretName secretKeyRef secret_arn KEY_ID TOKEN_TTL TOKEN_LIMIT TOKEN_URL PWD
OLDPWD ENABLE_AUTH USE_AUTH_TOKEN automountServiceAccountToken password_policy SECRET_STORE
SECRET_MANAGER next_page_token stop_token image_token_index APT_KEY CACHE_KEY sort_key compass PATH HOME
MODEL_NAME TENSOR_PARALLEL_SIZE author hotkey_count VIDEO_TOKEN MASK_TOKEN kms_key_id COMPASS bypass
PSW_FILE psword_count GOOGLE_TAG_MANAGER_AUTH GOOGLE_TAG_MANAGER_GA4_AUTH GTM_AUTH amplitudeAPIKey
SEGMENT_WRITE_KEY segmentKey MIXPANEL_TOKEN sentry_key RATE_LIMIT_PER_KEY requestsPerToken
"""


@pytest.mark.parametrize("name", SECRET_NAMES.split())
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES.split())
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


PLACEHOLDERS = [
    "${HF_TOKEN}",
    "$TOKEN",
    "${TOKEN:?must be set}",
    "$(cat /run/secrets/x)",
    "`cat x`",
    "{{ .Values.token }}",
    "__TOKEN__",
    "<your-token>",
    "[TOKEN]",
    "%TOKEN%",
    "$__env{DB_PASSWORD}",  # of Grafana
    "$__file{/etc/secrets/db-password}",
    "%REQ(x-token)%",  # of Envoy
    "xxxx",
    "****",
    "hf_" + "x" * 34,
    "your-token",
    "replace_me",
    "changeme",
    "AKIAIOSFODNN7EXAMPLE",
    "EMPTY",
    "none",
    "true",
    "password",
    "api-key",
    "sk-1234",
    "vault:secret/x",
    "arn:aws:secretsmanager:eu-west-1:1:secret:x",
    "ENC[AES256_GCM,data]",
    "var.grafana_admin_password",
    "data.aws_secretsmanager_secret.x.arn",
    "/run/secrets/hf",
    "./token.txt",
    "~/.netrc",
    "hf_...",
    "dummy-key",
    "fake",
    "\ufffc",
    "",
    "aaaaaaaaaaaa",
    "my-token",
    "<token>",
    "insert_your_key_here",
    "{base_url}/api/v1/security/csrf_token",
    "xoxb" + "-123-secret-token",
    "pk_" + "live_51H8abc",
    "RWQ" + "f6LRCGA9i53ml" * 4 + "F",  # minisign
    "N8N_API_KEY",  # what getenv is asked for
    "GOOGLE_API_KEY_VAL",  # what a script replaces
    "ACME/OPS/ALERTS",
    "mtls:CN=([^,]+)",
    "userpass:/app/config/creds/userpass.creds",  # a method, and the file that it reads
    "user:!set-TF_VAR_gateway_htpasswd",
    "from_file",
    "set-by-vault",
    "$your-access-key-base64",
    "K8S_TOKEN_PATH.read_text",
    "WebUI\\Password_PBKDF2",  # a key of a settings file
    "SW2Ycw" + "TIb9zpOOhoPsMm",  # Grafana's, unless it is told another
    *(
        "Ag" + third + "x9Qm2/Lw+" * 30 for third in "ABCD"
    ),  # of a SealedSecret: 512 bytes of key, in two bytes
    "{header}.{payload}.{signature}",
    "{env:LITELLM_API_KEY}",
    "found.items[0][",
    "S3_ACCESS_KEY_ID",
    "REPLACEWITHYOURS",
    "REPLACE_DB_PASS",
]


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "Tr0ub4dor&3",
        "9f86d081884c7d659a2feaa0",
        "$" + "2y$10$abcdefg",
        "opensesame",
        "from_fileserver_9",
        "Xk9" + "\\q2LwZ_7",
        "A1B2C3" + ".d4e5f6g7",
        "admin:/" + "opensesame",  # no path, but a password that begins with a slash
        "admin:/" + "Xk9/q2LwZ",
        "AgE" + "x9Qm2/Lw+" * 30,
        "AgA" + "x9Qm2/Lw",
        "{Xk9q2}LwZ",
        "REPLaceQ9x",
    ],
)
def test_literals_are_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    ("value", "literal", "start"),
    [
        ("abc", "abc", 0),
        (' "abc" ', "abc", 2),
        ("${X:-abc}", "abc", 5),
        ("${X-abc}", "abc", 4),
        ("'${X:=abc}'", "abc", 6),
        ("${X}", "${X}", 0),
        ("${X:?no}", "${X:?no}", 0),
        ("${X:-}", "", 5),
    ],
)
def test_literal_part(value: str, literal: str, start: int) -> None:
    assert literal_part(value) == (literal, start)


def test_default_passwords() -> None:
    assert is_default_password("POSTGRES_PASSWORD", "postgres")
    assert is_default_password("MINIO_ROOT_PASSWORD", "minioadmin")
    assert is_default_password("password", "ChangeMe")
    assert not is_default_password("POSTGRES_USER", "postgres")
    assert not is_default_password("POSTGRES_PASSWORD", "${POSTGRES_PASSWORD}")
    assert not is_default_password("POSTGRES_PASSWORD_FILE", "postgres")
