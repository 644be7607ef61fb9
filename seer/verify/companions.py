"""Companion stores: how a block keeps, through a compiler pass, the knowledge of where it came from.

Each Store travels behind a companion that writes a shadow array of its own, indexed by the original
induction variables. Attributes would be copied alike to both halves of an unrolled store; companions
survive unrolling, fusion and store forwarding, and hinder none of them. What they say of the output is
a claim that `seer.verify.loop_equivalence` then proves or refuses.
"""

from __future__ import annotations

from seer.lang.affine import Affine, AffineForms
from seer.lang.operators import to_unsigned
from seer.lang.terms import (
    TRUE,
    Array,
    ArrayType,
    Block,
    Const,
    Expr,
    For,
    Iv,
    Load,
    Op,
    Statement,
    Store,
    TopArray,
)
from seer.lang.traverse import bodies, with_bodies
from seer.verify.correspondence import Correspondence, StoreImage
from seer.verify.instances import NotProved, Path, Shape, shape_of

__all__ = ["extract", "instrument", "loop_sources", "unclaimed"]

_COMPANION = "seer.companion."
_LINK = "seer.link"
_NO_CLAIM = "seer.unclaimed"
_COUNTER_BITS = 64


def instrument(block: Block, link_depth: int = 0) -> Block:
    """`block` with a companion before each of its stores.

    With `link_depth` > 0, the first store of the first loop also writes, and that of the second also
    reads, one more shadow array at the values of their outermost `link_depth` loops, counted from 0: an
    artificial flow that lets a pass relate two loops which share no array.
    """
    shape = shape_of(block)
    companions: dict[Path, Block] = {}
    for number, site in enumerate(shape.sites):
        ivs = [loop.term.iv for loop in site.loops]
        array = TopArray(ArrayType(1, tuple(_extent(iv) for iv in ivs)), f"{_COMPANION}{number}")
        companions[site.path] = (Store(array, tuple(_counter(iv) for iv in ivs), TRUE),)
    if link_depth:
        sites = [next(s for s in shape.sites if s.path[0] == position) for position in (0, 1)]
        ivs = [[loop.term.iv for loop in site.loops[:link_depth]] for site in sites]
        array = TopArray(ArrayType(1, tuple(_extent(iv) for iv in ivs[0])), _LINK)
        writes, reads = (tuple(_counter(iv, from_zero=True) for iv in each) for each in ivs)
        (target,) = companions[sites[1].path]
        assert isinstance(target, Store)
        companions[sites[0].path] += (Store(array, writes, TRUE),)
        companions[sites[1].path] = (Store(target.array, target.indices, Load(array, reads)),)
    return _inserted(block, (), companions)


def unclaimed() -> Store:
    """A companion that says nothing of its store: what that leaves has to follow from other claims."""
    array = TopArray(ArrayType(1, (1,)), _NO_CLAIM)
    return Store(array, (Const(_COUNTER_BITS, 0),), TRUE)


def extract(before: Block, output: Block) -> tuple[Block, Correspondence]:
    """`output` without its companions, and the correspondence with `before` that they state.

    Raises NotProved where a store has no companion, or one that is not affine.
    """
    stripping = _Stripping(shape_of(before))
    after = stripping.block(output, (), ())
    return after, Correspondence(tuple(stripping.images))


def loop_sources(before: Block, after: Block, correspondence: Correspondence) -> dict[For, tuple[For, ...]]:
    """For each loop of `after`, the loops of `before` whose induction variables it runs through."""
    sources = {site.path: site for site in shape_of(before).sites}
    sites = {site.path: site for site in shape_of(after).sites}
    found: dict[For, dict[For, None]] = {}
    for image in correspondence.images:
        for loop in sites[image.path].loops:
            origins = found.setdefault(loop.term, {})
            for form, source in zip(image.instance, sources[image.source].loops, strict=True):
                if loop.term.iv.level in form.coefficients:
                    origins[source.term] = None
    return {loop: tuple(origins) for loop, origins in found.items()}


