"""Reading rows out of egglog: e-classes as small integers, primitive values as Python's."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from egglog import bindings as egg

from seer.egraph.language import CLASS_SORTS, CONSTRUCTORS, EgraphError, Term, Value
from seer.egraph.patterns import Apply, Literal, Pattern, Variable
from seer.egraph.snapshot import ENode, Snapshot

__all__ = ["Primitives", "Row", "Tables", "primitives_of", "read_snapshot"]

Row = tuple[int | str, ...]


class _PrimitivesOf(dict[Any, Value]):
    """Python's values of egglog's of one primitive sort, each read when it is first met."""

    def __init__(self, read: Callable[[Any], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: Any) -> Value:
        found = self[value] = self._read(value)
        return found


Primitives = Mapping[str, _PrimitivesOf]
"""Python's values of an e-graph's primitives, by sort; what a value of egglog's stands for never changes."""


def primitives_of(egraph: egg.EGraph) -> Primitives:
    """None read yet."""
    return {
        "i64": _PrimitivesOf(egraph.value_to_i64),
        "BigInt": _PrimitivesOf(egraph.value_to_bigint),
        "String": _PrimitivesOf(egraph.value_to_string),
    }


class Tables:
    """One frozen state of the e-graph.

    Classes are numbered 0, 1, … in the order of egglog's own numbers, which are the same in every process.
    `primitives` are those of the same e-graph, read in earlier states or not.
    """

    def __init__(self, egraph: egg.EGraph, primitives: Primitives) -> None:
        self._functions = egraph.freeze().functions
        self._primitives = primitives
        self._raw = {name: self._functions[name].rows for name in CONSTRUCTORS if name in self._functions}
        self._nodes: dict[str, list[tuple[Row, int]]] = {}
        self._class_of: dict[str, dict[Row, int]] = {}

    @cached_property
    def _outputs(self) -> dict[str, list[Any]]:
        return {name: [row.output for row in rows] for name, rows in self._raw.items()}

    @cached_property
    def handles(self) -> list[tuple[str, Any]]:
        """Sort and egglog's value of each class."""
        values: dict[str, set[Any]] = {sort: set() for sort in CLASS_SORTS}
        for name, outputs in self._outputs.items():
            values[CONSTRUCTORS[name].output].update(outputs)
        return [(sort, value) for sort in CLASS_SORTS for value in sorted(values[sort])]

    @cached_property
    def _numbers(self) -> dict[str, dict[Any, int]]:
        numbers: dict[str, dict[Any, int]] = {sort: {} for sort in CLASS_SORTS}
        for number, (sort, value) in enumerate(self.handles):
            numbers[sort][value] = number
        return numbers

    @property
    def present(self) -> frozenset[str]:
        """The constructors that have a node."""
        return frozenset(name for name, rows in self._raw.items() if rows)

    @property
    def nodes(self) -> int:
        return sum(map(len, self._raw.values()))

    @property
    def classes(self) -> int:
        return len(self.handles)

    def constructors(self, name: str) -> list[tuple[Row, int]]:
        """Arguments and class of every node of one constructor."""
        if name not in self._nodes:
            constructor = CONSTRUCTORS[name]
            rows = self._raw.get(name, ())
            numbers = self._numbers[constructor.output]
            arguments = self._values([row.inputs for row in rows], constructor.inputs)
            classes = [numbers[output] for output in self._outputs.get(name, ())]
            self._nodes[name] = list(zip(arguments, classes, strict=True))
        return self._nodes[name]

    def apart_from(self, known: Container[tuple[str, Any]]) -> list[tuple[str, Row, int]]:
        """Constructor, arguments and class of every node of the classes whose handles are not `known`."""
        new: dict[str, set[Any]] = {}
        for handle in self.handles:
            if handle not in known:
                new.setdefault(handle[0], set()).add(handle[1])
        found: list[tuple[str, Row, int]] = []
        for name, outputs in self._outputs.items():
            constructor = CONSTRUCTORS[name]
            wanted = new.get(constructor.output, set())
            if wanted.isdisjoint(outputs):
                continue
            rows = [row for row in self._raw[name] if row.output in wanted]
            arguments = self._values([row.inputs for row in rows], constructor.inputs)
            numbers = self._numbers[constructor.output]
            found += [(name, row, numbers[of.output]) for row, of in zip(arguments, rows, strict=True)]
        return found

    def class_of(
        self, pattern: Pattern, numbers: Mapping[str, Value], parts: Mapping[str, int]
    ) -> int | None:
        """The class of an instance of a pattern, or None if there is none. Its numbers must be variables."""
        match pattern:
            case Variable(name):
                return parts[name]
            case Apply(name, args) if name in CONSTRUCTORS:
                row: list[Value] = []
                for arg, sort in zip(args, CONSTRUCTORS[name].inputs, strict=True):
                    found: Value | None
                    if sort in CLASS_SORTS:
                        found = self.class_of(arg, numbers, parts)
                    else:
                        found = arg.value if isinstance(arg, Literal) else numbers[arg.name]  # type: ignore[union-attr]
                    if found is None:
                        return None
                    row.append(found)
                if name not in self._class_of:
                    self._class_of[name] = dict(self.constructors(name))
                return self._class_of[name].get(tuple(row))
            case _:
                raise TypeError("a number has no class")

    def relation(self, name: str, sorts: Sequence[str]) -> list[Row]:
        """The rows of a relation of the given sorts."""
        function = self._functions.get(name)
        return [] if function is None else self._values([row.inputs for row in function.rows], sorts)

    def facts(self, name: str, sort: str) -> dict[int, Value]:
        """A function from expression classes to a primitive sort."""
        function = self._functions.get(name)
        if function is None:
            return {}
        numbers, values = self._numbers["E"], self._primitives[sort]
        return {numbers[row.inputs[0]]: values[row.output] for row in function.rows}

    def _values(self, rows: Sequence[Sequence[Any]], sorts: Sequence[str]) -> list[Row]:
        """Rows with numbers of classes and Python's values, column by column."""
        columns: list[Iterable[int | str]] = []
        for sort, column in zip(sorts, zip(*rows, strict=True), strict=False):
            known = self._numbers[sort] if sort in CLASS_SORTS else self._primitives[sort]
            columns.append(map(known.__getitem__, column))
        return list(zip(*columns, strict=True)) if sorts else [() for _ in rows]


def read_snapshot(tables: Tables, root: Term) -> Snapshot:
    """The frozen state as plain data, with the class of `root`."""
    classes: dict[int, list[ENode]] = {number: [] for number in range(tables.classes)}
    for name in CONSTRUCTORS:
        for row, number in tables.constructors(name):
            classes[number].append(ENode(name, row))
    hidden: dict[ENode, int] = {}
    for number, nodes in classes.items():
        nodes.sort(key=lambda node: node.key)
        constants = [node for node in nodes if node.op == "Num"]
        if constants:
            hidden |= {node: number for node in nodes if node.op != "Num"}
            classes[number] = constants
    facts = [tables.facts(name, "BigInt") for name in ("lo", "hi", "slo", "shi")]
    bounds = {
        number: tuple(int(fact[number]) for fact in facts)
        for number in facts[0]
        if all(number in fact for fact in facts)
    }
    snapshot = Snapshot(classes, -1, bounds, hidden)  # type: ignore[arg-type]
    number = snapshot.class_of(root)
    if number is None:
        raise EgraphError("the root is not in the e-graph")
    return Snapshot(classes, number, bounds, hidden)  # type: ignore[arg-type]
