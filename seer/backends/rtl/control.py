"""The loop tree as a network of tokens: who starts whom, and the loop counters.

Each node has an `enter` signal, high in the cycle before its first one, and gives a `done` signal that is
high in its last cycle; a node's done is the next node's enter, so that handing over costs no cycle.
"""

from __future__ import annotations

from seer.backends.rtl.bounds import bound_range, bound_value
from seer.backends.rtl.datapath import Datapath
from seer.backends.rtl.module import CounterSignal, ModuleBuilder
from seer.backends.rtl.operators import Signal, extend, literal, vector
from seer.lang.operators import to_unsigned
from seer.lang.program import Origin
from seer.lang.terms import For, Statement
from seer.schedule.model import (
    Branch,
    Counter,
    Node,
    Parallel,
    PipelinedLoop,
    PipelinedWhile,
    Region,
    SequentialLoop,
    WhileLoop,
)

__all__ = ["Control"]

Scope = dict[int, CounterSignal]


def _signed_bits(*values: int) -> int:
    """Bits of a signed number that holds each of `values`."""
    return max((v if v >= 0 else ~v).bit_length() for v in values) + 1


class Control:
    """Generates the nodes of a schedule into a module."""

    def __init__(self, module: ModuleBuilder) -> None:
        self._module = module
        self._hulls: dict[int, tuple[int, int]] = {}

    def sequence(self, nodes: tuple[Node, ...], enter: str, scope: Scope, prefix: str) -> str:
        """Nodes that follow one another; returns the done signal of the last."""
        for node in nodes:
            match node:
                case Region():
                    enter = self._straight(node, enter, scope, prefix)
                case PipelinedLoop():
                    enter = self._pipelined(node, enter, scope)
                case SequentialLoop():
                    enter = self._sequential(node, enter, scope)
                case Branch():
                    enter = self._branch(node, enter, scope, prefix)
                case WhileLoop():
                    enter = self._while(node, enter, scope)
                case PipelinedWhile():
                    enter = self._pipelined_while(node, enter, scope)
                case Parallel():
                    enter = self._parallel(node, enter, scope, prefix)
        return enter

    def _straight(self, region: Region, enter: str, scope: Scope, prefix: str) -> str:
        name = self._module.names.fresh(f"{prefix}s")
        self._module.line(f"\n// {name}: straight line, length {region.length}")
        valid = self._valid(name, region.length + region.late, enter, self._places(region))
        # What is late goes on while the next nodes run, like the iterations of a pipelined loop.
        interval = region.length if region.late else None
        levels = frozenset(level for level in region.changing if isinstance(level, int))
        moving = frozenset(name for name in region.changing if isinstance(name, str))
        Datapath(self._module, region, name, valid, interval, scope, levels, moving).generate()
        return f"{valid.text}[{region.length - 1}]"

    def _parallel(self, node: Parallel, enter: str, scope: Scope, prefix: str) -> str:
        """Branches that begin together or at known times; whoever has ended is remembered until all have."""
        module = self._module
        name = module.names.fresh(f"{prefix}parallel")
        done = module.wire(f"{name}_done").text
        module.line(f"\n// {name}: {len(node.branches)} sequences side by side")
        ended: list[str] = []
        for number, (start, branch) in enumerate(zip(node.begun, node.branches, strict=True)):
            begin = module.long_after(f"{name}_{number}_begin", enter, start) if start else enter
            last = self.sequence(branch, begin, scope, f"{name}_{number}_")
            held = module.reg(f"{name}_{number}_ended", 1).text
            module.line(f"always @(posedge ap_clk) {held} <= ~(ap_rst | {done}) & ({held} | {last});")
            ended.append(f"({held} | {last})")
        module.line(f"\n// {name}: all have ended")
        module.line(f"assign {done} = {' & '.join(ended)};")
        return done

    # -- data-dependent control -----------------------------------------------------------------

    def _condition(self, region: Region, name: str, enter: str, scope: Scope) -> tuple[str, str]:
        """A region that ends with a decision: signals of its last cycle, for yes and for no."""
        module = self._module
        valid = self._valid(name, region.length, enter, self._places(region))
        datapath = Datapath(module, region, name, valid, None, scope, frozenset())
        datapath.generate()
        yes, no = module.wire(f"{name}_yes").text, module.wire(f"{name}_no").text
        decision, last = datapath.decision(), f"{valid.text}[{region.length - 1}]"
        module.line(f"assign {yes} = {last} & {decision};")
        module.line(f"assign {no} = {last} & ~{decision};")
        return yes, no

    def _branch(self, node: Branch, enter: str, scope: Scope, prefix: str) -> str:
        module = self._module
        name = module.names.fresh(f"{prefix}if{module.tag(node.statement)}")
        described = self._describe(name, (node.statement,))
        module.line(f"\n// {described}: decided after {node.condition.length} cycles")
        yes, no = self._condition(node.condition, f"{name}_condition", enter, scope)
        then = self.sequence(node.then, yes, scope, f"{name}_then_")
        otherwise = self.sequence(node.otherwise, no, scope, f"{name}_else_")
        done = module.wire(f"{name}_done").text
        module.line(f"\n// {name}: end of either side")
        module.line(f"assign {done} = {then} | {otherwise};")
        return done

    def _while(self, node: WhileLoop, enter: str, scope: Scope) -> str:
        module = self._module
        name = self._loop_name((node.loop,))
        described = self._describe(name, (node.loop,))
        module.line(f"\n// {described}: while, decided after {node.condition.length} cycles")
        start, body = module.wire(f"{name}_start").text, module.wire(f"{name}_body").text
        first, none = self._condition(node.condition, f"{name}_condition", start, scope)
        ended = self.sequence(node.body, body, scope, f"{name}_")
        if node.tail is None:
            module.line(f"\n// {name}: end of its body")
            module.line(f"assign {start} = {enter} | {ended};")
            module.line(f"assign {body} = {first};")
            return none
        module.line(f"\n// {name}: end of its body, and the next condition")
        again, over = self._condition(node.tail, f"{name}_tail", ended, scope)
        done = module.wire(f"{name}_done").text
        module.line(f"assign {start} = {enter};")
        module.line(f"assign {body} = {first} | {again};")
        module.line(f"assign {done} = {none} | {over};")
        return done

    def _pipelined_while(self, node: PipelinedWhile, enter: str, scope: Scope) -> str:
        module, interval, depth = self._module, node.initiation_interval, node.body.length
        name = self._loop_name((node.loop,))
        described = self._describe(name, (node.loop,))
        module.line(
            f"\n// {described}: while, pipelined, II {interval} (bound by {node.bound_by}), depth {depth}"
        )
        first, none = self._condition(node.condition, f"{name}_condition", enter, scope)
        again, done = module.wire(f"{name}_again").text, module.wire(f"{name}_done").text
        valid = self._valid(name, depth, f"{first} | {again}", module.source(node.loop))
        datapath = Datapath(module, node.body, name, valid, interval, scope, frozenset())
        datapath.generate()
        module.line(f"assign {again} = {valid.text}[{interval - 1}] & {datapath.decision()};")
        # The iteration after this one, if any, stands II stages behind it.
        follower = depth - 1 - interval
        final = f"{valid.text}[{follower}]" if follower >= 0 else again
        module.line(f"assign {done} = {none} | ({valid.text}[{depth - 1}] & ~{final});")
        return done

    def _valid(
        self, name: str, length: int, enter: str, source: str, depth: int = 0, last: str = ""
    ) -> Signal:
        """The vector whose bit k is high when a token is in stage k.

        Tokens leave stage depth − 1 for stage `depth`, if there is one, only where `last` is low.
        """
        if length < 1:
            raise ValueError(f"region {name} takes {length} cycles")
        valid = Signal(self._module.names.fresh(f"{name}_v"), length)
        self._module.declarations.append(f"{source}reg [{length - 1}:0] {valid.text};")
        parts = [enter]
        if last and length > depth:
            parts.insert(0, f"{valid.text}[{depth - 1}] & ~{last}")
            if depth > 1:
                parts.insert(1, f"{valid.text}[{depth - 2}:0]")
            if length > depth + 1:
                parts.insert(0, f"{valid.text}[{length - 2}:{depth}]")
        elif length > 1:
            parts.insert(0, f"{valid.text}[{length - 2}:0]")
        shifted = f"{{{', '.join(parts)}}}" if len(parts) > 1 else enter
        self._module.line("always @(posedge ap_clk)")
        self._module.line(f"    {valid.text} <= ap_rst ? {length}'d0 : {shifted};")
        return valid

    # -- loops ----------------------------------------------------------------------------------

    def _pipelined(self, node: PipelinedLoop, enter: str, scope: Scope) -> str:
        module, interval = self._module, node.initiation_interval
        name = self._loop_name(node.loops)
        depth = node.region.length
        module.line(
            f"\n// {self._describe(name, node.loops)}: pipelined, II {interval}"
            f" (bound by {node.bound_by}), depth {depth}"
        )
        issue, again = module.wire(f"{name}_issue").text, module.wire(f"{name}_again").text
        loop = _Loop(self, name, node.counters, node.loops, scope)
        # A token that waits for its interval beyond the region's end goes no further once the loop ends,
        # unless it then goes on to the next node.
        last = "" if node.around else loop.last
        valid = self._valid(name, max(depth, interval), issue, module.source(*node.loops), depth, last)
        first, skipped = loop.entry(enter, node.guard)
        loop.steps(first, again)
        module.line(f"assign {again} = {valid.text}[{interval - 1}] & ~{loop.last};")
        module.line(f"assign {issue} = {first} | {again};")
        done = module.wire(f"{name}_done").text
        # The iteration after this one, if any, stands II stages behind it.
        follower = depth - 1 - interval
        final = f"~{valid.text}[{follower}]" if follower >= 0 else loop.last
        ended = f"{valid.text}[{depth - 1}] & {final}"
        if node.around:
            ended = f"{valid.text}[{interval - 1}] & {loop.last}"
        module.line(f"assign {done} = {f'({ended}) | {skipped}' if skipped else ended};")
        inner = scope | loop.signals
        own = frozenset(loop.signals) | {counter.iv.level for counter in node.around}
        Datapath(module, node.region, name, valid, interval, inner, own, node.moving).generate()
        return done

    def _sequential(self, node: SequentialLoop, enter: str, scope: Scope) -> str:
        module = self._module
        name = self._loop_name((node.loop,))
        module.line(f"\n// {self._describe(name, (node.loop,))}: one iteration after the other")
        loop = _Loop(self, name, (node.counter,), (node.loop,), scope)
        first, skipped = loop.entry(enter, node.guard)
        body, again, done = (module.wire(f"{name}_{part}").text for part in ("body", "again", "done"))
        loop.steps(first, again)
        module.line(f"assign {body} = {first} | {again};")
        ended = self.sequence(node.body, body, scope | loop.signals, f"{name}_")
        module.line(f"\n// {name}: end of its body")
        module.line(f"assign {again} = {ended} & ~{loop.last};")
        over = f"{ended} & {loop.last}"
        if node.drain:  # what the loop in it has issued last is still under way
            over = module.later(f"{name}_drain", over, node.drain)
        module.line(f"assign {done} = {over}{f' | {skipped}' if skipped else ''};")
        return done

    # -- names ----------------------------------------------------------------------------------

    def _places(self, region: Region) -> str:
        """The attribute of what belongs to a whole region."""
        return self._module.source(*(op.statement for op in region.operations))

    def _origins(self, loops: tuple[Statement, ...]) -> list[Origin]:
        origins = self._module.schedule.program.origins
        return [origins.get(loop, Origin()) for loop in loops]

    def _loop_name(self, loops: tuple[Statement, ...]) -> str:
        labels = [label for origin in self._origins(loops) for label in origin.labels]
        unlabelled = f"loop{self._module.tag(loops[0])}"
        return self._module.names.fresh("_".join(dict.fromkeys(labels)) or unlabelled)

    def _describe(self, name: str, loops: tuple[Statement, ...]) -> str:
        places = [location.short for origin in self._origins(loops) for location in origin.locations]
        return f"{name} ({', '.join(dict.fromkeys(places))})" if places else name

    def counter_name(self, loop_name: str, loop: For) -> str:
        names = self._origins((loop,))[0].names
        return f"{loop_name}_{'_'.join(names) or 'i'}"


