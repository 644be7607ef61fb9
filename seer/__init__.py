"""seer: a super-optimiser for high-level synthesis."""

__version__ = "0.1.0"
