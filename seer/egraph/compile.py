"""Rules as egglog commands: each in two, a match that fills a relation and an apply that empties it.

`(M_name numbers… parts… root)` holds the matches of a rule; only rows whose numbers stand in
`(Ok_name numbers…)` are applied. Between the two the explorer proves the numbers, logs the rows, and bans
rules.

egglog 13.2 panics where one atom has a variable twice, as in (Add w a a), and the same rule computes with a
number of it, once the table has lost a row: it computes on the lost row too. Such a rule matches in two
rounds, first the atoms into `(N_name …)`, then the conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from egglog import bindings as egg

from seer.egraph.encode import SPAN, call, literal
from seer.egraph.language import CONSTRUCTORS
from seer.egraph.patterns import Apply, Literal, Pattern, Variable, variables
from seer.egraph.rules import Rule

__all__ = ["APPLY", "CompiledRule", "compile_rule", "match_relation", "match_ruleset", "ok_relation"]

APPLY = "apply_"


@dataclass(frozen=True)
class CompiledRule:
    """The commands that declare a rule, and how many numbers its rows begin with.

    The first `len(rule.scalars)` numbers are the rule's variables, the others are computed for the right
    side: an action that fails would stop the run, a condition that fails only drops the match. `right` is
    the right side with these numbers named. The match takes `rounds` iterations.
    """

    rule: Rule
    commands: tuple[Any, ...]
    numbers: tuple[Variable, ...]
    right: Pattern
    rounds: int

    @property
    def sorts(self) -> list[str]:
        """Sorts of a row of the match relation: numbers, parts, and the class of the left side."""
        return [*(v.sort for v in (*self.numbers, *self.rule.parts)), self.rule.left.sort]


def match_relation(rule: Rule) -> str:
    return f"M_{rule.name}"


def ok_relation(rule: Rule) -> str:
    return f"Ok_{rule.name}"


def match_ruleset(rule: Rule) -> str:
    return f"m_{rule.name}"


@cache
def compile_rule(rule: Rule) -> CompiledRule:
    """Relation, match rule and apply rule."""
    computed: dict[Pattern, Variable] = {}
    right = _with_numbers_named(rule.right, computed)
    root = rule.left if isinstance(rule.left, Variable) else Variable("root'", rule.left.sort)
    commands: list[Any] = [egg.AddRuleset(SPAN, match_ruleset(rule))]
    body: list[Any] = []
    if root is not rule.left:
        body.append(egg.Eq(SPAN, _var(root), to_egglog(rule.left)))
    rounds = 2 if _repeats_in_one_atom(rule.left) else 1
    if rounds == 2:
        columns = [*dict.fromkeys(variables(rule.left)), root]
        atoms = call(f"N_{rule.name}", *map(_var, columns))
        commands.append(egg.Relation(SPAN, f"N_{rule.name}", [v.sort for v in columns]))
        first = egg.Rule(SPAN, [egg.Expr_(SPAN, atoms)], body, f"{rule.name}?", match_ruleset(rule))
        commands.append(egg.RuleCommand(first))
        body = [egg.Fact(atoms)]
    for bound in rule.bounds:
        body.append(egg.Eq(SPAN, _var(bound.variable), call(bound.function, _var(bound.of))))
    body += _guards(rule)
    for condition in rule.conditions:
        left, other = to_egglog(condition.left), to_egglog(condition.right)
        fact = egg.Eq(SPAN, left, other) if condition.op == "=" else egg.Fact(call(condition.op, left, other))
        body.append(fact)
    body += [egg.Eq(SPAN, _var(name), to_egglog(pattern)) for pattern, name in computed.items()]

    numbers = (*rule.scalars, *computed.values())
    row = call(match_relation(rule), *map(_var, (*numbers, *rule.parts, root)))
    granted = call(ok_relation(rule), *map(_var, numbers))
    actions = [
        egg.Union(SPAN, _var(root), to_egglog(right)),
        egg.Change(SPAN, egg.Delete(), match_relation(rule), row.args),
    ]
    match = egg.Rule(SPAN, [egg.Expr_(SPAN, row)], body, rule.name, match_ruleset(rule))
    apply = egg.Rule(SPAN, actions, [egg.Fact(row), egg.Fact(granted)], f"{rule.name}!", APPLY)
    commands += [
        egg.Relation(SPAN, match_relation(rule), [v.sort for v in (*numbers, *rule.parts, root)]),
        egg.Relation(SPAN, ok_relation(rule), [v.sort for v in numbers]),
        egg.RuleCommand(match),
        egg.RuleCommand(apply),
    ]
    return CompiledRule(rule, tuple(commands), numbers, right, rounds)


def _repeats_in_one_atom(pattern: Pattern) -> bool:
    """Whether some constructor of a left side has a variable twice among its own arguments."""
    if not isinstance(pattern, Apply):
        return False
    own = [arg.name for arg in pattern.args if isinstance(arg, Variable)]
    return len(set(own)) < len(own) or any(map(_repeats_in_one_atom, pattern.args))


def _guards(rule: Rule) -> list[Any]:
    """lo ≤ hi for every term whose range a rule asks for, so that nobody can forget it."""
    asked = {
        (bound.of, bound.function in ("slo", "shi")): None
        for bound in rule.bounds
        if bound.function != "width"
    }
    facts: list[Any] = []
    for number, (of, signed) in enumerate(asked):
        low, high = egg.Var(SPAN, f"low'{number}"), egg.Var(SPAN, f"high'{number}")
        facts.append(egg.Eq(SPAN, low, call("slo" if signed else "lo", _var(of))))
        facts.append(egg.Eq(SPAN, high, call("shi" if signed else "hi", _var(of))))
        facts.append(egg.Fact(call("<=", low, high)))
    return facts


def _with_numbers_named(pattern: Pattern, computed: dict[Pattern, Variable]) -> Pattern:
    """The right side with each computed number replaced by a variable."""
    if not isinstance(pattern, Apply):
        return pattern
    if pattern.name not in CONSTRUCTORS:
        return computed.setdefault(pattern, Variable(f"number'{len(computed)}", pattern.sort))
    return Apply(
        pattern.name, tuple(_with_numbers_named(arg, computed) for arg in pattern.args), pattern.sort
    )


def to_egglog(pattern: Pattern) -> Any:
    """A pattern as an egglog expression."""
    match pattern:
        case Variable():
            return _var(pattern)
        case Literal(value):
            return literal(value)
        case Apply("amount", (arg,)) if not isinstance(arg, Variable):
            # A row of the table would be sought among all of them; a chain of primitives is computed.
            fraction = call("bigrat", to_egglog(arg), call("bigint", literal(1)))
            return call("to-i64", call("to-f64", fraction))
        case Apply(name, args):
            return call(name, *map(to_egglog, args))


def _var(variable: Variable) -> Any:
    return egg.Var(SPAN, variable.name)
