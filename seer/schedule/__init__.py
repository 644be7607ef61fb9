"""Schedules: what a program costs on a target, in exact cycles and estimated area."""

from seer.schedule.area import Area
from seer.schedule.auto import auto_pipelined
from seer.schedule.cycles import cycles, cycles_of
from seer.schedule.drain_free import drain_free
from seer.schedule.estimate import area_estimate
from seer.schedule.model import SHARING, data_dependent
from seer.schedule.policy import pipelined_by_trip_count
from seer.schedule.profile import Call
from seer.schedule.scheduler import schedule
from seer.schedule.target import Target

__all__ = [
    "SHARING",
    "Area",
    "Call",
    "Target",
    "area_estimate",
    "auto_pipelined",
    "cycles",
    "cycles_of",
    "data_dependent",
    "drain_free",
    "pipelined_by_trip_count",
    "schedule",
]
