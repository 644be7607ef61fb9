"""A unit as a netlist: small combinational nodes with an estimated delay each, wires between them for free.

A unit is written once, without registers; `pipeline.py` places registers for whatever latency is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from seer.backends.rtl.names import Names

__all__ = ["Bits", "Netlist", "Node", "Piece", "constant", "join"]


@dataclass(frozen=True)
class Piece:
    """Bits low … low + width − 1 of a node, or a constant (`node` is None)."""

    node: int | None
    low: int
    width: int
    value: int = 0


@dataclass(frozen=True)
class Bits:
    """A value put together from pieces, the most significant first. Slicing and joining cost nothing."""

    pieces: tuple[Piece, ...]

    @property
    def width(self) -> int:
        return sum(piece.width for piece in self.pieces)

    @property
    def is_constant(self) -> bool:
        """Whether no bit comes from a node."""
        return all(piece.node is None for piece in self.pieces)

    def bit(self, position: int) -> Bits:
        """One bit; position 0 is the least significant."""
        return self.part(position, position)

    @property
    def top(self) -> Bits:
        """The most significant bit."""
        return self.bit(self.width - 1)

    def part(self, high: int, low: int) -> Bits:
        """Bits low … high, both included."""
        if not 0 <= low <= high < self.width:
            raise ValueError(f"no bits {high}:{low} of {self.width}")
        chosen: list[Piece] = []
        base = 0
        for piece in reversed(self.pieces):
            first, last = max(low, base), min(high, base + piece.width - 1)
            if first <= last:
                offset, width = first - base, last - first + 1
                value = piece.value >> offset & ((1 << width) - 1)
                chosen.append(Piece(piece.node, piece.low + offset, width, value))
            base += piece.width
        return Bits(tuple(reversed(chosen)))

    def low(self, width: int) -> Bits:
        """The `width` least significant bits."""
        return self.part(width - 1, 0)

    def high(self, width: int) -> Bits:
        """The `width` most significant bits."""
        return self.part(self.width - 1, self.width - width)

    def padded(self, width: int) -> Bits:
        """With zeros in front, up to `width` bits."""
        return self if width <= self.width else join(constant(width - self.width, 0), self)

    def repeated(self, times: int) -> Bits:
        """The value several times in a row."""
        return Bits(self.pieces * times)


def constant(width: int, value: int) -> Bits:
    """A constant of `width` bits; negative values in two's complement."""
    return Bits((Piece(None, 0, width, value & ((1 << width) - 1)),))


def join(*parts: Bits | None) -> Bits:
    """The parts side by side, the most significant first; None stands for no bits."""
    return Bits(tuple(piece for part in parts if part is not None for piece in part.pieces))


@dataclass(frozen=True)
class Node:
    """`template` with operands for {0}, {1}, …; an input of the unit has none and is its own text.

    `ns` is from operands to result, with the wire in front. A register directly behind it is set up after
    `setup_ns`, and `late_ns` is what its output adds to the cycle behind it (DSP blocks contain registers).
    """

    name: str
    width: int
    template: str
    operands: tuple[Bits, ...]
    ns: float
    setup_ns: float
    late_ns: float


@dataclass
class Netlist:
    """Nodes in topological order. With `late_shifts` the delay of shift registers, in which bits wait for
    several cycles, counts when registers are placed: for structures that measure shorter with it."""

    nodes: list[Node] = field(default_factory=list)
    _names: Names = field(default_factory=Names)
    late_shifts: bool = False

    def __post_init__(self) -> None:
        for port in ("clk", "y"):
            self._names.fresh(port)

    def input(self, name: str, width: int) -> Bits:
        return self._add(Node(self._names.fresh(name), width, name, (), 0.0, 0.0, 0.0))

    def let(
        self,
        name: str,
        width: int,
        template: str,
        operands: Sequence[Bits],
        ns: float,
        setup_ns: float | None = None,
        late_ns: float = 0.0,
    ) -> Bits:
        """A new node; names are made unique."""
        setup = ns if setup_ns is None else setup_ns
        return self._add(Node(self._names.fresh(name), width, template, tuple(operands), ns, setup, late_ns))

    def _add(self, node: Node) -> Bits:
        self.nodes.append(node)
        return Bits((Piece(len(self.nodes) - 1, 0, node.width),))
