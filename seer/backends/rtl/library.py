"""Verilog modules of the multi-cycle operators, one text for each kind, width and latency.

Every unit takes operands each cycle and gives the result `latency` cycles later; nothing stalls. To add
a unit, write a function (module name, width, latency) → text and enter it in `_UNITS`. Those for floats
come from `floating`.
"""

from __future__ import annotations

from collections.abc import Callable

from seer.backends.rtl.floating import FLOAT_KINDS, float_unit
from seer.errors import BackendError

__all__ = ["INLINE", "product", "unit"]

INLINE = "(* seer_inline *)"
"""In front of modules that are mapped with the design around them: a multiplier without registers of its own
takes those at its pins into its DSP blocks."""

CHUNK = 17
"""Bits of a partial product's factors: what a 7-series DSP multiplies unsigned without a cascade."""
_LONGEST = 64
"""Bits of the longest sum that takes one cycle where two are to be had."""


def unit(kind: str, width: int, latency: int, operand_width: int | None = None) -> tuple[str, str]:
    """Name and text of the module with ports clk, a, b (if there are two operands) and y that computes
    `kind` with a result of `width` bits, from operands of `operand_width` (as many, if not given).

    `udivrem` and `sdivrem` give the quotient at y and the remainder at z.
    """
    if kind in FLOAT_KINDS:
        return float_unit(kind, operand_width or width, width, latency)
    if kind not in _UNITS:
        raise BackendError(f"the rtl backend has no unit for {kind} with latency {latency}")
    name = f"seer_{kind}_w{width}_l{latency}"
    return name, _UNITS[kind](name, width, latency)


def _module(name: str, width: int, about: list[str], body: list[str], outputs: str = "y") -> str:
    ports = [f"    output wire [{width - 1}:0] {output}" for output in outputs]
    return "\n".join(
        [
            *(f"// {line}" for line in about),
            f"module {name} (",
            "    input  wire clk,",
            f"    input  wire [{width - 1}:0] a,",
            f"    input  wire [{width - 1}:0] b,",
            ",\n".join(ports),
            ");",
            *(f"    {line}".rstrip() for line in body),
            "endmodule",
            "",
        ]
    )


def _register(body: list[str], name: str, width: int, source: str, registered: bool) -> str:
    """Declare `name` as `source`, behind a register or not."""
    if not registered:
        body.append(f"wire [{width - 1}:0] {name} = {source};")
        return name
    body += [f"reg [{width - 1}:0] {name};", f"always @(posedge clk) {name} <= {source};"]
    return name


