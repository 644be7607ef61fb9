"""Units that several operations share: one instance for all, its operands selected by who issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seer.backends.rtl.library import unit
from seer.backends.rtl.operators import COMBINATIONAL, Signal, expression, vector
from seer.schedule.units import UnitKey

if TYPE_CHECKING:
    from seer.backends.rtl.module import ModuleBuilder

__all__ = ["SharedUnit", "any_of", "instantiate", "selected"]


def instantiate(
    module: ModuleBuilder, key: UnitKey, operands: tuple[Signal, ...], name: str, instance: str
) -> list[str]:
    """Lines that drive the wire `name` by a unit on these operands, called `instance` if it is a module; they
    pass registers first where the unit is staged."""
    if key.latency == 0 and key.kind in COMBINATIONAL and key.kind != "mul":
        return [f"assign {name} = {expression(key.kind, key.width, list(operands))};"]
    design, text = unit(key.kind, key.width, key.latency - key.staged, key.operand_widths[0])
    module.units[design] = text
    lines: list[str] = []
    if key.staged:
        held = [module.reg(f"{name}_{'abc'[k]}_held", operand.width) for k, operand in enumerate(operands)]
        taken = zip(held, operands, strict=True)
        moves = " ".join(f"{register.text} <= {operand.text};" for register, operand in taken)
        lines, operands = [f"always @(posedge ap_clk) begin {moves} end"], tuple(held)
    inputs = "".join(f".{port}({operand.text}), " for port, operand in zip("abc", operands, strict=False))
    return [*lines, f"{design} {instance} (.clk(ap_clk), {inputs}.y({name}));"]


@dataclass
class SharedUnit:
    """A unit under construction: `operands` are wires at its inputs, `issues` the issuing cycles' valid bits
    with what each puts there, `operations` how many there will be."""

    key: UnitKey
    name: str
    operations: int
    result: Signal
    operands: tuple[Signal, ...]
    issues: list[tuple[str, tuple[Signal, ...]]] = field(default_factory=list)

    def issue(self, valid: str, operands: tuple[Signal, ...]) -> Signal:
        """Note that the unit takes these operands in the cycles of `valid`; its result."""
        self.issues.append((valid, operands))
        return self.result

    def generate(self, module: ModuleBuilder) -> None:
        """The multiplexers of its operands, and the unit."""
        module.line(f"\n// {self.name}: {self.operations} operations share it")
        for position, wire in enumerate(self.operands):
            choices = [(valid, operands[position].text) for valid, operands in self.issues]
            _multiplexer(module, wire, choices)
        instance = module.names.fresh(f"{self.name}_unit")
        for line in instantiate(module, self.key, self.operands, self.result.text, instance):
            module.line(line)


def _multiplexer(module: ModuleBuilder, wire: Signal, choices: list[tuple[str, str]]) -> None:
    """Drive a wire with the value whose condition holds, any value when none does.

    From four inputs on by a binary number that the conditions form: the number is common to all bits, and
    each bit then takes one look-up table for four inputs.
    """
    inputs = _merged(choices)
    if len(inputs) < 4:
        module.line(f"assign {wire.text} = {selected(choices, wire.width)};")
        return
    bits = (len(inputs) - 1).bit_length()
    number = module.names.fresh(f"{wire.text}_select")
    module.line(f"wire {vector(bits)}{number};")
    for bit in range(bits):
        ones = [condition for k, (condition, _) in enumerate(inputs) if k >> bit & 1]
        module.line(f"assign {number}[{bit}] = {any_of(ones)};")

    def tree(bit: int, first: int) -> str:
        if bit < 0:
            return inputs[first][1]
        low, middle = tree(bit - 1, first), first + (1 << bit)
        return f"({number}[{bit}] ? {tree(bit - 1, middle)} : {low})" if middle < len(inputs) else low

    module.line(f"assign {wire.text} = {tree(bits - 1, 0)};")


def any_of(conditions: list[str]) -> str:
    """One condition that holds when any of these does."""
    return " | ".join(dict.fromkeys(_grouped(condition) for condition in conditions))


def selected(choices: list[tuple[str, str]], width: int) -> str:
    """The value whose condition holds; at most one does, and anything will do when none does."""
    merged = _merged(choices)
    if len(merged) <= 3:
        chain = [f"{_grouped(condition)} ? {value} : " for condition, value in merged[:-1]]
        return "".join(chain) + merged[-1][1]
    return " |\n        ".join(f"({{{width}{{{condition}}}}} & {value})" for condition, value in merged)


def _merged(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One condition for each value."""
    conditions: dict[str, list[str]] = {}
    for condition, value in choices:
        conditions.setdefault(value, []).append(_grouped(condition))
    return [(" | ".join(conditions_of), value) for value, conditions_of in conditions.items()]


def _grouped(condition: str) -> str:
    return f"({condition})" if " " in condition else condition
