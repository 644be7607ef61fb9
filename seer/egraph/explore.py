"""Exploration: an e-graph of statements and expressions, grown by proved rules step by step.

A step has two phases, match and apply (docs/egraph.md says why). Between them each new tuple of widths and
constants is proved, and every match that will fire is logged as a ground equation.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from egglog import bindings as egg

from seer.egraph import rules as rule_files
from seer.egraph.compile import (
    APPLY,
    CompiledRule,
    compile_rule,
    match_relation,
    match_ruleset,
    ok_relation,
)
from seer.egraph.derivation import Step
from seer.egraph.encode import SPAN, Encoder, big, call, literal, primitive
from seer.egraph.engine import Engine
from seer.egraph.frozen import Tables, primitives_of, read_snapshot
from seer.egraph.language import EgraphError, Term, Value, sort_of
from seer.egraph.limits import Limits, StepReport, resident_mb
from seer.egraph.patterns import PRECISIONS, PRIMITIVES, TABLE_SIZE
from seer.egraph.profile import Profile
from seer.egraph.proof import ProofRecord, Prover
from seer.egraph.provenance import Provenance
from seer.egraph.rules import Rule, RuleBook
from seer.egraph.scheduler import Scheduler
from seer.egraph.snapshot import ENode, Snapshot
from seer.egraph.witnesses import Witnesses
from seer.lang.intervals import Intervals
from seer.lang.operators import FLOAT_WIDTHS
from seer.lang.program import Program

__all__ = ["EGraph", "Limits", "StepReport"]

log = logging.getLogger(__name__)

_ANALYSIS_ROUNDS = 16


class EGraph:
    """One e-graph. Bound to the thread that made it; not to be used after an EgraphError from egglog.

    `book` holds datapath rules; they are proved at small widths here unless `prover` has done so before.
    """

    def __init__(
        self,
        book: RuleBook | None = None,
        limits: Limits | None = None,
        prover: Prover | None = None,
        profile: Profile | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.prover = prover or Prover()
        self.book = self.prover.admit(rule_files.library() if book is None else book)
        self.limits_hit: tuple[str, ...] = ()
        self.profile = profile
        self._rules: list[Rule] = [*rule_files.laws(), *self.book]
        self._loaded: dict[str, None] = {}
        self._engine = Engine()
        self._primitives = primitives_of(self._engine.graph)
        self._encoder = Encoder(self._engine.run)
        self._provenance = Provenance()
        self._representatives: dict[tuple[str, Any], int] = {}
        self._intervals = Intervals()
        self._scheduler = Scheduler(self.limits.matches)
        self._steps = 0
        self._started = time.monotonic()
        self._root: Term | None = None
        self._frozen: tuple[int, Tables] | None = None
        self._snapshot: tuple[int, Snapshot] | None = None
        self._load()

    def _load(self) -> None:
        for name in ("language.egg", "analysis.egg", "prune.egg"):
            path = Path(str(files("seer.egraph") / name))
            self._engine.run(*self._engine.graph.parse_program(path.read_text(encoding="utf-8"), name))
        for table, size in TABLE_SIZE.items():
            for number in range(size):
                key = number if table == "amount" else 1 << number
                value = literal(PRIMITIVES[table](key))
                self._engine.run(egg.ActionCommand(egg.Set(SPAN, table, [big(key)], value)))
        for width in FLOAT_WIDTHS:
            value = literal(PRECISIONS[width])
            self._engine.run(egg.ActionCommand(egg.Set(SPAN, "precision", [literal(width)], value)))
        self._engine.run(egg.AddRuleset(SPAN, APPLY))

    # --- contents ---

    def add(self, program: Program | Term) -> int:
        """Adds a program (or any term) and makes it the root; returns the root's class in `snapshot()`."""
        term: Term = program.body if isinstance(program, Program) else program
        self._encoder.name(term, sort_of(term))
        self._provenance.table.add(term, sort_of(term))
        self._root = term
        self._snapshot = None
        return self.snapshot().root

    def unite(self, left: Term, right: Term, rule: str, proof: ProofRecord) -> None:
        """Makes two terms equal, on the strength of `proof`, and logs it under the name of `rule`.

        `left` should be in the e-graph already; `right` is added.
        """
        sort = sort_of(left or right)
        names = [self._encoder.name(term, sort) for term in (left, right)]
        self._provenance.log_union(left, right, sort, rule, proof)
        self._engine.run(egg.ActionCommand(egg.Union(SPAN, *names)))

    def snapshot(self) -> Snapshot:
        """The present state as plain data."""
        if self._root is None:
            raise EgraphError("add a program first")
        if self._snapshot is None or self._snapshot[0] != self._engine.changes:
            self._snapshot = self._engine.changes, read_snapshot(self._tables(), self._root)
        return self._snapshot[1]

    def explain(self, before: Term, after: Term) -> list[Step]:
        """The derivation of one term from another of the same class, step by step."""
        return self._provenance.explain(before, after)

    @property
    def log_length(self) -> int:
        """How many matches and unions have been logged."""
        return len(self._provenance)

    # --- steps ---

    def step(self, rules_on: Collection[str] | None = None) -> StepReport:
        """One round of analysis, matching, proving, logging and applying.

        `rules_on` names the datapath rules that take part (None: all); structural laws always do.
        """
        hit = self._limits_now()
        if hit:
            self.limits_hit = tuple(dict.fromkeys((*self.limits_hit, *hit)))
            log.info("step %d not run: limits hit: %s", self._steps, ", ".join(hit))
            return StepReport(self._steps, limits_hit=hit)
        step, self._steps = self._steps, self._steps + 1
        active = self._active(step, rules_on)
        self._schedule([("ana", _ANALYSIS_ROUNDS), ("prune", 1)])
        self._match(active)
        tables = self._tables()
        self._learn(tables)
        granted: list[tuple[str, list[Any]]] = []
        report = self._grant(active, tables, step, granted)
        for relation, numbers in granted:
            self._engine.run(egg.ActionCommand(egg.Expr_(SPAN, call(relation, *numbers))))
        self._schedule([(APPLY, 1)])
        # What is granted is granted once: later matches are proved and logged before they fire.
        for relation, numbers in granted:
            self._engine.run(egg.ActionCommand(egg.Change(SPAN, egg.Delete(), relation, numbers)))
        return report

    def run(self, steps: int, rules_on: Collection[str] | None = None) -> list[StepReport]:
        """Steps until nothing fires, a limit is hit, or `steps` are done."""
        reports: list[StepReport] = []
        for _ in range(steps):
            reports.append(self.step(rules_on))
            if not reports[-1].changed and not reports[-1].banned:
                break
        return reports

    def _active(self, step: int, rules_on: Collection[str] | None) -> list[CompiledRule]:
        """The rules that take part in a step; one whose operators the e-graph does not hold is not loaded."""
        present = self._tables().present
        active: list[CompiledRule] = []
        for rule in self._rules:
            wanted = rules_on is None or rule.axiom or rule.name in rules_on
            if not wanted or not rule.constructors <= present or not self._scheduler.runs(rule.name, step):
                continue
            compiled = compile_rule(rule)
            if rule.name not in self._loaded:
                self._engine.run(*compiled.commands)
                self._loaded[rule.name] = None
            active.append(compiled)
        return active

    def _match(self, active: list[CompiledRule]) -> None:
        rulesets = [(match_ruleset(c.rule), c.rounds) for c in active]
        if self.profile is None:
            self._schedule(rulesets)
            return
        for compiled, ruleset in zip(active, rulesets, strict=True):
            self.profile.timed(compiled.rule.name, partial(self._schedule, [ruleset]))

    def _schedule(self, rulesets: list[tuple[str, int]]) -> None:
        runs: list[Any] = [egg.Repeat(SPAN, n, egg.Run(SPAN, egg.RunConfig(name))) for name, n in rulesets]
        self._engine.run(egg.RunSchedule(egg.Sequence(SPAN, runs)))

    def _tables(self) -> Tables:
        if self._frozen is None or self._frozen[0] != self._engine.changes:
            self._frozen = self._engine.changes, Tables(self._engine.graph, self._primitives)
        return self._frozen[1]

    def _limits_now(self) -> tuple[str, ...]:
        limits = self.limits
        hit = []
        if self._steps >= limits.steps:
            hit.append("steps")
        if self._frozen is None or 2 * self._frozen[1].nodes >= limits.nodes:
            # Far from the limit, what the last step added is counted with the next.
            self._tables()
        if self._frozen is not None and self._frozen[1].nodes >= limits.nodes:
            hit.append("nodes")
        if limits.seconds is not None and time.monotonic() - self._started >= limits.seconds:
            hit.append("seconds")
        if limits.memory_mb is not None and resident_mb() >= limits.memory_mb:
            hit.append("memory")
        return tuple(hit)

    def _learn(self, tables: Tables) -> None:
        """Gives each class without a representative one: a node over its children's representatives."""
        pending = tables.apart_from(self._representatives)
        while pending:
            later = []
            for name, row, number in pending:
                handle = tables.handles[number]
                if handle in self._representatives:
                    continue
                node = ENode(name, row)
                kids = [self._representatives.get(tables.handles[child]) for child in node.children]
                if None in kids:
                    later.append((name, row, number))
                else:
                    made = self._provenance.table.make(name, node.values, tuple(kids))  # type: ignore[arg-type]
                    self._representatives[handle] = made
            if len(later) == len(pending):
                break
            pending = later

    def _grant(
        self, active: list[CompiledRule], tables: Tables, step: int, granted: list[tuple[str, list[Any]]]
    ) -> StepReport:
        """Proves and logs the matches of the active rules; `granted` gets the rows that let them fire."""
        witnesses: Witnesses | None = None
        applied: dict[str, int] = {}
        refused: dict[str, None] = {}
        banned: list[str] = []
        undecided = False
        for compiled in active:
            rule = compiled.rule
            rows = tables.relation(match_relation(rule), compiled.sorts)
            if not self._scheduler.admits(rule.name, len(rows), step):
                log.debug("step %d: %s banned with %d matches", step, rule.name, len(rows))
                banned.append(rule.name)
                continue
            by_numbers: dict[tuple[Value, ...], list[tuple[Value, ...]]] = {}
            for row in rows:
                by_numbers.setdefault(row[: len(compiled.numbers)], []).append(row)
            for numbers, group in by_numbers.items():
                news = [row for row in group if not _says_nothing_new(compiled, row, tables)]
                if witnesses is None and news:
                    witnesses = self._witnesses(tables)
                outcome = self._prove_group(compiled, news, witnesses)
                if isinstance(outcome, str):
                    undecided |= "not decided" in outcome
                    refused[outcome] = None
                    continue
                for values, members, record in outcome:
                    self._provenance.log_match(rule, values, members, record)
                if self.profile is not None:
                    for row in news:
                        self.profile.matched(rule.name, compiled.right, *_named(compiled, row), tables)
                if news:
                    applied[rule.name] = applied.get(rule.name, 0) + len(news)
                arguments = [primitive(v, s.sort) for v, s in zip(numbers, compiled.numbers, strict=True)]
                granted.append((ok_relation(rule), arguments))
        for message in refused:
            log.info("step %d: match refused: %s", step, message)
        return StepReport(
            step, applied, tuple(refused), undecided, tuple(banned), tables.nodes, tables.classes
        )

    def _witnesses(self, tables: Tables) -> Witnesses:
        """The members of classes that matches are logged with."""
        representatives = {
            number: self._representatives[handle]
            for number, handle in enumerate(tables.handles)
            if handle in self._representatives
        }
        return Witnesses(tables, self._provenance.table, representatives, self._intervals)

    def _prove_group(
        self, compiled: CompiledRule, rows: list[tuple[Value, ...]], witnesses: Witnesses | None
    ) -> list[tuple[dict[str, Value], dict[str, int], ProofRecord]] | str:
        """Numbers, class members and proof of each of some matches with equal numbers; or why not."""
        rule = compiled.rule
        proved: list[tuple[dict[str, Value], dict[str, int], ProofRecord]] = []
        for row in rows:
            values = {v.name: value for v, value in zip(rule.scalars, row, strict=False)}
            parts = row[len(compiled.numbers) : -1]
            classes = {v.name: int(number) for v, number in zip(rule.parts, parts, strict=True)}
            assert witnesses is not None, "no rows, no witnesses"
            chosen = witnesses.choose(rule, values, classes)
            if chosen is None:
                return f"{rule.name}: no single member of a class shows the range that the rule needs"
            record = self.prover.prove(rule, chosen[0])  # type: ignore[arg-type]
            if isinstance(record, str):
                return record
            proved.append((*chosen, record))
        return proved


def _named(compiled: CompiledRule, row: tuple[Value, ...]) -> tuple[dict[str, Value], dict[str, int]]:
    """Numbers and classes of a match by the names of the variables that they stand for."""
    numbers = {v.name: value for v, value in zip(compiled.numbers, row, strict=False)}
    parts = zip((v.name for v in compiled.rule.parts), row[len(compiled.numbers) : -1], strict=True)
    return numbers, dict(parts)  # type: ignore[arg-type]


def _says_nothing_new(compiled: CompiledRule, row: tuple[Value, ...], tables: Tables) -> bool:
    """Whether both sides of a match are in one class already."""
    return tables.class_of(compiled.right, *_named(compiled, row)) == row[-1]