def _wide_adder(sign: str) -> Callable[[str, int, int], str]:
    """Sum or difference in two halves, a register between them; further registers stand at the output."""

    def build(name: str, w: int, latency: int) -> str:
        low = -(-w // 2)
        if latency < 1 or w < 2:
            raise BackendError(f"the rtl backend has no adder of {w} bits with latency {latency}")
        body: list[str] = []
        # The bit above the low half is the carry or the borrow.
        half = f"{{1'b0, a[{low - 1}:0]}} {sign} {{1'b0, b[{low - 1}:0]}}"
        first = _register(body, "low", low + 1, half, True)
        high = w - low
        left, right = (_register(body, f"high_{x}", high, f"{x}[{w - 1}:{low}]", True) for x in "ab")
        carry = _padded(f"{first}[{low}]", 1, high)
        body.append(f"wire [{high - 1}:0] high = {left} {sign} {right} {sign} {carry};")
        result = f"{{high, {first}[{low - 1}:0]}}"
        for stage in range(latency - 1):
            result = _register(body, f"out{stage}", w, result, True)
        body.append(f"assign y = {result};")
        return _module(name, w, [f"a {sign} b after {latency} cycles."], body)

    return build


def _multiplier(name: str, width: int, latency: int) -> str:
    """The low product as a tree of sums of chunk products, those of greatest weight first.

    The first register stands behind the products, further ones between the levels of the tree, then at
    the output, then at the inputs: so a 7-series DSP takes most of them in. The target files give `mul`
    the latency at which each level but the last has its register. In products of more than 64 bits sums may
    take two cycles each, one for either half: they do where the latency is twice the number of levels.
    """
    if latency == 0:
        text = _module(name, width, [f"Low {width} bits of a * b."], ["assign y = a * b;"])
        return f"{INLINE}\n{text}"
    chunks = -(-width // CHUNK)
    products = chunks * (chunks + 1) // 2
    levels = (products - 1).bit_length()
    halved = width > _LONGEST and latency >= 2 * levels
    if halved:
        latency -= levels
    between = max(0, min(latency, levels) - 1)
    staged = {round(k * levels / (between + 1)) for k in range(1, between + 1)}
    at_input = latency - between > 2
    body: list[str] = []
    a = _register(body, "in_a", width, "a", at_input)
    b = _register(body, "in_b", width, "b", at_input)
    terms: list[tuple[int, str]] = []
    for shift in reversed(range(chunks)):
        room = width - shift * CHUNK
        for i in range(shift + 1):
            j = shift - i
            bits = min(CHUNK, room)
            size = min(2 * bits, room)
            left, right = _factor(a, i * CHUNK, bits, size), _factor(b, j * CHUNK, bits, size)
            product = _register(body, f"p{i}_{j}", size, f"{left} * {right}", latency >= 1)
            terms.append((shift, _padded(product, size, room)))
    for level in range(1, levels + 1):
        sums: list[tuple[int, str]] = []
        for k in range(0, len(terms), 2):
            shift, total = terms[k]
            place, summands = f"s{level}_{k // 2}", ()
            if k + 1 < len(terms):
                low_shift, low = terms[k + 1]
                gap = (shift - low_shift) * CHUNK
                weighted = f"{{{total}, {gap}'d0}}" if gap else total
                shift, total, summands = low_shift, f"{weighted} + {low}", (weighted, low)
            sum_width = width - shift * CHUNK
            if halved and summands and sum_width > _LONGEST:
                total = _halves(body, place, sum_width, *summands)
            elif halved:
                total = _register(body, f"{place}_waiting", sum_width, total, True)
            sums.append((shift, _register(body, place, sum_width, total, level in staged)))
        terms = sums
    result = terms[0][1]
    for stage in range(latency - 1 - between - at_input):
        result = _register(body, f"out{stage}", width, result, True)
    body.append(f"assign y = {result};")
    return _module(name, width, [f"Low {width} bits of a * b after {latency} cycles."], body)


def _halves(body: list[str], name: str, width: int, a: str, b: str) -> str:
    """The sum of two terms: its low half and the operands of the high one pass a register."""
    low = -(-width // 2)
    body += [f"wire [{width - 1}:0] {name}_a = {a};", f"wire [{width - 1}:0] {name}_b = {b};"]
    padded = (f"{{1'b0, {name}_{x}[{low - 1}:0]}}" for x in "ab")
    _register(body, f"{name}_low", low + 1, " + ".join(padded), True)
    high = (
        _register(body, f"{name}_{x}_high", width - low, f"{name}_{x}[{width - 1}:{low}]", True) for x in "ab"
    )
    # The carry goes in below the lowest bit, so that one chain adds all three.
    summands = zip(high, ("1'b1", f"{name}_low[{low}]"), strict=True)
    total = " + ".join(f"{{{half}, {carry}}}" for half, carry in summands)
    body.append(f"wire [{width - low}:0] {name}_sum = {total};")
    return f"{{{name}_sum[{width - low}:1], {name}_low[{low - 1}:0]}}"


def product(width: int, a: tuple[int, bool], b: tuple[int, bool]) -> tuple[str, str]:
    """Name and text of the module that multiplies within a cycle: ports clk, a, b, y (the low `width` bits).

    Factors are given by their bits, fewer than `width` where they are extended, and whether by their sign.
    """
    if a[0] == b[0] == width:
        return unit("mul", width, 0)
    name = f"seer_mul_w{width}_l0_" + "_".join(f"{'s' if signed else 'u'}{bits}" for bits, signed in (a, b))
    lines = [INLINE, f"// Low {width} bits of a * b.", f"module {name} (", "    input  wire clk,"]
    lines += [f"    input  wire [{bits - 1}:0] {port}," for port, (bits, _) in zip("ab", (a, b), strict=True)]
    lines += [f"    output wire [{width - 1}:0] y", ");"]
    for port, (bits, signed) in zip("ab", (a, b), strict=True):
        top = f"{port}[{bits - 1}]" if signed else "1'b0"
        lines.append(f"    wire signed [{bits}:0] f{port} = {{{top}, {port}}};")
    # Signed throughout, so that Verilog extends factors to the width of the product by their own signs.
    whole = max(width, a[0] + 1, b[0] + 1)
    low = "p" if whole == width else f"p[{width - 1}:0]"
    lines += [f"    wire signed [{whole - 1}:0] p = fa * fb;", f"    assign y = {low};", "endmodule", ""]
    return name, "\n".join(lines)


def _padded(text: str, width: int, wanted: int) -> str:
    return f"{{{wanted - width}'d0, {text}}}" if wanted > width else text


def _factor(name: str, low: int, bits: int, width: int) -> str:
    return _padded(f"{name}[{low + bits - 1}:{low}]", bits, width)


def _divider(signed: bool, *results: str) -> Callable[[str, int, int], str]:
    """Restoring division, one quotient bit a step; registers are spread evenly over the steps.

    `results` are `quotient`, `remainder` or both. Division by zero gives all ones and the dividend without
    any special case, but for the sign.
    """

    def build(name: str, w: int, latency: int) -> str:
        body: list[str] = []
        rest, dividend, divisor = f"{w}'d0", "a", "b"
        negate: dict[str, str] = {}
        # A signed unit with stages to spare takes one for the absolute values and one for the sign.
        around = min(2, max(0, latency - w)) if signed else 0
        steps_latency = latency - around
        if signed:
            signs = {"quotient": f"(a[{w - 1}] ^ b[{w - 1}]) & |b", "remainder": f"a[{w - 1}]"}
            dividend = _register(body, "size_a", w, f"a[{w - 1}] ? -a : a", around > 0)
            divisor = _register(body, "size_b", w, f"b[{w - 1}] ? -b : b", around > 0)
            for each in results:
                negate[each] = _register(body, f"negate_{each}", 1, signs[each], around > 0)
        for step in range(w):
            low_rest = f"{rest}[{w - 2}:0], " if step else f"{w - 1}'d0, " if w > 1 else ""
            body.append(f"wire [{w}:0] t{step} = {{1'b0, {low_rest}{dividend}[{w - 1}]}};")
            body.append(f"wire [{w}:0] u{step} = t{step} - {{1'b0, {divisor}}};")
            fits = f"~u{step}[{w}]"
            rest_next = f"{fits} ? u{step}[{w - 1}:0] : t{step}[{w - 1}:0]"
            dividend_next = f"{{{dividend}[{w - 2}:0], {fits}}}" if w > 1 else fits
            stages = (step + 1) * steps_latency // w - step * steps_latency // w
            rest = _register(body, f"rest{step}", w, rest_next, stages > 0)
            dividend = _register(body, f"bits{step}", w, dividend_next, stages > 0)
            for stage in range(stages):
                later = f"{step}_{stage}"
                if stage > 0:
                    rest = _register(body, f"rest{later}", w, rest, True)
                    dividend = _register(body, f"bits{later}", w, dividend, True)
                divisor = _register(body, f"divisor{later}", w, divisor, True)
                for each, sign in negate.items():
                    negate[each] = _register(body, f"negate_{each}{later}", 1, sign, True)
        for output, each in zip("yz", results, strict=False):
            result = rest if each == "remainder" else dividend
            if signed:
                value = f"{negate[each]} ? -{result} : {result}"
                result = _register(body, f"signed_{output}", w, value, around > 1)
            body.append(f"assign {output} = {result};")
        what = f"{'Signed' if signed else 'Unsigned'} {' (y) and '.join(results)}"
        what += " (z)" if len(results) > 1 else ""
        zeros = {"quotient": "x / 0 = all ones", "remainder": "x % 0 = x"}
        zero = ", ".join(zeros[each] for each in results)
        about = [f"{what} of a by b after {latency} cycles; {zero}."]
        return _module(name, w, about, body, "yz"[: len(results)])

    return build


_UNITS: dict[str, Callable[[str, int, int], str]] = {
    "add": _wide_adder("+"),
    "sub": _wide_adder("-"),
    "mul": _multiplier,
    "udiv": _divider(False, "quotient"),
    "urem": _divider(False, "remainder"),
    "udivrem": _divider(False, "quotient", "remainder"),
    "sdiv": _divider(True, "quotient"),
    "srem": _divider(True, "remainder"),
    "sdivrem": _divider(True, "quotient", "remainder"),
}
