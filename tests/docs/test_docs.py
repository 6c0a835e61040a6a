"""The documents are true: their code runs, their links lead somewhere, and nothing public is left out."""

import inspect
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import circles
from circles import errors
from circles.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_code_of_the_readme_runs(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (code,) = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    assert len(code.strip().splitlines()) <= 15
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "upper bound" in done.stdout
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert page.count("<bdi>contagious default</bdi>") >= 10, "a cascade that is shown first should be worth seeing"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def help_of(*command: str) -> str:
    code = f"import sys; sys.argv = {['circles', *command, '--help']}; from circles.cli import run; run()"
    environment = {"COLUMNS": "100", "NO_COLOR": "1", "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.rstrip()


def test_every_command_is_in_the_docs_with_its_help(refresh_golden: bool) -> None:
    from circles.cli.app import app

    names = [[command.name or ""] for command in app.registered_commands]
    for group in app.registered_groups:
        inside = group.typer_instance.registered_commands if group.typer_instance else []
        names += [[group.name or ""], *([group.name or "", command.name or ""] for command in inside)]
    parts = ["# Commands\n\nWritten by `pytest tests/docs --refresh-golden`.\n", f"```\n{help_of()}\n```\n"]
    parts += [f"## circles {' '.join(name)}\n\n```\n{help_of(*name)}\n```\n" for name in names]
    text = "\n".join(parts)
    if refresh_golden:
        (ROOT / "docs/commands.md").write_text(text, encoding="utf-8")
    assert read("docs/commands.md") == text


def test_every_error_and_setting_is_in_the_docs() -> None:
    page = read("docs/errors.md")
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.CirclesError):
            assert f"`{name}`" in page, name
    for name in Settings.model_fields:
        assert f"`CIRCLES_{name.upper()}`" in page, name


def test_every_public_name_is_in_the_reference(refresh_golden: bool) -> None:
    head = (
        "# Public names\n\nEach has a docstring: `help(circles.form_circles)`. "
        "Written by `pytest tests/docs --refresh-golden`.\n\n"
    )
    rows = [
        f"| `circles.{name}` | {(inspect.getdoc(getattr(circles, name)) or '').splitlines()[0]} |"
        for name in circles.__all__
    ]
    text = head + "\n".join(["| name | what it is |", "|---|---|", *rows]) + "\n"
    if refresh_golden:
        (ROOT / "docs/reference.md").write_text(text, encoding="utf-8")
    assert read("docs/reference.md") == text


def test_every_field_of_terms_and_rules_is_explained() -> None:
    terms, rules = read("docs/methods/settlement.md"), read("docs/methods/forming.md")
    for field in fields(circles.Terms):
        assert f"`{field.name}`" in terms, field.name
    for field in fields(circles.MatchingRules):
        assert f"`{field.name}`" in rules, field.name


def test_no_machine_path_or_registry_is_in_a_tracked_file() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    here = re.compile(rb"/home/\w|/root/|/tmp/\w|index-url|find-links|files\.pythonhosted")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and path != Path(__file__) and path.name != "Makefile":
            assert not here.search(path.read_bytes()), name
