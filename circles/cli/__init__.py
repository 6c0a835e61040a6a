"""The command line: one short function a command, each a thin shell over a public function.

Results go to stdout, problems and progress to stderr. Exit codes: 0 done; 1 done, but with findings (nothing
admissible); 2 wrong usage or input; 130 interrupted.
"""

from __future__ import annotations

import sys

from circles.errors import CirclesError

INPUT_WRONG = 2
INTERRUPTED = 130


def run() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    from circles.cli.app import app
    from circles.cli.screen import tell

    try:
        app(prog_name="circles")
    except CirclesError as error:
        tell(f"circles: {error}")
        sys.exit(INPUT_WRONG)
    except OSError as error:
        tell(f"circles: {error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(INPUT_WRONG)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            tell("circles: interrupted; nothing was left half written")
        raise
