"""Which banks a subscript may mean, and where in each: a subscript taken apart by the cut of its dimension.

With x = M·E + G + k, where M is the number of banks (cyclic) or the size of a block, E and G are sums of
what the subscript is computed from, and k is a constant, x mod M depends on G mod M alone, and the quotient
on E, on G div M, and on which residue G has. So two subscripts that differ by a constant share all of the
logic, and meet in one bank only at different residues; where G is empty nothing is left to decide.

This holds over the integers for subscripts that are affine without wrap-around, and modulo a power of two,
for M a power of two, for linear forms over whatever values. Any other subscript is its own G.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd

from seer.lang.affine import Affine, Symbol, Unsigned
from seer.lang.intervals import Intervals
from seer.lang.operators import mask, to_signed
from seer.lang.terms import Expr, Iv, Param
from seer.schedule.linear import Linear
from seer.schedule.partition import Cut
from seer.schedule.value_table import Value, ValueTable

__all__ = ["Choice", "Subscript", "Symbols", "Taken", "quotient_of", "take_apart"]

_WIDEST_EXTRA_BITS = 8
"""By how many bits what has to be divided may be wider than the subscript needs."""


@dataclass(frozen=True)
class Choice:
    """At the deciding value `when`, the element is in `bank`, in this dimension at `offset` (a position)."""

    when: int
    bank: int
    offset: int


@dataclass(frozen=True)
class Taken:
    """A subscript taken apart: `decider` is the position of the value that decides, None with one choice."""

    decider: int | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Subscript:
    """One subscript of an access: its position, and its forms where they are known."""

    position: int
    affine: Affine | None
    linear: Linear | None


@dataclass(frozen=True)
class Symbols:
    """What affine forms are over: the terms behind their symbols, and for counters the value that they are
    known to start from in steps (by level)."""

    terms: Mapping[Symbol, Expr]
    aligned: Mapping[int, int]
    intervals: Intervals = field(default_factory=Intervals, compare=False)


@dataclass(frozen=True)
class _Atom:
    """A summand: a value, read signed or not, times a factor; the values that it may have, and whether it is
    known to be `first` plus multiples of `step`."""

    position: int
    signed: bool
    factor: int
    low: int
    high: int
    first: int = 0
    step: int = 1


def take_apart(table: ValueTable, subscript: Subscript, cut: Cut, symbols: Symbols) -> Taken:
    """The banks that a subscript may mean, by what decides; the values needed for that are added to `table`.

    An element outside of the dimension may be anywhere.
    """
    bits = max(1, (cut.extent - 1).bit_length())
    modulus = cut.banks if cut.cyclic else cut.size
    found: _Sum | None = None
    if subscript.affine is not None:
        found = _over_integers(table, subscript.affine, modulus, cut.extent, symbols)
    if found is None and subscript.linear is not None and modulus.bit_count() == 1:
        found = _modulo(table, subscript.linear, modulus, bits)
    if found is None:
        x = table.resize(subscript.position, bits)
        whole = (_Atom(x, False, 1, 0, min(mask(table.values[x].width), cut.extent - 1)),)
        found = _Sum(table, modulus, (), whole, 0, None)
    return _cyclic(found, cut) if cut.cyclic else _blocks(found, cut)


@dataclass(frozen=True)
class _Sum:
    """x = modulus · (Σ exact) + Σ rest + constant; each of `exact` has, if `divided`, a factor that is to be
    applied to (value − first) / divided. Modulo 2^`wrap` where that is given. `bounds` are those of Σ rest
    where they are not those that its values have, but follow from x being inside."""

    table: ValueTable
    modulus: int
    exact: tuple[tuple[_Atom, int], ...]
    rest: tuple[_Atom, ...]
    constant: int
    wrap: int | None
    bounds: tuple[int, int] | None = None

    def exact_part(self, width: int) -> int:
        """Σ exact modulo 2^width."""
        table = self.table
        total = table.constant(width, 0)
        for atom, divided in self.exact:
            if divided == 1:
                value = _read(table, atom, width)
            else:
                # Dividing what is known to be a multiple: shifted, then times the inverse of the odd part.
                shift = (divided & -divided).bit_length() - 1
                wide = width + shift
                value = _added(table, _read(table, atom, wide), -atom.first, wide)
                value = _low(table, _shifted(table, value, shift), width)
                value = _scaled(table, value, pow(divided >> shift, -1, 1 << width), width)
            total = table.operation("add", width, (total, _scaled(table, value, atom.factor, width)))
        return total

    def exact_bounds(self) -> tuple[int, int]:
        """The least and greatest Σ exact; only without wrap-around."""
        low = high = 0
        for atom, divided in self.exact:
            first = atom.first if divided > 1 else 0
            ends = [atom.factor * ((end - first) // divided) for end in (atom.low, atom.high)]
            low, high = low + min(ends), high + max(ends)
        return low, high

    def rest_bounds(self) -> tuple[int, int]:
        """The least and greatest Σ rest; only without wrap-around."""
        if self.bounds is not None:
            return self.bounds
        ends = [(atom.factor * atom.low, atom.factor * atom.high) for atom in self.rest]
        return sum(min(e) for e in ends), sum(max(e) for e in ends)

    def rest_part(self, width: int, constant: int = 0) -> int:
        """Σ rest + constant modulo 2^width."""
        table = self.table
        total = table.constant(width, 0)
        for atom in self.rest:
            scaled = _scaled(table, _read(table, atom, width), atom.factor, width)
            total = table.operation("add", width, (total, scaled))
        return _added(table, total, constant, width)

    def residues(self) -> list[int]:
        """The values that Σ rest may have modulo the modulus."""
        modulus = self.modulus
        found = {0}
        for atom in self.rest:
            if self.wrap is not None:
                step = gcd(atom.factor, modulus)
                values = {k for k in range(0, modulus, step)}
            else:
                count = min((atom.high - atom.low) // atom.step + 1, modulus)
                first = atom.first + -(-(atom.low - atom.first) // atom.step) * atom.step
                values = {atom.factor * (first + k * atom.step) % modulus for k in range(count)}
            found = {(a + b) % modulus for a in found for b in values}
        return sorted(found)


def _over_integers(
    table: ValueTable, form: Affine, modulus: int, extent: int, symbols: Symbols
) -> _Sum | None:
    """An affine subscript of a dimension; None where something on it is not known."""
    exact: list[tuple[_Atom, int]] = []
    rest: list[_Atom] = []
    constant = form.constant
    for symbol, coefficient in form.terms:
        atom = _atom(table, symbol, coefficient, symbols)
        if atom is None:
            return None
        whole, left = divmod(coefficient, modulus)
        if left and coefficient * atom.step % modulus == 0:
            common = gcd(coefficient, modulus)
            constant += coefficient * atom.first
            factor = coefficient // common
            exact.append((_with_factor(atom, factor), modulus // common))
            continue
        if left > modulus // 2:
            whole, left = whole + 1, left - modulus
        if whole:
            exact.append((_with_factor(atom, whole), 1))
        if left:
            rest.append(_with_factor(atom, left))
    found = _Sum(table, modulus, tuple(exact), tuple(rest), constant, None)
    low, high = found.rest_bounds()
    if high - low <= extent << _WIDEST_EXTRA_BITS:
        return found
    # Too wide to be divided. But all of x − constant is as narrow as the dimension wherever x is inside.
    if abs(form.constant) > extent:
        return None
    atoms = [_atom(table, symbol, coefficient, symbols) for symbol, coefficient in form.terms]
    rest = [atom for atom in atoms if atom is not None]
    return _Sum(table, modulus, (), tuple(rest), form.constant, None, (-extent, 2 * extent))


def _atom(table: ValueTable, symbol: Symbol, factor: int, symbols: Symbols) -> _Atom | None:
    term = symbols.terms.get(symbol)
    match symbol, term:
        case int(), Iv():
            position = table.intern(Value("iv", term.bits, level=term.level))
            first = symbols.aligned.get(term.level)
            low, high = term.lower, term.upper - 1
            if first is None or low > high:
                return _Atom(position, True, factor, low, high) if low <= high else None
            return _Atom(position, True, factor, low, high, first, term.step)
        case str(), Param():
            position = table.intern(Value("param", term.bits, symbol=term.name))
            interval = symbols.intervals.of(term)
            return _Atom(position, True, factor, interval.slo, interval.shi)
        case Unsigned(), _ if term is not None:
            position = table.intern(Value("param", symbol.bits, symbol=symbol.name))
            interval = symbols.intervals.of(term)
            return _Atom(position, False, factor, interval.ulo, interval.uhi)
        case _:
            return None


def _with_factor(atom: _Atom, factor: int) -> _Atom:
    return _Atom(atom.position, atom.signed, factor, atom.low, atom.high, atom.first, atom.step)


def _modulo(table: ValueTable, form: Linear, modulus: int, bits: int) -> _Sum | None:
    """A linear form modulo 2^bits, a multiple of the modulus."""
    if form.width < bits:
        return None
    exact: list[tuple[_Atom, int]] = []
    rest: list[_Atom] = []
    for position, coefficient in form.terms:
        factor = to_signed(coefficient & mask(bits), bits)
        if factor == 0:
            continue
        atom = _Atom(position, False, factor, 0, mask(bits))
        if factor % modulus == 0:
            exact.append((_with_factor(atom, factor // modulus), 1))
        else:
            rest.append(atom)
    return _Sum(table, modulus, tuple(exact), tuple(rest), form.constant & mask(bits), bits)


def _cyclic(x: _Sum, cut: Cut) -> Taken:
    table, banks = x.table, cut.banks
    words = -(-cut.extent // banks)
    width = max(1, (words - 1).bit_length())
    # Of one word no bit of the quotient counts: modulo the bits of the dimension there is none.
    base = x.exact_part(width) if words > 1 else table.constant(1, 0)
    if not x.rest:
        bank = x.constant % banks
        offset = base if words == 1 else _added(table, base, x.constant // banks, width)
        return Taken(None, (Choice(0, bank, offset),))
    if x.wrap is not None:
        whole = x.rest_part(x.wrap)
        floor, greatest = 0, mask(x.wrap)
    else:
        low, high = x.rest_bounds()
        floor = low // banks
        greatest = high - floor * banks
        whole = x.rest_part(max(1, greatest.bit_length()), -floor * banks)
    quotient = quotient_of(table, whole, greatest, banks)
    decider = _remainder(table, whole, quotient, banks)
    if words > 1:
        base = table.operation("add", width, (base, table.resize(quotient, width)))
    choices: list[Choice] = []
    for residue in x.residues():
        bank = (residue + x.constant) % banks
        more = floor + (residue + x.constant - bank) // banks
        choices.append(Choice(residue, bank, base if words == 1 else _added(table, base, more, width)))
    return _decided(decider, choices)


def _blocks(x: _Sum, cut: Cut) -> Taken:
    table, size = x.table, cut.size
    width = max(1, (size - 1).bit_length())
    select = max(1, (cut.banks - 1).bit_length())
    if x.wrap is not None:
        start = x.constant // size
        inside = x.constant - start * size
        whole = x.rest_part(x.wrap, inside)
        bounds = None
        high_part = quotient_of(table, whole, mask(x.wrap), size)
        offset = _low(table, whole, width)
        decider = _sum(table, x.exact_part(select), table.resize(high_part, select), select)
    else:
        low, high = x.rest_bounds()
        start = (low + x.constant) // size
        greatest = high + x.constant - start * size
        whole = x.rest_part(max(1, greatest.bit_length()), x.constant - start * size)
        decider = x.exact_part(select)
        least, most = x.exact_bounds()
        if greatest < size:
            offset = table.resize(whole, width)
        else:
            quotient = quotient_of(table, whole, greatest, size)
            offset = table.resize(_remainder(table, whole, quotient, size), width)
            decider = _sum(table, decider, table.resize(quotient, select), select)
            most += greatest // size
        bounds = least + start, most + start
    if size == 1:
        offset = table.constant(1, 0)
    if table.known(decider) is not None:
        bank = (table.known(decider) or 0) + start
        bank = bank % (1 << select) if x.wrap is not None else bank
        return Taken(None, (Choice(0, min(max(bank, 0), cut.banks - 1), offset),))
    first, last = bounds or (0, cut.banks - 1)
    possible = range(max(0, first), min(cut.banks - 1, last) + 1) or range(cut.banks)
    return _decided(decider, [Choice((bank - start) & mask(select), bank, offset) for bank in possible])


def _decided(decider: int, choices: Sequence[Choice]) -> Taken:
    found = tuple(sorted(choices, key=lambda choice: choice.when))
    return Taken(decider if len(found) > 1 else None, found)


# -- arithmetic ------------------------------------------------------------------------------------------


def quotient_of(table: ValueTable, dividend: int, greatest: int, divisor: int) -> int:
    """`dividend` div `divisor` for all values up to `greatest`: a shift by the power of two in the divisor,
    and a multiplication by a reciprocal of just enough bits for the odd rest (Granlund and Montgomery 1994).
    """
    shift = (divisor & -divisor).bit_length() - 1
    odd, most = divisor >> shift, greatest >> shift
    if greatest < divisor:
        return table.constant(1, 0)
    value = _low(table, _shifted(table, dividend, shift), max(1, most.bit_length()))
    if odd == 1:
        return value
    places = odd.bit_length()
    while (-(1 << places) % odd) * most >= 1 << places:
        places += 1
    reciprocal = -(-(1 << places) // odd)
    width = (most * reciprocal).bit_length()
    product = _scaled(table, table.resize(value, width), reciprocal, width)
    return _low(table, _shifted(table, product, places), max(1, (most // odd).bit_length()))


def _remainder(table: ValueTable, dividend: int, quotient: int, divisor: int) -> int:
    width = max(1, (divisor - 1).bit_length())
    low = table.resize(dividend, width)
    if divisor.bit_count() == 1:
        return low
    times = _scaled(table, table.resize(quotient, width), divisor, width)
    return table.operation("sub", width, (low, times))


def _read(table: ValueTable, atom: _Atom, width: int) -> int:
    have = table.values[atom.position].width
    if have >= width or not atom.signed:
        return table.resize(atom.position, width)
    return table.operation("sext", width, (atom.position,))


def _scaled(table: ValueTable, value: int, factor: int, width: int) -> int:
    constant = table.constant(width, factor & mask(width))
    return table.operation("mul", width, (value, constant)) if factor != 1 else value


def _added(table: ValueTable, value: int, constant: int, width: int) -> int:
    return table.operation("add", width, (value, table.constant(width, constant & mask(width))))


def _sum(table: ValueTable, first: int, second: int, width: int) -> int:
    return table.operation("add", width, (first, second))


def _shifted(table: ValueTable, value: int, amount: int) -> int:
    """The value without its low bits; 0 where none are left."""
    width = table.values[value].width
    if amount == 0:
        return value
    if amount >= width:
        return table.constant(width, 0)
    return table.operation("lshr", width, (value, table.constant(width, amount)))


def _low(table: ValueTable, value: int, width: int) -> int:
    return table.resize(value, width)
