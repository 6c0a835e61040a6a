"""The command line: one short function a command, each a thin shell over a public function.

Results go to stdout, problems and progress to stderr. Exit codes: 0 done; 1 done, but with findings (nothing
admissible); 2 wrong usage or input; 130 interrupted; 141 whoever read the output has gone, as ``head`` does.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from circles.errors import CirclesError

INPUT_WRONG = 2
INTERRUPTED = 130
READER_GONE = 141


def run() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    from circles.cli.screen import tell

    try:
        _run_command()
    except CirclesError as error:
        tell(f"circles: {error}")
        sys.exit(INPUT_WRONG)
    except OSError as error:
        tell(f"circles: {error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(INPUT_WRONG)


def _run_command() -> None:
    from circles.cli.app import app
    from circles.cli.screen import tell

    stdout = sys.stdout
    try:
        app(prog_name="circles")
    except SystemExit as stop:
        if _is_reader_gone(stdout):
            sys.exit(READER_GONE)
        if stop.code == INTERRUPTED:
            tell("circles: interrupted; nothing was left half written")
        raise


def _is_reader_gone(stdout: TextIO) -> bool:
    """Say whether nobody reads the output any more; then the rest of it goes nowhere, without a word."""
    gone = sys.stdout is not stdout  # typer noticed it and put something silent in its place
    try:
        stdout.flush()
    except BrokenPipeError:
        gone = True
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
    return gone
