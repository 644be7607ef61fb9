"""Verilog modules of the multi-cycle operators, one text for each kind, width and latency.

Every unit takes operands each cycle and gives the result `latency` cycles later; nothing stalls. To add
a unit, write a function (module name, width, latency) → text and enter it in `_UNITS`.
"""

from __future__ import annotations

from collections.abc import Callable

from seer.errors import BackendError

__all__ = ["has_unit", "unit"]

CHUNK = 17
"""Bits of a partial product's factors: what a 7-series DSP multiplies unsigned without a cascade."""


def has_unit(kind: str) -> bool:
    """Whether there is a module for operators of this kind."""
    return kind in _UNITS


def unit(kind: str, width: int, latency: int) -> tuple[str, str]:
    """Name and text of the module with ports clk, a, b, y that computes `kind` at `width` bits."""
    if kind not in _UNITS:
        raise BackendError(f"the rtl backend has no unit for {kind} with latency {latency}")
    name = f"seer_{kind}_w{width}_l{latency}"
    return name, _UNITS[kind](name, width, latency)


def _module(name: str, width: int, about: list[str], body: list[str]) -> str:
    return "\n".join(
        [
            *(f"// {line}" for line in about),
            f"module {name} (",
            "    input  wire clk,",
            f"    input  wire [{width - 1}:0] a,",
            f"    input  wire [{width - 1}:0] b,",
            f"    output wire [{width - 1}:0] y",
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


def _multiplier(name: str, width: int, latency: int) -> str:
    """The low product as a tree of sums of chunk products, those of greatest weight first.

    The first register stands behind the products, the second at the output, then between the levels of
    the tree, then at the inputs, then more at the output: so a 7-series DSP takes them all in.
    """
    chunks = -(-width // CHUNK)
    products = chunks * (chunks + 1) // 2
    levels = (products - 1).bit_length()
    between = max(0, min(latency - 2, levels - 1))
    staged = {round(k * levels / (between + 1)) for k in range(1, between + 1)}
    at_input = latency - between >= 3
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
            if k + 1 < len(terms):
                low_shift, low = terms[k + 1]
                gap = (shift - low_shift) * CHUNK
                weighted = f"{{{total}, {gap}'d0}}" if gap else total
                shift, total = low_shift, f"{weighted} + {low}"
            sum_width = width - shift * CHUNK
            sums.append((shift, _register(body, f"s{level}_{k // 2}", sum_width, total, level in staged)))
        terms = sums
    result = terms[0][1]
    for stage in range(latency - 1 - between - at_input):
        result = _register(body, f"out{stage}", width, result, True)
    body.append(f"assign y = {result};")
    return _module(name, width, [f"Low {width} bits of a * b after {latency} cycles."], body)


def _padded(text: str, width: int, wanted: int) -> str:
    return f"{{{wanted - width}'d0, {text}}}" if wanted > width else text


def _factor(name: str, low: int, bits: int, width: int) -> str:
    return _padded(f"{name}[{low + bits - 1}:{low}]", bits, width)


def _divider(signed: bool, remainder: bool) -> Callable[[str, int, int], str]:
    """Restoring division, one quotient bit a step; registers are spread evenly over the steps.

    Division by zero gives all ones and the dividend without any special case when unsigned.
    """

    def build(name: str, width: int, latency: int) -> str:
        w = width
        body: list[str] = []
        if signed:
            sign = f"a[{w - 1}]" if remainder else f"(a[{w - 1}] ^ b[{w - 1}]) & |b"
            body += [
                f"wire [{w - 1}:0] size_a = a[{w - 1}] ? -a : a;",
                f"wire [{w - 1}:0] size_b = b[{w - 1}] ? -b : b;",
                f"wire negate_in = {sign};",
            ]
        dividend, divisor, rest, negate = (
            ("size_a", "size_b", f"{w}'d0", "negate_in") if signed else ("a", "b", f"{w}'d0", "")
        )
        for step in range(w):
            high = f"{rest}[{w - 2}:0]" if step and w > 1 else f"{w - 1}'d0"
            shifted = f"{{1'b0, {high}, {dividend}[{w - 1}]}}" if w > 1 else f"{{1'b0, {dividend}}}"
            body.append(f"wire [{w}:0] t{step} = {shifted};")
            body.append(f"wire [{w}:0] u{step} = t{step} - {{1'b0, {divisor}}};")
            stages = (step + 1) * latency // w - step * latency // w
            for stage in range(max(1, stages)):
                label = f"{step}" if stage == 0 else f"{step}_{stage}"
                first = stage == 0
                new_rest = f"u{step}[{w}] ? t{step}[{w - 1}:0] : u{step}[{w - 1}:0]"
                low = f"{dividend}[{w - 2}:0], " if w > 1 else ""
                new_quotient = f"{{{low}~u{step}[{w}]}}"
                kept = stages > 0
                rest = _register(body, f"r{label}", w, new_rest if first else rest, kept)
                dividend = _register(body, f"q{label}", w, new_quotient if first else dividend, kept)
                if kept:
                    divisor = _register(body, f"d{label}", w, divisor, True)
                    if signed:
                        negate = _register(body, f"n{label}", 1, negate, True)
        result = rest if remainder else dividend
        body.append(f"assign y = {f'{negate} ? -{result} : {result}' if signed else result};")
        what = f"{'Signed' if signed else 'Unsigned'} {'remainder' if remainder else 'quotient'}"
        zero = "x % 0 = x" if remainder else "x / 0 = all ones"
        return _module(name, w, [f"{what} of a by b after {latency} cycles; {zero}."], body)

    return build


_UNITS: dict[str, Callable[[str, int, int], str]] = {
    "mul": _multiplier,
    "udiv": _divider(signed=False, remainder=False),
    "urem": _divider(signed=False, remainder=True),
    "sdiv": _divider(signed=True, remainder=False),
    "srem": _divider(signed=True, remainder=True),
}
