"""How code, data and command lines write a secret, and what only looks like one."""

import base64
import json
import random
import string
from urllib.parse import quote

import pytest

from linter.formats.secrets import classify, find_all, find_named, sample, scan
from linter.formats.secrets.words import looks_random


def token(seed: int, length: int = 28) -> str:
    source = random.Random(seed)
    return "".join(source.choice(string.ascii_letters + string.digits) for _ in range(length))


FORMS = [
    'APP_TOKEN: str = "{}"',
    'client = Client(app_token="{}", timeout=3)',
    'x = os.getenv("APP_TOKEN", "{}")',
    'os.environ["APP_TOKEN"] = "{}"',
    "process.env.APP_TOKEN = `{}`;",
    '{{"a":1,"appToken":"{}"}}',
    '{{"config": "{{\\"app_token\\": \\"{}\\"}}"}}',
    '<property name="app_token" value="{}"/>',
    "<app.token>{}</app.token>",
    '{{ name = "APP_TOKEN", value = "{}" }},',
    "app_token = <<-EOT\n    {}\n  EOT",
    "app_token: |\n  {}\n",
    'app_token = base64encode("{}")',
    'CMD ["serve", "--app-token", "{}"]',
    "serve -app-token {}",
    'export APP_TOKEN="${{APP_TOKEN:-{}}}"',
    'APP_TOKEN=${{APP_TOKEN:-"{}"}}',
    'PG_DSN="host=db user=app password={}"',
    "jdbc:postgresql://db/app?user=app&password={}",
    "Server=db;User ID=app;Password={};Encrypt=true",
]


@pytest.mark.parametrize("form", FORMS)
def test_found_where_it_is_assigned(form: str) -> None:
    value = token(7)
    text = f"before: 1\n{form.format(value)}\nafter: 2\n"
    found = [text[s.start : s.end] for s in scan(text)]
    assert found == [value]


def test_a_call_of_a_program_is_no_password_of_a_connection() -> None:
    assert classify("mint.py", "user = 'a'\npassword = base64.b64encode(\n    digest\n)\n") is None
    assert classify("dsn", f"host=db user=app password={token(7)}") is not None


def test_not_found_without_a_name() -> None:
    assert scan(f"before\n{token(7)}\nafter") == []


EXPRESSIONS = [
    "apiKey: credentialData?.apiKey,",
    "const azureOpenAIApiKey = getCredentialParam('azureOpenAIApiKey', data)",
    'api_key = os.getenv("OPENAI_API_KEY")',
    '"client = OpenAI(api_key=creds.token)\\n",',
    'parser.add_argument("--api-key", default=None, help="key")',
    "NGC_API_KEY: ${NVIDIA_CLI_API_KEY?:source the file}",
    'API_KEY=${API_KEY:-"EMPTY"}',
    "--ServerApp.token= --ServerApp.password= --ServerApp.allow_origin=*",
    "RUN --mount=type=secret,id=hf docker build --secret id=hf-token,env=HF_TOKEN .",
    "--database-encryption-key projects/[KEY_PROJECT_ID]/locations/[LOCATION]",
    'password: "StrongPassword123!"',
    "export GS_PASSWORD=openGauss@123",
    "activation_key = kFp8Dynamic128Sym",
    'agent_key: "9ac73818a528f9f1a3f1067a4b9958e5"',
    'apiKey: "API-Schlüssel"',
    "card_token = stripe.Token.create(card)",
    "checksum/configuration-secret: " + "8f6b14d94a458331" * 4,
    '"type": "service_account",\n"private_key_id": "' + "f2ba09118a" * 4 + '",\n...',
    # a list of variables: the name of the next is no value of the one before
    'update "{\\"token\\": \\"$APP_TOKEN\\", \\"ca_b64enc7\\": \\"$APP_CA\\"}"',
    "secretKey: id_ed25519",
    "- secretKey: B2_S3_USER\n  remoteRef:\n    key: backup\n",
    "- {secretKey: node9001_username, remoteRef: {key: nodes, property: name}}",
    "- remoteRef:\n    key: backup\n    property: b2\n  # the user\n  secretKey: B2_S3_USER\n",
    "- secretKey: B2_S3_USER\n  sourceRef:\n    generatorRef: {kind: Password}\n",
    "remoteKey: s3/cnpg-backup",
    "DATABASE_ADMIN_PASSWORD: " + base64.b64encode(b"databaseAdmin123456\n").decode(),
    "__param_auth=coreasr9k_v3&status=active",
    "bigip_login_secret: f5-bigip-ctlr-login",
    'args: ["--key=/etc/pki/healthcheck-client.key", "--command-timeout=60s"]',
    "superuser_apikey_b64 = found_apikey_secret.items[0]['data']['superuser-apikey']",
    'app_jwt = f"{header}.{payload}.{sig_b64}"',
    '"privateKey": "-----BEGIN RSA ' + 'PRIVATE KEY-----\\nMIIEpA" !!!! with a line end\\n',
    "key: |\n  -----BEGIN RSA " + "PRIVATE KEY-----\n  jO1O1v2ftXMsawM90tnXwc6xhOAT1gDBC9S8DKeca..JZNUgYYw\n",
    "GITEA_TOKEN: "
    + base64.b64encode(b"ENC[AES256_GCM,data:Xk9q2LwZ4t==,iv:9f86d081884c7d65,type:str]").decode(),
    "api-key: " + base64.b64encode(b"sk-test-key-phase3").decode(),
    "serviceaccount.json: "
    + base64.b64encode(b'{\n  "type": "service_account",\n  "project_id": "theworld"\n}').decode(),
]


