"""HCL: text, functions and blocks of it."""

from __future__ import annotations

from tests.hostile.attack import BUCKET, TOLD, Files, Parts


def by_command() -> Parts:
    def block(rest: str) -> Files:
        return {"bad.tf": BUCKET.format(rest)}

    yield (
        "hcl-count",
        {
            "bad.tf": 'resource "aws_s3_bucket" "b" {\n  count = 1e9\n  acl = "public-read"\n}\nresource "aws_s3_bucket" "c" {\n  count = 99999999999999999999\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-range",
        {
            "bad.tf": 'locals {\n  a = range(1e9)\n  b = range(0, 1e18, 1e-9)\n  c = range(1, 10, 0)\n}\nresource "aws_s3_bucket" "b" {\n  for_each = toset(local.a)\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-setproduct",
        {
            "bad.tf": "locals {\n  a = ["
            + "1, " * 500
            + "]\n  b = setproduct(local.a, local.a, local.a, local.a)\n}\n"
            + BUCKET.format("x = length(local.b)")
        },
    )
    yield (
        "hcl-for-nested",
        {
            "bad.tf": 'locals {\n  a = range(1000)\n  b = [for x in local.a : [for y in local.a : [for z in local.a : [for w in local.a : "${x}${y}${z}${w}"]]]]\n}\n'
            + BUCKET.format("x = local.b")
        },
    )
    yield (
        "hcl-format-width",
        block(
            'a = format("%999999999d", 1)\n  b = format("%0999999999.999999999f", 1.5)\n  c = formatlist("%99999999s", ["a"])'
        ),
    )
    yield (
        "hcl-join-growth",
        {
            "bad.tf": 'locals {\n  a0 = "xxxxxxxxxxxxxxxx"\n'
            + "".join(
                f"  a{n} = join(local.a{n - 1}, [for i in range(100) : local.a{n - 1}])\n"
                for n in range(1, 12)
            )
            + "}\n"
            + BUCKET.format("x = local.a11")
        },
    )
    yield (
        "hcl-concat-growth",
        {
            "bad.tf": 'locals {\n  a0 = ["x"]\n'
            + "".join(
                f"  a{n} = concat(local.a{n - 1}, local.a{n - 1}, local.a{n - 1})\n" for n in range(1, 40)
            )
            + "}\n"
            + BUCKET.format("x = local.a39")
        },
    )
    yield (
        "hcl-merge-growth",
        {
            "bad.tf": "locals {\n  a0 = {x = 1}\n"
            + "".join(
                f"  a{n} = merge(local.a{n - 1}, {{x{n} = local.a{n - 1}, y{n} = local.a{n - 1}}})\n"
                for n in range(1, 40)
            )
            + "}\n"
            + BUCKET.format("x = local.a39")
        },
    )
    yield (
        "hcl-jsonencode-growth",
        {
            "bad.tf": 'locals {\n  a0 = "\\"\\\\"\n'
            + "".join(f"  a{n} = jsonencode([local.a{n - 1}, local.a{n - 1}])\n" for n in range(1, 40))
            + "}\n"
            + BUCKET.format("policy = local.a39")
        },
    )
    yield (
        "hcl-replace-regex",
        block(
            'a = replace("'
            + "a" * 30_000
            + '", "/(a+)+b/", "c")\n  b = regexall("(a|a)*b", "'
            + "a" * 30_000
            + '")\n  c = regex("(((a*)*)*)*b", "'
            + "a" * 5_000
            + '")'
        ),
    )
    yield (
        "hcl-replace-growth",
        {
            "bad.tf": 'locals {\n  a0 = "aaaaaaaaaa"\n'
            + "".join(f'  a{n} = replace(local.a{n - 1}, "a", "aaaaaaaaaa")\n' for n in range(1, 30))
            + "}\n"
            + BUCKET.format("x = local.a29")
        },
    )
    yield "hcl-functions", block("a = " + "upper(" * 3_000 + '"x"' + ")" * 3_000)
    yield (
        "hcl-pow",
        block(
            'a = pow(10, 1e9)\n  b = pow(9, 99999)\n  c = parseint("'
            + "9" * 100_000
            + '", 36)\n  d = 1e999999999\n  e = 0x'
            + "f" * 1_000
            + "\n  f = log(0, 0)\n  g = 1 / 0\n  h = 1 % 0"
        ),
    )
    yield (
        "hcl-cidr",
        block(
            'a = cidrsubnets("::/0", [for i in range(1000) : 100]...)\n  b = cidrhost("0.0.0.0/0", 1e30)\n  c = cidrsubnet("10.0.0.0/8", 1e9, 1e9)'
        ),
    )
    yield (
        "hcl-substr",
        block(
            'a = substr("x", -1e18, 1e18)\n  b = slice([1], 0, 1e18)\n  c = chunklist(range(1000), 0)\n  d = element([], 1e18)'
        ),
    )
    yield (
        "hcl-templatefile",
        {
            "bad.tf": BUCKET.format(
                'user_data = templatefile("${path.module}/bad.tf", {})\n  b = file("/dev/zero")\n  c = file("pipe")\n  d = fileset("/", "**")\n  e = filebase64("../../../../etc/shadow")'
            )
        },
        {"fifos": ("pipe",)},
    )
    yield (
        "hcl-template-loops",
        block('a = "' + "%{ for x in range(1000) }" * 30 + "x" + "%{ endfor }" * 30 + '"'),
    )
    yield "hcl-template-nested", block('a = "' + '${"' * 3_000 + "x" + '"}' * 3_000 + '"')
    yield "hcl-dollars-nested", block('a = "' + "${" * 50_000 + '"')
    yield "hcl-heredoc-nested", block("a = <<A\n" + "${<<B\n" * 500 + "x\n" + "B\n}\n" * 500 + "A")
    yield "hcl-heredoc-open", {"bad.tf": BUCKET.format("a = <<-EOT\n" + "x\n" * 100_000)}
    yield "hcl-parentheses", block("a = " + "(" * 20_000 + "1" + ")" * 20_000)
    yield "hcl-brackets", block("a = " + "[" * 20_000 + "]" * 20_000)
    yield "hcl-braces", block("a = " + "{a = " * 10_000 + "1" + "}" * 10_000)
    yield "hcl-conditions", block("a = " + "true ? " * 3_000 + "1" + " : 2" * 3_000)
    yield "hcl-negations", block("a = " + "!" * 20_000 + "true\n  b = " + "-" * 20_000 + "1")
    yield "hcl-splats", block("a = b" + "[*].c" * 10_000 + "\n  d = e" + ".*.f" * 10_000)
    yield "hcl-indexes", block("a = b" + "[0]" * 20_000 + "\n  c = d" + ".e" * 20_000)
    yield "hcl-blocks-deep", {"bad.tf": 'resource "a" "b" {\n' + "x {\n" * 5_000 + "}\n" * 5_000 + "}\n"}
    yield "hcl-labels", {"bad.tf": "resource " + '"a" ' * 100_000 + "{\n}\n"}
    yield "hcl-comments-open", {"bad.tf": BUCKET.format("") + "/*" * 200_000}
    yield "hcl-comment-nested", block("/* " * 50_000 + "*/")
    yield "hcl-equal-blocks", {"bad.tf": BUCKET.format('acl = "public-read"') * 5_000}
    yield "hcl-equal-attributes", block("".join('acl = "public-read"\n' for _ in range(30_000)))
    yield (
        "hcl-circle-locals",
        {
            "bad.tf": "locals {\n"
            + "".join(f"  a{n} = local.a{(n + 1) % 3000}\n" for n in range(3_000))
            + "}\n"
            + BUCKET.format("x = local.a0")
        },
    )
    yield (
        "hcl-circle-modules",
        {
            "main.tf": 'module "a" {\n  source = "./m"\n  x = 1\n}\n' + BUCKET.format(""),
            "m/main.tf": 'module "b" {\n  source = "../"\n  for_each = toset(["1", "2", "3"])\n}\nmodule "c" {\n  source = "./"\n}\n',
        },
    )
    yield (
        "hcl-modules-for-each",
        {
            "main.tf": "".join(
                f'module "m{n}" {{\n  source = "./m"\n  for_each = toset([for i in range(20) : tostring(i)])\n  v = each.key\n}}\n'
                for n in range(60)
            ),
            "m/main.tf": 'variable "v" {}\n'
            + "".join(
                f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = var.v\n  acl = "public-read"\n}}\n'
                for n in range(20)
            ),
        },
    )
    yield (
        "hcl-dynamic",
        {
            "bad.tf": 'resource "aws_security_group" "g" {\n'
            + '  dynamic "ingress" {\n    for_each = range(1000)\n    content {\n      from_port = ingress.value\n      to_port = 65535\n      cidr_blocks = ["0.0.0.0/0"]\n    }\n  }\n'
            * 100
            + "}\n"
        },
    )
    yield (
        "hcl-for-each-wide",
        {
            "bad.tf": 'resource "aws_s3_bucket" "b" {\n  for_each = {'
            + ", ".join(f'k{n} = "v"' for n in range(30_000))
            + '}\n  bucket = each.key\n  acl = "public-read"\n}\n'
        },
    )
    yield (
        "hcl-variables-deep",
        {
            "main.tf": 'variable "a" {\n  type = '
            + "list(" * 2_000
            + "string"
            + ")" * 2_000
            + "\n  default = "
            + "[" * 500
            + "]" * 500
            + "\n}\n",
            "terraform.tfvars": "a = " + "[" * 20_000 + "]" * 20_000 + "\n",
            "x.auto.tfvars": "a = range(1e9)\n" + 'b = "' + "x" * 1_000_000 + '"\n',
            "y.auto.tfvars.json": '{"a": ' + "[" * 50_000,
        },
    )
    yield (
        "hcl-policies",
        {
            "bad.tf": 'data "aws_iam_policy_document" "p" {\n'
            + '  statement {\n    actions = ["*"]\n    resources = ["*"]\n    condition {\n      test = "x"\n      variable = "y"\n      values = ["z"]\n    }\n  }\n'
            * 5_000
            + "}\n"
        },
    )
    yield (
        "hcl-yamldecode",
        block(
            "a = yamldecode(<<E\n"
            + "a: &a [*a]\nb: {{{{\n"
            + 'E\n  )\n  b = jsondecode("'
            + "[" * 50_000
            + '")\n  c = csvdecode("'
            + "a," * 50_000
            + '")\n  d = base64gzip("'
            + "x" * 50_000
            + '")\n  e = base64decode("'
            + "QUJD" * 100_000
            + '")'
        ),
    )
    yield (
        "hcl-manifests",
        {
            "bad.tf": "".join(
                f'resource "kubernetes_manifest" "m{n}" {{\n  manifest = yamldecode(<<E\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{n}}}\nspec: {{hostPID: true, containers: [{{name: c, image: a}}]}}\nE\n  )\n}}\n'
                for n in range(800)
            )
        },
    )
    yield (
        "hcl-carriage-returns",
        {"bad.tf": (BUCKET.format('acl = "public-read"') * 2_000).replace("\n", "\r")},
    )
    yield (
        "hcl-windows-ends",
        {
            "bad.tf": "".join(
                f'resource "aws_s3_bucket" "b{n}" {{\r\n  acl = "public-read"\r\n}}\r\n' for n in range(3_000)
            )
        },
    )
    yield "hcl-identifiers", block("é" * 100_000 + " = 1\n  " + "a-" * 100_000 + " = 2")
    digits = "9" * 5_000
    yield (
        "hcl-long-numbers",
        {
            "main.tf": 'resource "google_container_node_pool" "a" {\n'
            f"  node_count = {digits}\n  initial_node_count = 1e400\n  node_config {{\n    disk_size_gb = {digits}e{digits}\n  }}\n}}\n"
        },
    )
    for name, part in (
        ("names", "a\n="),
        ("equals", "if ="),
        ("braces", "{\n"),
        ("comments", '/*"'),
        ("heredocs", "a = <<-E\n${"),
        ("operators", "a = 1\n*"),
    ):
        yield (
            f"hcl-mistaken-{name}",
            lambda part=part: {"main.tf": 'resource "a" "b" {\n' + part * (1_500_000 // len(part))},
        )
    yield (
        "hcl-remarks-beyond-ascii",
        lambda: {
            "main.tf": "# \xe9 tarecheck:ignore=x\na = 1 # \xfc checkov:skip=CKV_AWS_1: \xe9\n" * 30_000
        },
    )
    for name, part in (
        ("lists", "[],"),
        ("blocks", "a{}\n"),
        ("comments", "#\n"),
        ("templates", '"${a}",'),
        ("negations", "!"),
    ):
        text = part * (4_800_000 // len(part))
        made = text if part.endswith("\n") else f"locals {{\n  a = [{text}]\n}}\n"
        yield (
            f"hcl-dense-{name}",
            lambda made=made: {f"{folder}main.tf": made for folder in ("", "a/", "b/")},
            TOLD,
        )
    many = "".join(
        f'resource "aws_s3_bucket" "b{n}" {{\n  acl = "public-read"\n}}\n'
        f'resource "aws_s3_bucket_versioning" "b{n}" {{\n  bucket = aws_s3_bucket.b{n}.id\n}}\n'
        for n in range(20_000)
    )
    yield "hcl-resources-that-name-others", lambda: {"main.tf": many}
    yield (
        "hcl-folder-of-large-files",
        lambda: {f"m{n}.tf": f"locals {{\n  a{n} = [{'1, ' * 150_000}]\n}}\n" * 8 for n in range(12)},
        TOLD,
    )
    yield (
        "hcl-modules-of-large-files",
        lambda: {
            "main.tf": "".join(f'module "m{n}" {{\n  source = "./m{n}"\n}}\n' for n in range(12)),
            **{f"m{n}/main.tf": f"locals {{\n  a = [{'1, ' * 500_000}]\n}}\n" for n in range(12)},
        },
    )
