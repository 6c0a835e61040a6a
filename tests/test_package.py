"""The wheel, as a user gets it: built, installed into an empty environment, and run there."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An environment that holds the wheel and the pinned dependencies, and nothing of this folder."""
    place = tmp_path
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", place, ROOT, cwd=place)
    wheel = next(place.glob("circles-*.whl"))
    venv.create(place / "env", with_pip=True)
    python = place / "env/bin/python"
    runtime = ROOT / "requirements/runtime.txt"
    run(python, "-m", "pip", "install", "-q", "--no-compile", "--require-hashes", "-r", runtime, cwd=place)
    run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=place)
    take_compiled_kernels(place / "env")
    return place


def take_compiled_kernels(environment: Path) -> None:
    """Give the installed files the age of ours, so that the machine code made for ours serves for them."""
    package = next(environment.glob("lib/python*/site-packages/circles"))
    for code in (ROOT / "circles").rglob("__pycache__/*.nb[ic]"):
        ours = code.parents[1] / f"{code.name.split('.')[0]}.py"
        installed = package / ours.relative_to(ROOT / "circles")
        if installed.exists() and ours.exists():
            os.utime(installed, ns=(ours.stat().st_atime_ns, ours.stat().st_mtime_ns))
            (installed.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy(code, installed.parent / "__pycache__")


@pytest.mark.package
@pytest.mark.slow
def test_the_wheel_is_whole_and_its_commands_do_the_main_job(installed: Path) -> None:
    check_what_the_wheel_holds(installed)
    circles = installed / "env/bin/circles"
    run(circles, "generate", "book", "--members", "200", "--trades", "600", "--seed", "7", cwd=installed)
    run(circles, "check", "book", cwd=installed)
    run(circles, "load", "book", cwd=installed)
    matched = run(circles, "match", "sqlite:///circles.db", "--portfolio-out", "matched", cwd=installed)
    assert "upper bound" in matched.stdout
    first = (installed / "matched/members.csv").read_text("utf-8-sig").splitlines()[1].split(",")[0]
    assert "bank loss" in run(circles, "cascade", "matched", "--default", first, cwd=installed).stdout
    assert "expected loss" in run(circles, "losses", "matched", "--trials", "200", cwd=installed).stdout
    run(circles, "map", "matched", "--default", first, "--out", "map.html", cwd=installed)
    run(circles, "report", "matched", "--default", first, "--trials", "200", "--out", "report.html", cwd=installed)
    assert (installed / "map.html").stat().st_size > 10_000
    assert (installed / "report.html").stat().st_size > 5_000


def check_what_the_wheel_holds(installed: Path) -> None:
    code = "import circles, pathlib; print(pathlib.Path(circles.__file__).parent)"
    package = Path(run(installed / "env/bin/python", "-c", code, cwd=installed).stdout.strip())
    assert ROOT not in package.parents
    assert (package / "py.typed").exists()
    assert list(package.parent.glob("circles-*.dist-info/licenses/LICENSE"))
    code = "from circles.graph.neo4j.statements import cypher_folder; print(cypher_folder())"
    statements = Path(run(installed / "env/bin/python", "-c", code, cwd=installed).stdout.strip())
    assert statements == package / "cypher"
    here = {path.relative_to(ROOT / "cypher"): path.read_text() for path in ROOT.glob("cypher/*/*.cypher")}
    assert {path.relative_to(statements): path.read_text() for path in statements.glob("*/*.cypher")} == here