def _inserted(block: Block, prefix: Path, companions: dict[Path, Block]) -> Block:
    result: list[Statement] = []
    for position, statement in enumerate(block):
        path = (*prefix, position)
        result += companions.get(path, ())
        inner = [_inserted(body, place, companions) for body, place in _bodies(statement, path)]
        result.append(with_bodies(statement, inner))
    return tuple(result)


def _bodies(statement: Statement, path: Path) -> list[tuple[Block, Path]]:
    """The blocks in a statement with the paths that they have in a Shape."""
    inner = bodies(statement)
    return [(body, (*path, k) if len(inner) > 1 else path) for k, body in enumerate(inner)]


def _counter(iv: Iv, from_zero: bool = False) -> Expr:
    """The induction variable as a subscript: itself, or its distance from the start of its hull."""
    if iv.lower == 0 or (iv.lower > 0 and not from_zero):
        return iv
    if iv.lower > 0:
        return Op("sub", iv.bits, (iv, Const(iv.bits, iv.lower)))
    wide = Op("sext", _COUNTER_BITS, (iv,)) if iv.bits < _COUNTER_BITS else iv
    return Op("sub", wide.bits, (wide, Const(wide.bits, to_unsigned(iv.lower, wide.bits))))


def _extent(iv: Iv) -> int:
    return max(1, iv.upper - min(0, iv.lower))


class _Stripping:
    """Takes the companions out of one output block."""

    def __init__(self, before: Shape) -> None:
        self._before = before
        self._forms = AffineForms()
        self.images: list[StoreImage] = []

    def block(self, block: Block, prefix: Path, pending: tuple[StoreImage, ...]) -> Block:
        """The block as it stands at `prefix` in the result; `pending` is the last companion seen."""
        result: list[Statement] = []
        free = False
        for statement in block:
            path = (*prefix, len(result))
            match statement:
                case Store(array) if _is_shadow(array, _LINK):
                    continue
                case Store(array) if _is_shadow(array, _NO_CLAIM):
                    free = True
                    continue
                case Store(array) if _is_shadow(array, _COMPANION):
                    if pending:
                        raise NotProved(f"the companion of {pending[0].source} has lost its store")
                    pending = (self._image(statement),)
                    continue
                case Store() if free and not pending:
                    free = False
                    result.append(statement)
                case Store():
                    if not pending:
                        raise NotProved(f"the store at {path} has lost its companion", undecided=True)
                    self.images.append(StoreImage(path, pending[0].source, pending[0].instance))
                    pending = ()
                    result.append(statement)
                case _:
                    whole = [self._whole(body, place, pending) for body, place in _bodies(statement, path)]
                    result.append(with_bodies(statement, whole))
                    pending = ()
        if pending:
            raise NotProved(f"the companion of {pending[0].source} has lost its store")
        return tuple(result)

    def _whole(self, body: Block, path: Path, pending: tuple[StoreImage, ...]) -> Block:
        if pending:
            raise NotProved(f"the companion of {pending[0].source} has lost its store")
        stripped = self.block(body, path, ())
        if body and not stripped:
            raise NotProved(f"nothing is left of the body at {path}")
        return stripped

    def _image(self, companion: Store) -> StoreImage:
        array = companion.array
        assert isinstance(array, TopArray)
        number = int(array.name.removeprefix(_COMPANION))
        if not 0 <= number < len(self._before.sites):
            raise NotProved(f"companion {number} has no store")
        source = self._before.sites[number]
        if len(companion.indices) != len(source.loops):
            raise NotProved(f"companion {number} has {len(companion.indices)} subscripts")
        instance: list[Affine] = []
        for index, loop in zip(companion.indices, source.loops, strict=True):
            form = self._forms.of(index)
            if form is None:
                raise NotProved(f"a subscript of companion {number} is not affine", undecided=True)
            instance.append(form + Affine(min(0, loop.term.iv.lower)))
        return StoreImage((), source.path, tuple(instance))


def _is_shadow(array: Array, prefix: str) -> bool:
    return isinstance(array, TopArray) and array.name.startswith(prefix)
