"""Replay of a derivation: every step checked again, without the e-graph and without trusting it.

- A datapath step: the rule's text is read again, matched at the step's place, its conditions evaluated, its
  right side built and compared; both sides are also evaluated at a few operand values.
- A structural law: checked here by its own few lines.
- A sum put together anew: both have one linear form.
- An element of a constant table: it is read off the table.
- `repeat`: the earlier steps that it names lead from the old part to the new one, at one place.
- A control step: handed to a checker with the two fragments, by default `loop_equivalence.recheck`.

Each step must also leave everything outside of its place as it was, and the steps must join up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from seer.lang.intervals import Intervals
from seer.lang.terms import Block, Const, Expr, Group, Statement
from seer.verify.laws import LAWS
from seer.verify.loop_equivalence import recheck
from seer.verify.places import PlaceError, at, below, replaced
from seer.verify.rule_text import Mismatch, RuleText, read_rules
from seer.verify.sums import same_sum
from seer.verify.table_elements import element

__all__ = ["ControlChecker", "Proof", "ReplayStep", "replay"]

Term = Expr | Statement | Block
_ROUNDS = 8
"""Operand values at which both sides of a datapath rule are evaluated."""


class Proof(Protocol):
    """How a step says that it was established."""

    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Any: ...


class ReplayStep(Protocol):
    """What a step tells; seer.egraph.derivation.Step documents the fields."""

    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...
    @property
    def path(self) -> tuple[int | str, ...]: ...
    @property
    def rule(self) -> str: ...
    @property
    def forward(self) -> bool: ...
    @property
    def proof(self) -> Proof: ...
    @property
    def premises(self) -> tuple[int, int] | None: ...
    @property
    def premise_path(self) -> tuple[int | str, ...]: ...


ControlChecker = Callable[[Block, Block, ReplayStep], str | None]
"""Says why the second block does not follow from the first, or None if it does."""


def replay(
    before: Block,
    after: Block,
    steps: Sequence[ReplayStep],
    rule_files: Iterable[Path] | None = None,
    control: ControlChecker | None = None,
    assumed_files: Iterable[Path] = (),
) -> list[str]:
    """Why the steps do not lead from `before` to `after`, one line for each thing wrong; empty if they do.

    `rule_files` are the datapath rules (default: those that come with seer), `control` checks the steps of
    all other rules. Rules of `assumed_files` are applied as they are written, without a claim to be checked.
    """
    rules: dict[str, RuleText] = {}
    folder = Path(str(files("seer") / "rewrites" / "datapath"))
    for path in sorted(folder.glob("*.egg")) if rule_files is None else rule_files:
        rules |= read_rules(path.read_text(encoding="utf-8"))
    assumed: dict[str, RuleText] = {}
    for path in assumed_files:
        assumed |= read_rules(path.read_text(encoding="utf-8"))
    checker = _Checker(steps, rules, assumed, control or _recheck_loops)
    failures: list[str] = []
    current: Term = before
    for number, step in enumerate(steps):
        try:
            if step.before != current:
                raise Mismatch("it does not start where the step before it ends")
            checker.check(number)
        except (Mismatch, PlaceError) as failure:
            failures.append(f"step {number + 1} ({step.rule}): {failure}")
        current = step.after
    if current != after:
        failures.append("the last step does not end at the result")
    return failures


class _Checker:
    def __init__(
        self,
        steps: Sequence[ReplayStep],
        rules: dict[str, RuleText],
        assumed: dict[str, RuleText],
        control: ControlChecker,
    ) -> None:
        self._steps = steps
        self._rules = rules
        self._assumed = assumed
        self._control = control
        self._intervals = Intervals()

    def check(self, number: int) -> None:
        """Raises Mismatch if the step does not hold."""
        step = self._steps[number]
        old, new = at(step.before, step.path), at(step.after, step.path)
        if replaced(step.before, step.path, new) != step.after:
            raise Mismatch("something outside of its place has changed")
        left, right = (old, new) if step.forward else (new, old)
        if step.rule == "repeat":
            self._check_repeat(number, old, new)
        elif step.rule in self._rules:
            self._check_datapath(step, left, right)
        elif step.rule in self._assumed:
            self._check_assumed(step, left, right)
        elif step.rule == "sum":
            _check_sum(step, left, right)
        elif step.rule == "table-element":
            _check_element(step, left, right)
        elif step.rule in LAWS:
            _require_kind(step, "axiom")
            if not LAWS[step.rule](left, right):
                raise Mismatch("the law does not apply")
        else:
            self._check_control(step, left, right)

    def _check_datapath(self, step: ReplayStep, left: Term, right: Term) -> None:
        rule = self._rules[step.rule]
        kinds = ("exhaustive", "smt", "executed") if rule.is_about_floats else ("exhaustive", "ring", "smt")
        _require_kind(step, *kinds)
        rule.try_values(self._applied(rule, left, right), self._intervals, _ROUNDS)

    def _check_assumed(self, step: ReplayStep, left: Term, right: Term) -> None:
        _require_kind(step, "assumed")
        self._applied(self._assumed[step.rule], left, right)

    def _applied(self, rule: RuleText, left: Term, right: Term) -> dict[str, int | Expr]:
        """The values of the rule's variables, after seeing that it makes the right term of the left one."""
        if not isinstance(left, Expr):
            raise Mismatch("a datapath rule applies to expressions")
        made, env = rule.apply(left, self._intervals)
        if made is not right:
            raise Mismatch("the right side of the rule is another term")
        return env

    def _check_control(self, step: ReplayStep, left: Term, right: Term) -> None:
        _require_kind(step, "isl", "axiom", "executed")
        if isinstance(left, Expr) or isinstance(right, Expr):
            raise Mismatch("no rule of this name is known, and a control rule applies to statements")
        whole = _block(left), _block(right)
        reason = self._control(*_without_common(*whole), step)
        if reason is not None and step.proof.kind == "axiom":
            # What a statement in common overwrites may differ before it.
            reason = self._control(*whole, step)
        if reason is not None:
            raise Mismatch(reason)

    def _check_repeat(self, number: int, old: Term, new: Term) -> None:
        step = self._steps[number]
        if step.premises is None:
            raise Mismatch("it names no premises")
        first, last = step.premises
        if not 0 <= first <= last < number:
            raise Mismatch("its premises are not earlier steps")
        place = step.premise_path
        premises = self._steps[first : last + 1]
        if not all(below(p.path, place) for p in premises):
            raise Mismatch("its premises are at different places")
        if at(premises[0].before, place) != old or at(premises[-1].after, place) != new:
            raise Mismatch("its premises are about other terms")
        tested = any(p.proof.kind == "executed" for p in premises)
        _require_kind(step, "executed" if tested else "axiom")


