"""The way from a Program to a proved, simulated result: exploration, extraction, backends, files."""
