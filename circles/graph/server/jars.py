"""The server's program files, fetched once by Maven for everybody on this machine who has the same cache folder.

They are under the GPL (version 3) and so are fetched by the user's machine and never part of what circles ships.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from circles.errors import StoreError
from circles.graph.server.folders import cache_folder
from circles.graph.server.lock import locked
from circles.graph.server.programs import find_maven

NEO4J_VERSION = "5.26.31"
"""A release of the long-term support line 5.26."""
_ENTRANCE = f"neo4j-{NEO4J_VERSION}.jar"
_FILES = 213
_TOLD_FILES = 25
_TOLD_LINES = 12
_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>circles</groupId>
  <artifactId>server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>{NEO4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def jar_folder() -> Path:
    """Say where the program files are kept, or will be."""
    return cache_folder() / "neo4j" / NEO4J_VERSION / "lib"


def has_jars() -> bool:
    """Say whether the program files are here already."""
    return (jar_folder() / _ENTRANCE).is_file()


def provide_jars(tell: Callable[[str], None]) -> Path:
    """Give the folder with the program files, and fetch them if they are not there, all or none.

    Raises
    ------
    StoreError
        If they cannot be fetched: no Maven, no network, no room; the message says which.
    """
    target = jar_folder()
    if has_jars():
        return target
    maven = find_maven()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent):  # Maven's own store is not made for two at once
            if not has_jars():
                _fetch(maven, target, tell)
    except OSError as error:
        msg = f"{target.parent}: cannot be written: {error.strerror}; set CIRCLES_CACHE to a folder of your own"
        raise StoreError(msg) from error
    return target


def _fetch(maven: Path, target: Path, tell: Callable[[str], None]) -> None:
    """Let Maven put the program files into a hidden folder; it gets its name when all are there."""
    tell(f"fetching Neo4j {NEO4J_VERSION} with Maven (about 120 MB, once; licence GPL version 3) …")
    draft = Path(tempfile.mkdtemp(prefix=".part-", dir=target.parent))
    try:
        pom = draft / "pom.xml"
        pom.write_text(_POM, encoding="utf-8")
        command: list[str | Path] = [maven, "--batch-mode", "--file", pom, "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={draft / 'lib'}"]
        code, lines = _follow(command, tell)
        if code or not (draft / "lib" / _ENTRANCE).is_file():
            errors = [line for line in lines if line.startswith("[ERROR]")] or lines
            told = "\n".join(f"  {line}" for line in errors[:_TOLD_LINES])
            msg = f"Maven could not fetch Neo4j {NEO4J_VERSION} (exit code {code}); it said:\n{told}"
            raise StoreError(msg)
        (draft / "lib").rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _follow(command: list[str | Path], tell: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run Maven, tell how many files have come, and give its exit code and what it said."""
    lines, fetched = [], 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as job:
        try:
            for line in job.stdout or ():
                lines.append(line.rstrip())
                if line.startswith("[INFO] Downloaded from") and ".jar " in line:
                    fetched += 1
                    if fetched % _TOLD_FILES == 0:
                        tell(f"  {fetched} of about {_FILES} files")
        except BaseException:
            job.terminate()
            raise
    return job.returncode, lines
