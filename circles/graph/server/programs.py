"""The programs that a server needs on this machine: Java to run it, Maven to fetch it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from circles.errors import StoreError

JAVA_VERSIONS = (17, 21)
"""Versions of Java that Neo4j 5.26 runs on (its operations manual, "System requirements")."""
_ANSWER_SECONDS = 30
_INSTALL_JAVA = """\
  Debian, Ubuntu:  sudo apt-get install openjdk-17-jre-headless   (or openjdk-21-jre-headless)
  Fedora:          sudo dnf install java-21-openjdk-headless
  macOS:           brew install openjdk@21, then set JAVA_HOME as it says"""
_INSTALL_MAVEN = """\
  Debian, Ubuntu:  sudo apt-get install maven
  Fedora:          sudo dnf install maven
  macOS:           brew install maven"""


def find_java() -> Path:
    """Find a Java that Neo4j runs on: the one of JAVA_HOME, else the first on the path.

    Raises
    ------
    StoreError
        If there is none, or it is of another version; the message says what to install.
    """
    name = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(name) / "bin")) if name else shutil.which("java")
    if found is None:
        where = f"in JAVA_HOME ({name})" if name else "on the path"
        msg = f"Neo4j needs Java 17 or 21 and there is none {where}. Install it:\n{_INSTALL_JAVA}"
        raise StoreError(msg)
    version = read_java_version(Path(found))
    if version not in JAVA_VERSIONS:
        msg = f"Neo4j needs Java 17 or 21, {found} is {version or 'of no version that it tells'}. Install one of them"
        msg = f"{msg} and set JAVA_HOME to its folder:\n{_INSTALL_JAVA}"
        raise StoreError(msg)
    return Path(found)


def read_java_version(java: Path) -> int | None:
    """Ask a Java for its version, such as 17; None if it gives no answer that can be read."""
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(\d+)', asked.stderr)
    return int(found.group(1)) if found else None


def find_maven() -> Path:
    """Find Maven on the path.

    Raises
    ------
    StoreError
        If it is not there; the message says what to install.
    """
    found = shutil.which("mvn")
    if found is None:
        msg = f"fetching Neo4j needs Maven and there is none on the path. Install it:\n{_INSTALL_MAVEN}"
        raise StoreError(msg)
    return Path(found)