class _Loop:
    """The counters of one loop: registers, entry, step and the test for the last iteration.

    `last` is a wire that holds while the counters show the last iteration.
    """

    def __init__(
        self, control: Control, name: str, counters: tuple[Counter, ...], loops: tuple[For, ...], scope: Scope
    ) -> None:
        self._control = control
        self._module = control._module
        self._name = name
        self._counters = counters
        self._scope = scope
        self._constant = all(counter.constant for counter in counters)
        self.last = self._module.wire(f"{name}_last").text
        self.signals: Scope = {}
        self._registers: list[Signal] = []
        for counter, loop in zip(counters, loops, strict=True):
            low, high = self._span(counter)
            signed = low < 0
            width = _signed_bits(low, high) if signed else max(1, high.bit_length())
            source = self._module.source(loop)
            register = self._module.reg(control.counter_name(name, loop), width, source)
            self._registers.append(register)
            self.signals[counter.iv.level] = CounterSignal(register, signed)

    def _span(self, counter: Counter) -> tuple[int, int]:
        """Least and greatest value of a counter in an iteration."""
        if not counter.constant:
            return counter.iv.lower, max(counter.iv.lower, counter.iv.upper - 1)
        low, step = counter.lower.constant, counter.iv.step
        return low, max(low, low + (counter.upper.constant - 1 - low) // step * step)

    def entry(self, enter: str, cycles: int) -> tuple[str, str]:
        """Signals `first` (high in the cycle before the first iteration) and `skipped` (zero iterations,
        empty when that cannot happen); bounds that are not constants are evaluated so many cycles later."""
        if self._constant:
            return enter, ""
        (counter,) = self._counters
        module = self._module
        ranges = [bound_range(module, each, self._scope) for each in (counter.lower, counter.upper)]
        ends = [end for pair in ranges for end in pair]
        width = _signed_bits(*ends, min(ends) - counter.iv.step)
        guard = module.later(f"{self._name}_guard", enter, cycles)
        self._lower, self._upper = (module.wire(f"{self._name}_{part}", width) for part in ("lower", "upper"))
        runs, first, skipped = (
            module.wire(f"{self._name}_{part}").text for part in ("runs", "first", "skipped")
        )
        for wire, bound in ((self._lower, counter.lower), (self._upper, counter.upper)):
            module.line(f"assign {wire.text} = {bound_value(module, bound, width, self._scope)};")
        module.line(f"assign {runs} = $signed({self._lower.text}) < $signed({self._upper.text});")
        module.line(f"assign {first} = {guard} & {runs};")
        module.line(f"assign {skipped} = {guard} & ~{runs};")
        return first, skipped

    def steps(self, first: str, again: str) -> None:
        """Set the counters before the first iteration, step them before each further one."""
        if self._constant:
            self._constant_steps(first, again)
        else:
            self._variable_steps(first, again)

    def _constant_steps(self, first: str, again: str) -> None:
        module = self._module
        ends: list[str] = []
        statements: list[str] = []
        for counter, register in zip(self._counters, self._registers, strict=True):
            low, high = self._span(counter)
            start = literal(register.width, to_unsigned(low, register.width)).text
            end = literal(register.width, to_unsigned(high, register.width)).text
            if low == high:
                at_end = "1'b1"
            else:
                at_end = module.wire(f"{register.text}_last").text
                module.line(f"assign {at_end} = {register.text} == {end};")
            ends.append(at_end)
            statements.append(f"if ({first}) {register.text} <= {start};")
        for position, (counter, register) in enumerate(zip(self._counters, self._registers, strict=True)):
            low, high = self._span(counter)
            if low == high:
                continue
            start = literal(register.width, to_unsigned(low, register.width)).text
            step = literal(register.width, to_unsigned(counter.iv.step, register.width)).text
            inner = [end for end in ends[position + 1 :] if end != "1'b1"]
            stepped = f"{register.text} + {step}"
            value = f"{ends[position]} ? {start} : {stepped}" if position else stepped
            enable = " & ".join([again, *inner])
            statements[position] += f" else if ({enable}) {register.text} <= {value};"
        moving = [end for end in ends if end != "1'b1"]
        module.line(f"assign {self.last} = {' & '.join(moving) or literal(1, 1).text};")
        module.clocked(statements)

    def _variable_steps(self, first: str, again: str) -> None:
        module = self._module
        (counter,), (register,) = self._counters, self._registers
        step = counter.iv.step
        # The last iteration's counter is `limit` or, with steps above 1, past it.
        low, high = self._span(counter)
        width = max(_signed_bits(low, high), _signed_bits(low + 1 - step))
        limit = module.reg(f"{self._name}_limit", width)
        name = module.names.fresh(f"{self._name}_before_upper")
        at_limit = self.signals[counter.iv.level].at(width)
        test = "==" if step == 1 else ">="
        wide = self._upper.width
        module.line(
            f"wire {vector(wide)}{name} = {self._upper.text} - {literal(wide, to_unsigned(step, wide)).text};"
        )
        difference = Signal(name, wide)
        module.line(f"assign {self.last} = $signed({at_limit}) {test} $signed({limit.text});")
        low_part = extend(self._lower, register.width, signed=True)
        module.clocked(
            [
                f"if ({first}) {limit.text} <= {extend(difference, width, signed=True)};",
                f"if ({first}) {register.text} <= {low_part};",
                f"else if ({again}) {register.text} <= {register.text}"
                f" + {literal(register.width, to_unsigned(step, register.width)).text};",
            ]
        )
