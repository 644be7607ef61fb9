"""Fusion of two neighbouring loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from seer.errors import InputError
from seer.lang.mlir_bindings import PassError, ir, run_pipeline
from seer.lang.pass_probe import run_probed
from seer.lang.terms import Array, Block, For, TopArray
from seer.lang.traverse import statements
from seer.rewrites.control._exchange import Exchange, apply_transform
from seer.rewrites.control._rule import Attempt, ControlRule, FragmentKind, Offer, ProofKind, Refused
from seer.verify.correspondence import Correspondence
from seer.verify.instances import NotProved, shape_of

__all__ = ["Fusion"]

_AFFINE = "func.func(affine-loop-fusion{mode=producer maximal=true compute-tolerance=0})"
_SIBLING = (
    "%fused = transform.loop.fuse_sibling {0} into {1} : "
    "(!transform.any_op, !transform.any_op) -> !transform.any_op"
)


@dataclass(frozen=True)
class Fusion(ControlRule):
    """for i in D: A(i)   for j in D': B(j)  -->  for i in D: A(i); B(i')

    Conditions: every access to an array that both loops touch and one of them writes is affine as MLIR
    sees it: additions, subtractions and multiplications by constants of induction variables. A subscript
    such as (i<<1)+i is not, and normalising it is the datapath rules' work.

    Three routes are tried, in nests all of them, and each distinct result is offered: `affine-loop-fusion`
    as it is, which needs a flow from the first loop to the second; the same with an artificial flow (a
    shadow array written by the first and read by the second at equal counters), which serves loops that
    share inputs or nothing; and `transform.loop.fuse_sibling` on scf.for, which needs equal bounds and
    checks no dependence at all. None of them is sound by itself.
    """

    name: ClassVar[str] = "fusion"
    summary: ClassVar[str] = "for i: A(i)  for j: B(j) --> for i: A(i); B(i)"
    conditions: ClassVar[str] = (
        "accesses to arrays that both touch and one writes are affine as MLIR sees them"
    )
    takes: ClassVar[FragmentKind] = "pair"
    checked_by: ClassVar[ProofKind] = "instances"

    max_statements: int = 512

    def _attempt(self, fragment: Block) -> Attempt:
        first, second = fragment
        if not (isinstance(first, For) and isinstance(second, For)):
            raise Refused("fusion takes two loops")
        size = sum(1 for _ in statements(fragment))
        if size > self.max_statements:
            raise Refused(f"the loops have {size} statements; {self.max_statements} are the most")
        plain_affine = Exchange(fragment, "affine")
        _demand_affine(plain_affine)
        depth = _common_depth(fragment)
        routes: list[tuple[str, Callable[[], Exchange]]] = []
        routes.append(("affine-loop-fusion", lambda: _affine(plain_affine)))
        for linked in dict.fromkeys((depth, 1)):
            name = f"affine-loop-fusion, linked at depth {linked}"
            routes.append((name, lambda linked=linked: _affine(Exchange(fragment, "affine", linked))))
        routes.append(("transform.loop.fuse_sibling", lambda: _sibling(fragment)))
        offers: dict[Block, Offer] = {}
        refusals: list[str] = []
        for route, run in routes:
            try:
                offer = _fused(run(), route)
            except (Refused, NotProved, PassError, InputError, ir.MLIRError) as failure:
                refusals.append(f"{route}: {failure}")
                continue
            offers.setdefault(offer.replacement, offer)
            if depth == 1:
                # Loops that hold no loops can be joined in one way only.
                break
        return Attempt(tuple(offers.values()), () if offers else tuple(refusals))


def _fused(exchange: Exchange, route: str) -> Offer:
    """The offer of a route that has run, if what it made is a fusion."""
    left = len(exchange.loops)
    if left != 1:
        raise Refused(f"the pass leaves {left} loops")
    offer = exchange.offer(Fusion.name, Fusion.name, route)
    depths = {site.path: len(site.loops) for site in shape_of(offer.replacement).sites}
    claim = offer.correspondence
    images = claim.images if isinstance(claim, Correspondence) else ()
    if any(depths[image.path] > len(image.instance) for image in images):
        raise Refused("the pass repeats one loop in each iteration of the other")
    return offer


def _affine(exchange: Exchange) -> Exchange:
    run_probed(exchange.function, _AFFINE)
    return exchange


def _sibling(fragment: Block) -> Exchange:
    """Fused by the transform dialect, which takes only scf.for and only bounds that are the same values."""
    exchange = Exchange(fragment, "plain")
    kept = [dict(loop.attributes) for loop in _walk(exchange.function) if loop.name == "affine.for"]
    run_pipeline(exchange.function, "func.func(lower-affine)")
    lowered = [loop for loop in _walk(exchange.function) if loop.name == "scf.for"]
    for loop, attributes in zip(lowered, kept, strict=True):
        if "seer.width" in attributes:
            loop.attributes["seer.width"] = attributes["seer.width"]
    first, second = exchange.loops
    width = first.attributes["seer.width"]
    for operation in list(exchange.function.regions[0].blocks[0].operations):
        if operation.operation.name.startswith("arith."):
            operation.operation.move_before(first)
    for position in range(3):
        if _same_value(first.operands[position], second.operands[position]):
            second.operands[position] = first.operands[position]
    apply_transform(exchange.module, _SIBLING, [first, second])
    for loop in exchange.loops:
        loop.attributes["seer.width"] = width
    return exchange


def _demand_affine(exchange: Exchange) -> None:
    """Refuse if an access to an array that both loops touch and one writes is not affine to MLIR."""
    touched: list[dict[Array, bool]] = []
    opaque: dict[Array, None] = {}
    for loop in exchange.loops:
        arrays: dict[Array, bool] = {}
        for operation in _walk(loop):
            kind, _, action = operation.name.partition(".")
            if action not in ("load", "store"):
                continue
            array = exchange.memory(operation.operands[1 if action == "store" else 0])
            if array is None:
                continue
            arrays[array] = arrays.get(array, False) or action == "store"
            if kind == "memref":
                opaque[array] = None
        touched.append(arrays)
    first, second = touched
    for array in first:
        if array in second and (first[array] or second[array]) and array in opaque:
            raise Refused(f"both loops use {_name(array)}, with a subscript that is not affine to MLIR")


def _common_depth(fragment: Block) -> int:
    """How many loops stand around the first store of both loops."""
    sites = shape_of(fragment).sites
    firsts = [next((site for site in sites if site.path[0] == position), None) for position in (0, 1)]
    depths = [len(site.loops) for site in firsts if site is not None]
    if len(depths) < 2:
        raise Refused("a loop without stores")
    return min(depths)


def _walk(operation: Any) -> Iterator[Any]:
    """The operations below `operation`, outer before inner."""
    for region in operation.regions:
        for block in region.blocks:
            for inner in block.operations:
                yield inner.operation
                yield from _walk(inner.operation)


def _same_value(a: Any, b: Any) -> bool:
    """Whether two SSA values are computed alike from the same values."""
    if a == b:
        return True
    # The owner of a block argument is a block.
    p, q = getattr(a.owner, "operation", None), getattr(b.owner, "operation", None)
    if p is None or q is None or p.name != q.name:
        return False
    alike = all(_same_value(x, y) for x, y in zip(p.operands, q.operands, strict=True))
    return alike and str(dict(p.attributes)) == str(dict(q.attributes))


def _name(array: Array) -> str:
    return repr(array.name) if isinstance(array, TopArray) else "a local array"
