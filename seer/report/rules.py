"""What rules say of themselves, for `seer rules` and `seer rules explain`."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from seer.egraph.exhaustive import small_instances
from seer.egraph.floating import is_about_floats
from seer.egraph.obligations import Obligation, state
from seer.egraph.rules import Rule
from seer.egraph.wide_instances import wide_instances
from seer.errors import InputError
from seer.lang.text import parse_program
from seer.report.listing import listing
from seer.report.spelling import spell
from seer.rewrites.control import control_rules
from seer.rewrites.control._golden import golden
from seer.rewrites.control._rule import ControlRule

__all__ = ["ControlSummary", "condition_of", "control_summaries", "explain_control", "explain_datapath"]

_INSTANCES = 40
_CHECKED = {
    "instances": (
        "Every offer is proved with isl: the new block runs the same store instances as the old one,",
        "each exactly once, and all dependences keep their order. Where a subscript that is not affine",
        "leaves that open, both blocks are executed, and the step counts as tested, not as proved.",
    ),
    "values": (
        "Every offer is proved with isl: what each store reads is followed to its last writers in both",
        "blocks, and every array must be left with the same values.",
    ),
    "symbolic": (
        "Every offer is proved by symbolic execution: both blocks leave equal contents in every array.",
    ),
    "steps": (
        "Every offer is proved by symbolic execution of both blocks from each point at which they meet to",
        "the next: what registers and arrays then hold is as the rule states, and both end together.",
    ),
}


@dataclass(frozen=True)
class ControlSummary:
    """One control rule with all the options that exploration tries."""

    name: str
    summary: str
    conditions: str
    options: str
    proof: str
    rule: ControlRule


def control_summaries() -> list[ControlSummary]:
    """The control rules, in the order in which they are tried."""
    found: dict[str, list[ControlRule]] = {}
    for rule in control_rules():
        found.setdefault(rule.name, []).append(rule)
    return [
        ControlSummary(
            name, rules[0].summary, rules[0].conditions, _options(rules), _proof(rules[0]), rules[0]
        )
        for name, rules in found.items()
    ]


def _options(rules: list[ControlRule]) -> str:
    """Each option with the values that exploration gives it."""
    options = []
    for field in dataclasses.fields(rules[0]):
        values = dict.fromkeys(getattr(rule, field.name) for rule in rules)
        options.append(f"{field.name} = {', '.join('in full' if v is None else str(v) for v in values)}")
    return "; ".join(options) or "-"


def _proof(rule: ControlRule) -> str:
    return (
        f"axiom ({rule.checked_by})"
        if rule.checked_by in ("symbolic", "steps")
        else f"isl ({rule.checked_by})"
    )


def condition_of(rule: Rule) -> str:
    """The conditions of a datapath rule as its file states them, "-" if it holds always."""
    start = rule.text.find(":when")
    if start < 0:
        return "-"
    depth = 0
    opened = rule.text.index("(", start)
    for position in range(opened, len(rule.text)):
        depth += {"(": 1, ")": -1}.get(rule.text[position], 0)
        if depth == 0:
            return " ".join(rule.text[opened + 1 : position].split())
    return "-"


def explain_control(summary: ControlSummary) -> Iterator[str]:
    """The lines that explain a control rule."""
    yield summary.name
    yield ""
    yield from (inspect.getdoc(type(summary.rule)) or "").splitlines()
    yield ""
    yield f"Options tried: {summary.options}"
    yield ""
    yield from _example(summary.name)
    yield from _CHECKED[summary.rule.checked_by]


def _example(name: str) -> Iterator[str]:
    for side in ("before", "after"):
        path = golden(name, side)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"the example {path} cannot be read: {error.strerror}") from error
        yield f"{side.capitalize()}:"
        yield from (f"    {line}" for line in listing(parse_program(text, str(path)).body))
        yield ""


def explain_datapath(rule: Rule) -> Iterator[str]:
    """The lines that explain a datapath rule."""
    yield f"{rule.name} ({rule.family}): {rule.summary}"
    yield ""
    yield rule.text
    yield f"from {rule.location}"
    yield ""
    example, floats = _instance(rule), is_about_floats(rule)
    if example is not None:
        operands = ", ".join(
            f"{param.name} has {param.bits} bits" + ("" if floats else f" ({bounds.ulo} to {bounds.uhi})")
            for param, bounds in example.operands
        )
        yield f"Example: {spell(example.left)} = {spell(example.right)}"
        if operands:
            yield f"    where {operands}"
        yield ""
    if floats:
        yield "Proved for all values of small formats of floats when it loads; before it fires, at 32 or 64"
        yield "bits, case by case or by SMT; what these leave open is executed on special and random values."
        return
    yield "Proved for all values at all widths up to 4 when it loads; before it fires, at the widths,"
    yield "constants and bounds of the match: exhaustively up to 4 bits, else by ring normal form or SMT."


def _instance(rule: Rule) -> Obligation | None:
    """An instance of the rule: at small widths one with the widest operands, or one about floats."""
    if is_about_floats(rule):
        return next((state(rule, env) for env in wide_instances(rule, 32, 1)), None)
    found: list[Obligation] = []
    for env, boxes in small_instances(rule):
        for box in boxes:
            try:
                found.append(state(rule, env | box))
                break
            except ValueError:
                continue
    found.sort(key=lambda o: -sum(param.bits for param, _ in o.operands))
    return next((o for o in found[:_INSTANCES] if o.left is not o.right), None)
