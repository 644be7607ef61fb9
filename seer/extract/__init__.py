"""Extraction: from the classes of the e-graph to scheduled designs."""
