"""Schedules: what a program costs on a target, in exact cycles and estimated area."""

from seer.schedule.area import Area
from seer.schedule.cycles import cycles, cycles_of
from seer.schedule.estimate import area_estimate
from seer.schedule.scheduler import auto_pipelined, schedule
from seer.schedule.target import Target

__all__ = ["Area", "Target", "area_estimate", "auto_pipelined", "cycles", "cycles_of", "schedule"]
