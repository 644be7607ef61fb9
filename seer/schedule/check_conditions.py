"""What the independent check needs of conditions, by case distinction: whether some can hold together.

Shares no code with the scheduler. Conditions are Boolean formulas over one-bit operations that are not
Boolean operators themselves, and over comparisons of a value with constants, of which one holds at most.
"""

from __future__ import annotations

from collections.abc import Sequence

from seer.schedule.model import Operation, Region

__all__ = ["Conditions"]

_CASES = 20_000
"""Case distinctions before an answer is given up."""

_TRUE, _FALSE = ("constant", True), ("constant", False)
_Formula = tuple
"""("constant", truth), ("atom", operation), ("equal", operation, constant), ("not", f), ("and" or "or" or
"xor", f, g)."""


class Conditions:
    """The conditions of one region."""

    def __init__(self, region: Region) -> None:
        self._operations = region.operations
        self._formulas: dict[int, _Formula] = {}
        self._users: list[list[Operation]] = [[] for _ in region.operations]
        for op in region.operations:
            for source in dict.fromkeys((*op.operands, *_predicates(op))):
                self._users[source].append(op)
        self._needs: dict[int, _Formula] = {}

    def exclusive(self, first: Operation, second: Operation) -> bool:
        """Whether the two are never enabled in the same iteration."""
        return not self._together([self._enabled(first), self._enabled(second)])

    def reaches_effects_unperformed(self, load: Operation) -> bool:
        """Whether an effect may depend on the load's value although its predicate does not hold."""
        return self._together([("not", self._enabled(load)), self._need(load.id)])

    def _enabled(self, op: Operation) -> _Formula:
        return _TRUE if op.predicate is None else self._formula(op.predicate)

    def _formula(self, condition: int) -> _Formula:
        found = self._formulas.get(condition)
        if found is None:
            found = self._formulas[condition] = self._built(self._operations[condition])
        return found

    def _built(self, op: Operation) -> _Formula:
        if op.kind == "const":
            return _TRUE if op.value else _FALSE
        if op.kind in ("and", "or", "xor"):
            return (op.kind, *(self._formula(operand) for operand in op.operands))
        if op.kind in ("eq", "ne"):
            constant = self._operations[op.operands[1]]
            if constant.kind == "const" and constant.value is not None:
                same = self._equal(self._operations[op.operands[0]], constant.value)
                return same if op.kind == "eq" else ("not", same)
        return ("atom", op.id)

    def _equal(self, op: Operation, value: int) -> _Formula:
        if op.kind == "zext":
            inner = self._operations[op.operands[0]]
            return self._equal(inner, value) if value >> inner.width == 0 else _FALSE
        if op.width == 1:
            return self._formula(op.id) if value else ("not", self._formula(op.id))
        return ("equal", op.id, value)

    def _need(self, value: int) -> _Formula:
        """When some effect depends on the value."""
        if value not in self._needs:
            # Users come after what they use, so the last ones are known first.
            for position in range(len(self._operations) - 1, value - 1, -1):
                if position not in self._needs:
                    self._needs[position] = self._needed_by_users(position)
        return self._needs[value]

    def _needed_by_users(self, value: int) -> _Formula:
        need: _Formula = _FALSE
        for user in self._users[value]:
            if user.kind in ("store", "write", "decide"):
                use = self._enabled(user) if value in user.operands else _FALSE
                use = _TRUE if value in _predicates(user) else use
            elif user.kind == "select":
                condition, yes, no = user.operands
                cases: list[_Formula] = [_FALSE]
                if value == condition:
                    cases = [_TRUE]
                if value == yes:
                    cases.append(self._formula(condition))
                if value == no:
                    cases.append(("not", self._formula(condition)))
                use = ("and", self._needs[user.id], _any(cases))
            else:
                use = self._needs[user.id]
            need = _any([need, use])
        return need

    def _together(self, formulas: Sequence[_Formula]) -> bool:
        """Whether all may hold at once; also True where that takes too many cases to exclude."""
        cases: list[dict[_Formula, bool]] = [{}]
        for _ in range(_CASES):
            if not cases:
                return False
            case = cases.pop()
            truths = _truths(formulas, case)
            if False in truths:
                continue
            if None not in truths:
                return True
            memo: dict[int, bool | None] = {}
            atom = _undecided(formulas[truths.index(None)], case, memo)
            cases += [{**case, atom: True}, {**case, atom: False}]
        return True


def _predicates(op: Operation) -> tuple[int, ...]:
    return () if op.predicate is None else (op.predicate,)


def _any(cases: Sequence[_Formula]) -> _Formula:
    whole: _Formula = _FALSE
    for case in cases:
        if case == _TRUE or whole == _TRUE:
            return _TRUE
        if case != _FALSE:
            whole = case if whole == _FALSE else ("or", whole, case)
    return whole


def _truths(formulas: Sequence[_Formula], case: dict[_Formula, bool]) -> list[bool | None]:
    memo: dict[int, bool | None] = {}
    return [_truth(formula, case, memo) for formula in formulas]


def _truth(formula: _Formula, case: dict[_Formula, bool], memo: dict[int, bool | None]) -> bool | None:
    """The formula's truth in a case, None where the case leaves it open."""
    if id(formula) in memo:
        return memo[id(formula)]
    found: bool | None
    match formula:
        case ("constant", truth):
            found = truth
        case ("atom", _):
            found = case.get(formula)
        case ("equal", value, _):
            found = case.get(formula)
            if found is None and any(
                truth and other[0] == "equal" and other[1] == value for other, truth in case.items()
            ):
                found = False
        case ("not", inner):
            truth = _truth(inner, case, memo)
            found = None if truth is None else not truth
        case (kind, first, second):
            one = _truth(first, case, memo)
            if kind != "xor" and one is (kind == "or"):
                found = one
            else:
                two = _truth(second, case, memo)
                found = _combined(kind, one, two)
        case _:
            raise ValueError(formula)
    memo[id(formula)] = found
    return found


def _combined(kind: str, one: bool | None, two: bool | None) -> bool | None:
    if kind == "xor":
        return None if one is None or two is None else one != two
    decides = kind == "or"
    if decides in (one, two):
        return decides
    return None if None in (one, two) else not decides


def _undecided(formula: _Formula, case: dict[_Formula, bool], memo: dict[int, bool | None]) -> _Formula:
    """An atom on which an open formula depends."""
    while formula[0] not in ("atom", "equal"):
        formula = next(part for part in formula[1:] if _truth(part, case, memo) is None)
    return formula
