"""Checks that a result computes what its input does."""
