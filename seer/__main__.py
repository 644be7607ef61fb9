"""`python -m seer`."""

from seer.cli.main import main

main()
