"""Which instances of a block's stores depend on no local array that has not been written yet.

A line buffer is full of what it happened to hold until its loop has filled it. Stores of such values cannot
be claimed equal to anything; nothing that counts may depend on them, and a proof may leave them out.
"""

from __future__ import annotations

import islpy as isl

from seer.lang.terms import TRUE, Expr, Load, Op, Table
from seer.lang.traverse import children, subexpressions
from seer.verify.last_writers import LastWriters

__all__ = ["defined_instances"]

_MOST_ROUNDS = 24
"""Iterations through which undefined values are followed; those that go on are all left out."""


def defined_instances(block: LastWriters) -> list[isl.Set]:
    """For each store of a block the instances that leave a value which is the same whatever local arrays hold
    at first: not all of them, if that is hard to tell."""
    defined = [block.instances(number) for number in range(len(block.sites))]
    writers = [_writers(block, number) for number in range(len(defined))]
    changing = [True] * len(defined)
    for turn in range(_MOST_ROUNDS):
        # What reads only what has not changed since is as it was.
        asked = [not turn or any(changing[writer] for writer in before) for before in writers]
        undefined = {n: _undefined(block, n, defined) for n, wanted in enumerate(asked) if wanted}
        changing = [n in undefined and not d.is_disjoint(undefined[n]) for n, d in enumerate(defined)]
        if not any(changing):
            break
        for number, changes in enumerate(changing):
            if changes:
                defined[number] = defined[number].subtract(undefined[number]).coalesce()
    return [d.subtract(d) if changed else d for d, changed in zip(defined, changing, strict=True)]


def _roots(block: LastWriters, number: int) -> list[Expr]:
    """The expressions on which it depends what a store leaves."""
    store = block.sites[number].store
    roots: list[Expr] = [*store.indices, store.value]
    if block.rests[number] is not TRUE:
        roots += [block.rests[number], Load(store.array, store.indices)]
    return roots


def _writers(block: LastWriters, number: int) -> list[int]:
    """The stores that may leave what a store reads."""
    found: dict[int, None] = {}
    for node in subexpressions(*_roots(block, number)):
        if not isinstance(node, Load) or isinstance(node.array, Table) or block.is_whole(node.array):
            continue
        if block.is_bound(number, node.array) or block.is_written(number, node.array):
            found.update(dict.fromkeys(writer for writer, _ in block.sources(number, node)[0]))
    return list(found)


def _undefined(block: LastWriters, number: int, defined: list[isl.Set]) -> isl.Set:
    """The instances of a store at which what it leaves depends on what is not defined."""
    nothing = defined[number].subtract(defined[number])
    found: dict[Expr, isl.Set] = {}
    roots = _roots(block, number)
    for node in subexpressions(*roots):
        inner = [found[child] for child in children(node)]
        condition = None
        if isinstance(node, Op) and node.name == "select":
            condition = block.instances_where(number, node.operands[0])
        if condition is not None:
            found[node] = inner[1].intersect(condition).union(inner[2].subtract(condition))
            continue
        total = nothing
        for part in inner:
            total = total.union(part)
        if isinstance(node, Load) and not isinstance(node.array, Table):
            total = total.union(_unwritten(block, number, node, defined))
        found[node] = total
    total = nothing
    for root in roots:
        total = total.union(found[root])
    return total.coalesce()


def _unwritten(block: LastWriters, number: int, load: Load, defined: list[isl.Set]) -> isl.Set:
    """The instances at which a load finds nothing, or what is not defined."""
    everything = block.instances(number)
    bound = block.is_bound(number, load.array)
    if not bound and not block.is_written(number, load.array):
        return everything.subtract(everything)
    if block.is_whole(load.array):
        return everything
    sources, none = block.sources(number, load)
    found = none if bound else everything.subtract(everything)
    for writer, relation in sources:
        found = found.union(relation.subtract_range(defined[writer]).domain())
    return found
