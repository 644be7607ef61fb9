"""Symbolic values of states, in a normal form, under conditions that are known to hold.

A symbolic value is an expression over symbols: parameters whose names no program has. Normal forms are
reached by rules that hold for all values (constants folded, extensions of truncated values that fit, one
spelling for each comparison) or under the known conditions (`Facts`).
"""

from __future__ import annotations

from seer.lang.intervals import Intervals
from seer.lang.operators import OPERATORS, mask, to_signed, to_unsigned
from seer.lang.terms import TRUE, Const, Expr, Op

__all__ = ["Facts", "Values", "split_condition"]

FALSE = Const(1, 0)
_NEGATED = {"ne": "eq", "sle": "slt", "ule": "ult"}


def split_condition(condition: Expr) -> tuple[Expr, bool]:
    """A condition as one that is spelled in one way, and whether it is that (or its negation)."""
    holds = True
    while isinstance(condition, Op):
        match condition:
            case Op("xor", 1, (inner, Const(_, 1))) | Op("eq", 1, (Op(bits=1) as inner, Const(1, 0))):
                condition, holds = inner, not holds
            case Op("ne", bits, (a, b)):
                condition, holds = Op("eq", bits, (a, b)), not holds
            case Op("sle" | "ule" as name, bits, (a, b)):
                condition, holds = Op(_NEGATED[name], bits, (b, a)), not holds
            case _:
                break
    return condition, holds


class Facts:
    """Conditions that are known to hold or not."""

    def __init__(self, known: dict[Expr, bool] | None = None) -> None:
        self._known: dict[Expr, bool] = dict(known or {})

    def __len__(self) -> int:
        return len(self._known)

    def extended(self, condition: Expr, holds: bool) -> Facts:
        """These and one more."""
        found = Facts(self._known)
        found._assume(condition, holds)
        return found

    def decide(self, condition: Expr) -> bool | None:
        """Whether a condition holds, as far as that is known."""
        condition, positive = split_condition(condition)
        found = self._decided(condition)
        return None if found is None else found == positive

    def _decided(self, condition: Expr) -> bool | None:
        if condition in self._known:
            return self._known[condition]
        match condition:
            case Const(_, value):
                return bool(value)
            case Op("and" | "or" as name, 1, (a, b)):
                decisive = name == "or"
                truths = self.decide(a), self.decide(b)
                if decisive in truths:
                    return decisive
                return None if None in truths else not decisive
            case Op("select", 1, (chosen, a, b)):
                which = self.decide(chosen)
                return None if which is None else self.decide(a if which else b)
            case Op("slt" | "eq" as name, 1, (a, b)):
                return self._compared(name, a, b)
            case _:
                return None

    def _compared(self, name: str, a: Expr, b: Expr) -> bool | None:
        """A comparison of one value with a constant, decided by those that are known."""
        if isinstance(a, Const) == isinstance(b, Const):
            return None
        value, constant = (b, a) if isinstance(a, Const) else (a, b)
        assert isinstance(constant, Const)
        number = to_signed(constant.value, constant.bits)
        low, high = self._bounds(value)
        if name == "eq":
            return False if number < low or number > high else True if low == high else None
        if value is a:
            return True if high < number else False if low >= number else None
        return True if number < low else False if number >= high else None

    def _bounds(self, value: Expr) -> tuple[int, int]:
        """What the known comparisons with constants say of a value, read signed."""
        half = 1 << (value.width - 1)
        low, high = -half, half - 1
        for known, truth in self._known.items():
            match known:
                case Op("slt", 1, (a, Const(bits, number))) if a is value:
                    limit = to_signed(number, bits)
                    low, high = (low, min(high, limit - 1)) if truth else (max(low, limit), high)
                case Op("slt", 1, (Const(bits, number), a)) if a is value:
                    limit = to_signed(number, bits)
                    low, high = (max(low, limit + 1), high) if truth else (low, min(high, limit))
                case Op("eq", 1, (a, Const(bits, number))) if a is value and truth:
                    low = high = to_signed(number, bits)
                case _:
                    pass
        return low, high

    def _assume(self, condition: Expr, holds: bool) -> None:
        condition, positive = split_condition(condition)
        self._known[condition] = holds == positive
        waiting = True
        while waiting:
            waiting = False
            for known, truth in list(self._known.items()):
                match known:
                    case Op("and" | "or" as name, 1, (a, b)):
                        decisive = name == "or"
                    case _:
                        continue
                truths = self.decide(a), self.decide(b)
                for part, own, other in ((a, *truths), (b, *reversed(truths))):
                    if own is None and (truth != decisive or other == (not decisive)):
                        inner, sign = split_condition(part)
                        self._known[inner] = truth == sign
                        waiting = True


