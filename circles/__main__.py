"""Start the commands: ``python -m circles`` or ``circles``."""

from __future__ import annotations


def main() -> None:
    """Run the command line; see `circles.cli`."""
    from circles.cli import run

    run()


if __name__ == "__main__":
    main()
