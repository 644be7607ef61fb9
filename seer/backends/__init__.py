"""Backends: from a scheduled design to hardware, its cycles, its area and its clock."""