class Values:
    """Builds normal forms; remembers intervals."""

    def __init__(self) -> None:
        self._intervals = Intervals()

    def operation(self, name: str, bits: int, operands: tuple[Expr, ...], facts: Facts) -> Expr:
        """The normal form of an operator applied to normal forms."""
        operator = OPERATORS[name]
        if not operator.is_float and all(isinstance(o, Const) for o in operands):
            numbers = [o.value for o in operands if isinstance(o, Const)]
            return Const(bits, operator.evaluate(operands[-1].width, bits, *numbers))
        made = self._rewritten(name, bits, operands, facts)
        if made is not None:
            return made
        if operator.commutative and not operator.is_float and isinstance(operands[0], Const):
            operands = (operands[1], operands[0])
        result = Op(name, bits, operands)
        return self.decided(result, facts) if bits == 1 else result

    def decided(self, value: Expr, facts: Facts) -> Expr:
        """A bit as a constant where it is known."""
        truth = facts.decide(value)
        return value if truth is None else TRUE if truth else FALSE

    def signed_range(self, value: Expr) -> tuple[int, int]:
        """Bounds of a value, read signed."""
        return self._intervals.of(value).signed_bounds

    def unsigned_range(self, value: Expr) -> tuple[int, int]:
        """Bounds of a value, read unsigned."""
        interval = self._intervals.of(value)
        return interval.ulo, interval.uhi

    def _rewritten(self, name: str, bits: int, operands: tuple[Expr, ...], facts: Facts) -> Expr | None:
        match name, operands:
            case "select", (chosen, a, b):
                truth = facts.decide(chosen)
                return (a if truth else b) if truth is not None else a if a is b else None
            case (("and" | "or"), (a, b)) if bits == 1:
                decisive = name == "or"
                for one, other in ((a, b), (b, a)):
                    truth = facts.decide(one)
                    if truth is not None:
                        return (TRUE if decisive else FALSE) if truth == decisive else other
            case "add", (a, b):
                return self._sum(bits, a, b, 1, facts)
            case "sub", (a, Const() as b):
                return self._sum(bits, a, b, -1, facts)
            case (("eq" | "sle" | "ule"), (a, b)) if a is b:
                return TRUE
            case (("ne" | "slt" | "ult"), (a, b)) if a is b:
                return FALSE
            case "trunc", (Op("trunc" | "zext" | "sext" as inner, _, (a,)),):
                if a.width == bits:
                    return a
                return self.operation("trunc" if a.width > bits else inner, bits, (a,), facts)
            case "zext", (Op("trunc", _, (a,)) as cut,) if a.width == bits:
                interval = self._intervals.of(a)
                return a if interval.uhi <= mask(cut.width) else None
            case "sext", (Op("trunc", _, (a,)) as cut,) if a.width == bits:
                low, high = self.signed_range(a)
                half = 1 << (cut.width - 1)
                return a if -half <= low and high < half else None
        return None

    def _sum(self, bits: int, a: Expr, b: Expr, sign: int, facts: Facts) -> Expr | None:
        """a ± a constant, or a sum of truncated values, which is a truncated sum."""
        if isinstance(a, Const) and sign == 1:
            a, b = b, a
        if isinstance(b, Const):
            amount = sign * to_signed(b.value, bits)
            match a:
                case Op("add", _, (inner, Const(_, more))):
                    a, amount = inner, amount + to_signed(more, bits)
                case Op("trunc", _, (wide,)):
                    other = Const(wide.width, to_unsigned(amount, wide.width))
                    total = self.operation("add", wide.width, (wide, other), facts)
                    return self.operation("trunc", bits, (total,), facts)
            constant = Const(bits, to_unsigned(amount, bits))
            return Op("add", bits, (a, constant)) if constant.value else a
        if isinstance(a, Op) and isinstance(b, Op) and a.name == b.name == "trunc":
            wide = a.operands[0], b.operands[0]
            if wide[0].width == wide[1].width:
                total = self.operation("add", wide[0].width, wide, facts)
                return self.operation("trunc", bits, (total,), facts)
        return None
