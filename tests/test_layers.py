"""What import-linter cannot see: the package never imports its own public face."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "circles"
INSIDE = [path for path in sorted(PACKAGE.rglob("*.py")) if "cli" not in path.relative_to(PACKAGE).parts]


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_below_the_commands_imports_the_public_face(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert "circles" not in [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.module != "circles"