def _check_element(step: ReplayStep, left: Term, right: Term) -> None:
    """A load from a constant table at a constant place, and what stands there."""
    _require_kind(step, "axiom")
    if not isinstance(left, Expr) or not isinstance(right, Const) or element(left) is not right:
        raise Mismatch("the table holds something else there")


def _check_sum(step: ReplayStep, left: Term, right: Term) -> None:
    """A sum that was put together anew: one linear form, which is computed here again."""
    _require_kind(step, "ring")
    if not isinstance(left, Expr) or not isinstance(right, Expr) or not same_sum(left, right):
        raise Mismatch("the two are not the same sum")


def _require_kind(step: ReplayStep, *kinds: str) -> None:
    if step.proof.kind not in kinds:
        raise Mismatch(f"it claims the proof kind {step.proof.kind}, where {' or '.join(kinds)} is due")


def _recheck_loops(left: Block, right: Block, step: ReplayStep) -> str | None:
    """The default check of control steps, from the correspondence of stores that the step carries."""
    verdict = recheck(left, right, step.proof.data)
    holds = verdict.accepted if step.proof.kind == "executed" else verdict.proved
    return None if holds else verdict.reason


def _block(side: Statement | Block) -> Block:
    """The side of a control step as a block: a rule that replaces one statement by several groups them."""
    if isinstance(side, Group):
        return side.body
    return side if isinstance(side, tuple) else (side,)


def _without_common(left: Block, right: Block) -> tuple[Block, Block]:
    """Both blocks without the statements that they have in common at the beginning and at the end."""
    shorter = min(len(left), len(right))
    end = 0
    while end < shorter and left[-1 - end] is right[-1 - end]:
        end += 1
    begin = 0
    while begin < shorter - end and left[begin] is right[begin]:
        begin += 1
    return left[begin : len(left) - end], right[begin : len(right) - end]
