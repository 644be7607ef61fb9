"""`seer`: the command group, with each command's module loaded only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from seer import __version__
from seer.cli.lazy import LazyGroup
from seer.errors import SeerError

__all__ = ["main"]

_COMMANDS = {
    "backends": "seer.cli.backends",
    "bench": "seer.cli.bench",
    "check": "seer.cli.check",
    "fuzz": "seer.cli.fuzz",
    "opt": "seer.cli.opt",
    "rules": "seer.cli.rules",
    "schedule": "seer.cli.schedule",
    "targets": "seer.cli.targets",
}
_INTERRUPTED = 130


@click.group(cls=LazyGroup, modules=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seer")
def _group() -> None:
    """Super-optimise a high-level-synthesis kernel: proved rewrites, real schedules, simulated hardware."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point. Exit codes: 0 done · 1 a guarded figure got worse · 2 the user's input or options · 3 an
    equivalence check failed · 4 a backend is missing or failed · 130 interrupted, best so far written."""
    try:
        code = _group.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except SeerError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except OSError as error:
        # A full disk, a folder that lost its permissions: not ours, but no traceback either.
        click.echo(f"error: {error.filename or 'the system'}: {error.strerror or error}", err=True)
        code = 4
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = _INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
