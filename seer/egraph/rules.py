"""The rule book: `rewrites/datapath/*.egg` and the structural laws, read by egglog's own parser.

A rule is a named `rewrite` or `birewrite` with a line of mathematics in a comment above it; see
rewrites/README.md for what it may contain. `RuleBook.load` reads files without proving anything:
`seer.egraph.proof` does that, and the explorer takes proved books only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from egglog import bindings as egg

from seer.egraph._reader import Reader, error_location
from seer.egraph.language import CONSTRUCTORS
from seer.egraph.patterns import (
    Apply,
    Bound,
    Comparison,
    Pattern,
    Solver,
    Variable,
    variables,
)
from seer.errors import InputError, Location

__all__ = ["Rule", "RuleBook", "laws", "library", "library_files", "nodes_of", "reassociation_files"]


@dataclass(frozen=True)
class Rule:
    """`left` may be replaced by `right` wherever the conditions hold.

    `text` is the rule as written, with ` ; reversed` behind it for the second direction of a birewrite.
    `axiom` marks a structural law, which no proof stands behind, `assumed` an equation of real numbers that
    the user allowed for floats.
    """

    name: str
    family: str
    summary: str
    text: str
    location: Location
    left: Pattern
    right: Pattern
    conditions: tuple[Comparison, ...]
    bounds: tuple[Bound, ...]
    axiom: bool
    assumed: bool = False

    @cached_property
    def scalars(self) -> tuple[Variable, ...]:
        """All i64, BigInt and String variables, in order of first occurrence."""
        return self._variables(("i64", "BigInt", "String"))

    @cached_property
    def parts(self) -> tuple[Variable, ...]:
        """All variables that stand for a class, in order of first occurrence."""
        return self._variables(("E", "I", "S", "B"))

    @cached_property
    def constructors(self) -> frozenset[str]:
        """The constructors without which the left side matches nothing."""
        return frozenset(node.name for node in nodes_of(self.left) if node.name in CONSTRUCTORS)

    @cached_property
    def solve(self) -> Solver:
        """From values of the left side's and the bounds' variables to values of all number variables."""
        known = [*variables(self.left), *(bound.variable for bound in self.bounds)]
        return Solver(self.conditions, [v.name for v in known])

    def _variables(self, sorts: tuple[str, ...]) -> tuple[Variable, ...]:
        found: dict[Variable, None] = dict.fromkeys(variables(self.left))
        for bound in self.bounds:
            found |= dict.fromkeys((bound.variable, bound.of))
        for condition in self.conditions:
            found |= dict.fromkeys([*variables(condition.left), *variables(condition.right)])
        return tuple(v for v in found if v.sort in sorts)


@dataclass(frozen=True)
class RuleBook:
    """Rules by name, in the order of their files."""

    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Rule:
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.rules}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.rules)

    def without(self, names: Iterable[str]) -> RuleBook:
        """The book with some rules taken out."""
        dropped = set(names)
        return RuleBook(tuple(rule for rule in self.rules if rule.name not in dropped))

    @staticmethod
    def load(paths: Iterable[Path], *, axioms: bool = False, assumed: bool = False) -> RuleBook:
        """Rules of the given files. Raises InputError with file:line:column."""
        found: dict[str, Rule] = {}
        for path in paths:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(f"cannot read the rule file {path}: {error}") from error
            for rule in parse_rules(text, str(path), path.stem, axioms=axioms):
                rule = replace(rule, assumed=assumed)
                if rule.name in found:
                    raise InputError(
                        f"the rule {rule.name} exists already, at {found[rule.name].location}",
                        rule.location,
                        "give it another :name",
                    )
                found[rule.name] = rule
        return RuleBook(tuple(found.values()))


def parse_rules(text: str, file: str, family: str, *, axioms: bool = False) -> list[Rule]:
    """The rules in the text of one file."""
    try:
        commands = egg.EGraph().parse_program(text, file)
    except egg.EggSmolError as error:
        raise InputError(str(error).splitlines()[-1], error_location(str(error), file)) from error
    rules: list[Rule] = []
    for command in commands:
        rules += _rules_of(command, Reader(text, file), family, axioms)
    return rules


def _rules_of(command: object, reader: Reader, family: str, axiom: bool) -> Iterator[Rule]:
    if not isinstance(command, egg.RewriteCommand | egg.BiRewriteCommand):
        place = reader.place_of(command)
        raise InputError(
            f"{type(command).__name__} has no place in a rule file", place, "write rewrite rules only"
        )
    rewrite = command.rewrite
    location = reader.location(rewrite.span)
    if not rewrite.name:
        raise InputError("a rule needs a :name", location)
    if isinstance(command, egg.RewriteCommand) and command.subsume:
        raise InputError(f"the rule {rewrite.name} subsumes, which is not supported", location)
    summary = reader.comment_above(rewrite.span)
    if not summary:
        raise InputError(
            f"the rule {rewrite.name} needs a line of mathematics in a comment above it", location
        )
    text = reader.source(rewrite.span)
    sides = [(rewrite.lhs, rewrite.rhs, rewrite.name, text)]
    if isinstance(command, egg.BiRewriteCommand):
        sides.append((rewrite.rhs, rewrite.lhs, f"{rewrite.name}-reverse", f"{text} ; reversed"))
    for left, right, name, source in sides:
        sorts: dict[str, str] = {}
        pattern = reader.pattern(left, "E" if isinstance(left, egg.Var) else None, sorts)
        conditions, bounds = reader.conditions(rewrite.conditions, sorts)
        replacement = reader.pattern(right, pattern.sort, sorts, closed=True)
        rule = Rule(name, family, summary, source, location, pattern, replacement, conditions, bounds, axiom)
        _check(rule)
        yield rule


_DATAPATH = {"Num"}


def _check(rule: Rule) -> None:
    """What the proof relies on: patterns over operators only, widths that determine themselves."""
    if rule.axiom:
        return
    for side in (rule.left, rule.right):
        for node in nodes_of(side):
            if node.sort == "E" and node.name not in _DATAPATH and not _is_operator(node.name):
                raise InputError(
                    f"the rule {rule.name} matches {node.name}",
                    rule.location,
                    "a datapath rule is about operators, Num and variables",
                )
    if isinstance(rule.left, Variable) and not any(
        b.function == "width" and b.of == rule.left for b in rule.bounds
    ):
        raise InputError(
            f"the left side of {rule.name} is a lone variable of unknown width",
            rule.location,
            f"add (= w (width {rule.left.name}))",
        )


def _is_operator(name: str) -> bool:
    return name in CONSTRUCTORS and CONSTRUCTORS[name].operator is not None


def nodes_of(pattern: Pattern) -> Iterator[Apply]:
    """All constructors and primitives of a pattern."""
    if isinstance(pattern, Apply):
        yield pattern
        for arg in pattern.args:
            yield from nodes_of(arg)


def library_files() -> list[Path]:
    """The files of the datapath rules that come with seer."""
    return sorted(Path(str(files("seer") / "rewrites" / "datapath")).glob("*.egg"))


def reassociation_files() -> list[Path]:
    """The files of the rules that `--fp-reassociate` adds."""
    return sorted(Path(str(files("seer") / "rewrites" / "assumed")).glob("*.egg"))


@cache
def library(more: tuple[Path, ...] = (), reassociate: bool = False) -> RuleBook:
    """The datapath rules that come with seer, and those of the files `more`; with `reassociate` also those
    that hold of real numbers only."""
    proved = RuleBook.load([*library_files(), *more])
    assumed = RuleBook.load(reassociation_files(), assumed=True) if reassociate else RuleBook(())
    for rule in assumed:
        if rule.name in proved:
            raise InputError(
                f"the rule {rule.name} exists already, at {rule.location}", proved[rule.name].location
            )
    return RuleBook((*proved, *assumed))


@cache
def laws() -> RuleBook:
    """The structural laws of statements."""
    return RuleBook.load([Path(str(files("seer.egraph") / "laws.egg"))], axioms=True)
