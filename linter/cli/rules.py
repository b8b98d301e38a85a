"""`tarecheck rules`: list, show, fields, test, new."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from linter.cli import FINDINGS, OK
from linter.errors import UsageError
from linter.finding import FIRST_RELEASE
from linter.newfiles import write_new
from linter.recipe import configured_rules
from linter.ruleset.store import RuleSet

_FORMATS = click.Choice(["text", "json"])


@click.group(name="rules")
def command() -> None:
    """List, show and test rules."""


@command.command(name="list")
@click.option("-f", "--format", "format_name", type=_FORMATS, default="text", show_default=True)
@click.option(
    "--select",
    multiple=True,
    metavar="SELECTOR",
    help="Only these: id, category, format, standard, peer id, glob.",
)
@click.option(
    "--profile",
    type=click.Choice(["default", "strict", "named"]),
    default="named",
    show_default=True,
    help="`default`: only what runs without being asked for; `strict`: what that profile runs; `named`: all.",
)
def list_(format_name: str, select: tuple[str, ...], profile: str) -> int:
    """All rules, or those selected; those that the configuration here adds too."""
    from linter.ruleset.select import resolve

    rules = configured_rules()
    chosen = resolve(rules.infos, rules.tags, select=select, profile=profile)
    infos = [info for i, info in rules.infos.items() if i in chosen]
    if format_name == "json":
        from linter.reporters.jsonfile import rule_data

        extra = [
            {"message": i.message, "since": i.since or FIRST_RELEASE, "from": home(i.id, rules)}
            for i in infos
        ]
        rows = [{**rule_data(info), **more} for info, more in zip(infos, extra, strict=True)]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return OK
    width = max((len(info.id) for info in infos), default=0)
    for info in infos:
        mark = {"default": " ", "strict": "s", "named": "n"}[info.profile]
        line = f"{info.id:<{width}}  {info.severity.label:<8} {mark} {info.format:<10} {info.category:<12} {info.title}"
        click.echo(line + (f"  ({home(info.id, rules)})" if info.id in rules.homes else ""))
    click.echo(f"{len(infos)} rules (s: only in the strict profile, n: only by name)", err=True)
    return OK


def home(rule_id: str, rules: RuleSet) -> str:
    """Where a rule comes from: ours, a folder of `rule-dirs`, or one of an installed package."""
    folder = rules.homes.get(rule_id)
    if folder is None:
        return "tarecheck"
    return folder.relative_to(Path.cwd()).as_posix() if folder.is_relative_to(Path.cwd()) else str(folder)


@command.command()
@click.argument("rule_id", metavar="RULE")
def show(rule_id: str) -> int:
    """The rule file."""
    from linter.cli.explain import find_rule

    info = find_rule(rule_id)
    path = rule_file(info.id, configured_rules())
    if path is None:
        raise UsageError(
            f"'{info.id}' is no rule file: the scan itself says it", f"see `tarecheck explain {info.id}`"
        )
    click.echo(path.read_text(encoding="utf-8"), nl=False)
    return OK


def rule_file(rule_id: str, rules: RuleSet) -> Path | None:
    """Where a rule is written; None for one of the scan itself."""
    from linter.ruleset.files import builtin_directory, rule_files

    folder = rules.homes.get(rule_id) or builtin_directory()
    return next((path for path in rule_files(folder) if path.stem == rule_id), None)


@command.command()
@click.argument("subject", required=False)
@click.option("--format", "format_name", help="Where formats share the name of a subject.")
def fields(subject: str | None, format_name: str | None) -> int:
    """What rules can ask of SUBJECT; without it, the subjects there are."""
    from linter.cli.vocabulary import print_fields, print_subjects

    if subject is None:
        print_subjects()
    else:
        print_fields(subject, format_name)
    return OK


@command.command()
@click.argument("directory", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "pattern", default="", help="Only rules whose id contains this.")
@click.option("-v", "--verbose", is_flag=True, help="Say also which examples hold.")
def test(directory: Path | None, pattern: str, verbose: bool) -> int:
    """Load rule files and run their examples."""
    from linter.ruleset.examples import examples_of, run_examples
    from linter.ruleset.files import builtin_directory, rule_files
    from linter.ruleset.load import load_files

    root = directory or builtin_directory()
    every = [root] if root.is_file() else rule_files(root)
    if not every:
        raise UsageError(f"no rule files in {root}")
    paths = [path for path in every if pattern in path.stem]
    rules, errors = load_files(paths)
    failed = len(errors)
    for error in errors:
        click.echo(f"error: {error}")
    by_file = {path.stem: path for path in paths}
    total = 0
    for rule in rules:
        for result in run_examples(rule, examples_of(by_file[rule.id], rule)):
            total += 1
            if result.problem:
                failed += 1
                click.echo(f"FAILED {rule.id} {result.name}: {result.problem}")
            elif verbose:
                click.echo(f"ok     {rule.id} {result.name}")
    click.echo(f"{len(rules)} rules, {total} examples, {failed} failed")
    sys.stdout.flush()
    return FINDINGS if failed else OK


@command.command()
@click.argument("rule_id", metavar="ID")
@click.option(
    "--subject",
    default="container",
    show_default=True,
    help="What the rule is for: `rules fields` lists them.",
)
@click.option("--format", "format_name", default="kubernetes", show_default=True, help="The input language.")
@click.option("-d", "--directory", type=click.Path(file_okay=False, path_type=Path), default=Path("policy"),
              show_default=True, help="A folder of `rule-dirs`.")  # fmt: skip
def new(rule_id: str, subject: str, format_name: str, directory: Path) -> int:
    """Write a rule to start from: it loads, and its examples hold."""
    from linter.cli.scaffold import scaffold

    path = directory / format_name / f"{rule_id}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already")
    text = scaffold(rule_id, subject, format_name)
    write_new(path, text)
    click.echo(f"wrote {path}; test it with `tarecheck rules test {directory}`")
    return OK