@pytest.mark.parametrize(
    "text",
    [
        "s3:\n  secretKey: {}\n  endpoint: https://s3\n",
        # of another entry
        "s3:\n  secretKey: {}\n" + "  # \n" * 100 + "data:\n- secretKey: token\n  remoteRef:\n    key: a\n",
        # no name of a key
        "- secretKey: '{}/+='\n  remoteRef:\n    key: a\n",
        'args: ["--password", "{}", "--timeout=60s"]',
    ],
)
def test_values_beside_what_looks_like_an_expression(text: str) -> None:
    (found,) = scan(text.format(sample("named-secret")))
    assert found.kind == "named-secret"


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_and_typed_words_are_none(text: str) -> None:
    assert scan(text) == []


@pytest.mark.parametrize(
    "kind", ["huggingface-user-token", "private-key", "docker-registry-auth", "github-token"]
)
def test_base64_hides_nothing(kind: str) -> None:
    encoded = base64.b64encode(sample(kind).encode()).decode()
    text = f"RUN echo {encoded} | base64 -d > /tmp/x"
    (found,) = scan(text)
    assert text[found.start : found.end] == encoded


def test_base64_of_prose_and_bytes_is_none() -> None:
    prose = base64.b64encode(b"nothing to see here, only a sentence that somebody wrote").decode()
    noise = base64.b64encode(random.Random(3).randbytes(300)).decode()
    assert scan(f"a: {prose}\nb: {noise}\n") == []


def test_an_encoded_url_hides_nothing() -> None:
    url = quote(f"https://ci:{token(3, 20)}@git.example.org/app", safe="")
    assert [s.kind for s in scan(f"u = https://example.org/?next={url}\n")] == ["url-password"]


def test_json_in_strings() -> None:
    auth = json.dumps({"auths": {"ghcr.io": {"auth": base64.b64encode(f"ci:{token(1)}".encode()).decode()}}})
    assert [s.kind for s in find_all(json.dumps({"config": auth}))] == ["docker-registry-auth"]


@pytest.mark.parametrize("end", ["", "Ab=="])
def test_annotated_keys_of_azure(end: str) -> None:
    key = token(5, 52) + "JQQJ9" + "9BAAC" + token(6, 14) + "ACOG" + token(8, 4) + end
    assert [s.kind for s in find_all(f"AZURE_OPENAI_API_KEY={key}\n")] == ["azure-ai-key"]


PUBLIC = [
    "NEXT_PUBLIC_APP_TOKEN",
    "VITE_API_KEY",
    "REACT_APP_MAPS_KEY",
    "EXPO_PUBLIC_SUPABASE_KEY",
    "ANON_KEY",
]


@pytest.mark.parametrize("name", PUBLIC)
def test_what_browsers_get_is_no_secret_by_name(name: str) -> None:
    assert classify(name, token(9)) is None
    assert scan(f"{name}={token(9)}\n") == []


def test_a_key_of_a_provider_is_one_in_a_browser_too() -> None:
    found = classify("NEXT_PUBLIC_OPENAI_API_KEY", sample("openai-project-key"))
    assert found is not None
    assert found.kind == "openai-project-key"


def test_the_key_of_firebase_is_public() -> None:
    key = sample("google-api-key")
    assert scan(f"NEXT_PUBLIC_FIREBASE_API_KEY={key}\n") == []
    assert [s.kind for s in scan(f"GEMINI_API_KEY={key}\n")] == ["google-api-key"]


def test_the_anonymous_role_of_supabase_is_public() -> None:
    def jwt(role: str) -> str:
        parts = [json.dumps({"alg": "HS256"}), json.dumps({"role": role, "iss": "supabase"})]
        encoded = [base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts]
        return ".".join([*encoded, token(2, 43)])

    assert scan(f"SUPABASE_KEY: {jwt('anon')}") == []
    assert [s.kind for s in scan(f"SUPABASE_KEY: {jwt('service_role')}")] == ["json-web-token"]


def test_a_uuid_is_a_secret_under_the_name_of_one() -> None:
    value = "8f14e45f-ceea-467f-a0b1-9d1c3b2a7e56"
    assert [s.kind for s in find_named(f"CLIENT_SECRET={value}\n")] == ["named-secret"]
    assert scan(f"request_id={value}\n") == []


@pytest.mark.parametrize(
    "value",
    [
        "StrongPassword123!",
        "neo4j/password",
        "azureOpenAIApiKey",
        "k8s-service-account",
        "clusterMonitor123456",
    ],
)
def test_words_are_not_random(value: str) -> None:
    assert not looks_random(value)


@pytest.mark.parametrize(
    "unit", ["token=", 'password="', "LS0tLS1CRUdJTi/", "/:_", "$", 'api_key": "', "sk-"]
)
def test_repeats_are_read_in_one_pass(unit: str) -> None:
    scan(unit * (200_000 // len(unit)), "low")  # takes minutes where it is not


@pytest.mark.parametrize(
    "text",
    [
        "- {{value: '{}', name: APP_TOKEN}}",
        "- value: {}\n  name: APP_TOKEN",
        "- name: APP_TOKEN\n  value: |-\n    {}\n",
    ],
)
def test_names_and_values_apart(text: str) -> None:
    value = token(11)
    written = text.format(value)
    assert [written[s.start : s.end] for s in scan(written)] == [value]


def test_the_value_of_another_entry_is_not_taken() -> None:
    assert scan(f"- name: REVISION\n  value: {token(11)}\n- name: APP_TOKEN\n  valueFrom: {{}}\n") == []
