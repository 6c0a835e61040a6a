"""Audit files with something changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from circles.matching.record.document import SEAL, fingerprint

Change = Callable[[dict[str, Any]], object]


def write(tmp_path: Path, document: str, change: Change, *, seal: bool = True) -> Path:
    """Write a document with a change, sealed anew so that only its content can give the change away."""
    said = json.loads(document)
    change(said)
    if seal:
        said[SEAL] = fingerprint(said)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return path
