"""The public face: names that load on first use, quickly, each with a docstring."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import circles

HEAVY = ["numpy", "pandas", "ortools", "numba", "networkx", "pyvis", "neo4j", "matplotlib", "typer", "pydantic"]


def test_importing_circles_loads_nothing_heavy() -> None:
    code = f"import sys, circles; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_showing_help_loads_no_engine() -> None:
    code = (
        "import sys\nfrom circles.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY[:8]} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", circles.__all__)
def test_every_public_name_exists_and_says_what_it_is(name: str) -> None:
    value = getattr(circles, name)
    assert name in dir(circles)
    text = inspect.getdoc(value) or ""
    assert len(text) > 20
    assert text[0].isupper()


@pytest.mark.parametrize(
    "name",
    [name for name in circles.__all__ if inspect.isfunction(getattr(circles, name)) if name[0].islower()],
)
def test_every_public_function_documents_each_parameter_and_its_errors(name: str) -> None:
    function = getattr(circles, name)
    text = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert parameter in text, f"{name} does not say what {parameter} is"
    assert "Returns" in text
    assert "Raises" in text


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'form_circle'"):
        _ = circles.form_circle


def test_type_checkers_and_readers_see_the_same_names() -> None:
    tree = ast.parse(Path(circles.__file__).read_text(encoding="utf-8"))
    checked = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("circles.")
        and node.module != "circles.lazy"
        for alias in node.names
    }
    assert checked == set(circles.__all__) == {name for names in circles._HOMES.values() for name in names}
