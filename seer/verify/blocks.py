"""What every proof about two blocks asks first: one context, and loops that run as they state."""

from __future__ import annotations

from seer.lang.affine import Unsigned, unsigned_reading
from seer.lang.terms import Block, Expr, Param
from seer.lang.traverse import expressions, statements, subexpressions
from seer.verify.instances import Loop, NotProved, Shape, Site, shape_of
from seer.verify.presburger import Space, difference

__all__ = ["agree_outside", "keeps_hull", "runs", "scalars", "shapes_of"]


def shapes_of(before: Block, after: Block) -> tuple[Shape, Shape]:
    """The shapes of both blocks; raises NotProved where one's stores are not what they seem."""
    shapes = shape_of(before), shape_of(after)
    for shape in shapes:
        if shape.problem is not None:
            raise NotProved(shape.problem, undecided=True)
    return shapes


def agree_outside(before: Shape, after: Shape) -> None:
    """The new block uses nothing from outside that the original does not, and numbers its loops alike."""
    if not set(after.free_ivs) <= set(before.free_ivs):
        raise NotProved("the new block uses another enclosing induction variable")
    if not set(after.free_arrays) <= set(before.free_arrays):
        raise NotProved("the new block uses another array")
    if after.loops and after.iv_base != before.iv_base:
        raise NotProved("the new block numbers its loops from another level")


def runs(space: Space, site: Site) -> None:
    """A store that never runs is equal to anything, and no fact may be learnt from that."""
    bounds = [space.bounds(loop) for loop in site.loops]
    if all((difference(upper, lower) or 0) > 0 for lower, upper in bounds):
        return
    dims = [f"x{d}" for d in range(len(site.loops))]
    if space.empty(dims, space.domain(site.loops, "x")):
        raise NotProved(f"the store at {site.path} never runs")


def keeps_hull(space: Space, loop: Loop) -> None:
    """The values of a new loop are the ones that its induction variable's hull promises."""
    iv = loop.term.iv
    loops = (*loop.outer, loop)
    lower, upper = space.bounds(loop)
    if not lower.terms and not upper.terms:
        inside = iv.lower <= lower.constant and upper.constant <= iv.upper
        if inside and (lower.constant - iv.lower) % iv.step == 0:
            return
    name = f"x{len(loop.outer)}"
    broken = f"{name} < {iv.lower} or {name} >= {iv.upper} or ({name} - ({iv.lower})) mod {iv.step} != 0"
    dims = [f"x{d}" for d in range(len(loops))]
    if not space.empty(dims, [*space.domain(loops, "x"), broken]):
        raise NotProved(f"the loop at {loop.path} leaves the hull of its induction variable")


def scalars(*blocks: Block) -> list[Expr]:
    """The scalar arguments that blocks mention, and where they are widened as unsigned numbers, these."""
    found: dict[Expr, None] = {}
    unsigned: dict[Unsigned, Expr] = {}
    for block in blocks:
        for statement in statements(block):
            for node in subexpressions(*expressions(statement)):
                symbol = unsigned_reading(node)
                if isinstance(node, Param):
                    found[node] = None
                elif symbol is not None:
                    unsigned.setdefault(symbol, node)
    return [*found, *unsigned.values()]
