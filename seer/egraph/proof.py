"""The proof regime: no rule loads unproved, and no match is applied at widths that are not proved.

A rule loads after an exhaustive proof at all widths up to 4 (`seer.egraph.exhaustive`). Between match and
apply, each new tuple of widths, constants and bounds is proved at exactly these values: exhaustively where
all widths are at most 4, else by ring normal form, else by SMT. A tuple that is refuted, or not decided in
time, is refused. Rules about floats have proofs of their own (`seer.egraph.floating`).
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seer.cache import cache_root, publish
from seer.egraph import exhaustive, floating, real_numbers, ring, smt, smt_floats
from seer.egraph.obligations import IllTyped, Obligation, Refutation, state
from seer.egraph.rules import Rule, RuleBook
from seer.errors import InputError
from seer.lang import operators
from seer.lang.traverse import subexpressions

__all__ = ["ASSUMED", "AXIOM", "ProofCache", "ProofRecord", "Prover"]

log = logging.getLogger(__name__)

_VERSION = 1
"""Raised whenever the meaning of a cached proof changes."""

AXIOM = "axiom"
ASSUMED = "assumed"
"""The kind of a step that holds of real numbers and was allowed for floats."""


@dataclass(frozen=True)
class ProofRecord:
    """How an equation was established: `kind` (axiom, exhaustive, ring, smt, isl, executed or assumed).

    `data` is what an independent check of a control rule's step needs besides the two terms (made of JSON's
    types, such as the correspondence of stores); None for datapath rules.
    """

    kind: str
    obligation: str
    data: Any = field(default=None, hash=False)


def _proved_small(rule: Rule) -> Refutation | None:
    """A counterexample at small widths or in small formats, or among the rational numbers."""
    if rule.assumed:
        return real_numbers.refute(rule)
    return (floating if floating.is_about_floats(rule) else exhaustive).prove_small(rule)


class ProofCache:
    """Results by content address, in memory and in a folder (None: memory only)."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = None if folder is None else folder / "proofs"
        self._memory: dict[str, dict[str, str]] = {}

    def get(self, key: str) -> dict[str, str] | None:
        if key not in self._memory and self._folder is not None:
            path = self._path(key)
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                return None
            self._memory[key] = found
        return self._memory.get(key)

    def put(self, key: str, value: dict[str, str], *, keep: bool = True) -> None:
        """Remembers a result; `keep` = False for this process only."""
        self._memory[key] = value
        if self._folder is None or not keep:
            return
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            publish(json.dumps(value).encode(), path)
        except OSError as error:
            log.warning("cannot write the proof cache at %s: %s", path, error)

    def _path(self, key: str) -> Path:
        return Path(self._folder or "") / key[:2] / f"{key[2:]}.json"


class Prover:
    """Proves rules and their instances; remembers results in `cache`."""

    def __init__(self, cache: ProofCache | None = None, smt_seconds: float = 5.0) -> None:
        self._cache = cache or ProofCache(cache_root())
        self._seconds = smt_seconds
        self._operators = hashlib.sha256(inspect.getsource(operators).encode()).hexdigest()

    def admit(self, book: RuleBook) -> RuleBook:
        """The book, every rule of it proved at small widths.

        Raises InputError with the counterexample of the first rule that does not hold.
        """
        for rule in book:
            refutation = self.refute(rule)
            if refutation is not None:
                raise InputError(
                    f"the rule is refused: {refutation}", rule.location, f"the rule reads: {rule.summary}"
                )
        return book

    def refute(self, rule: Rule) -> str | None:
        """A counterexample at widths up to 4, or None if the rule is proved there (or is an axiom)."""
        if rule.axiom:
            return None
        if floating.is_about_floats(rule):
            floating.check_form(rule)
        key = self._key(rule, "small", self._operators)
        cached = self._cache.get(key)
        if cached is None:
            found = _proved_small(rule)
            cached = {"refutation": "" if found is None else str(found)}
            self._cache.put(key, cached)
        return cached["refutation"] or None

    def prove(self, rule: Rule, env: Mapping[str, int]) -> ProofRecord | str:
        """The proof of a rule at the given values of all its number variables, or why there is none."""
        if rule.axiom:
            return ProofRecord(AXIOM, rule.summary)
        at = tuple((v.name, env[v.name]) for v in rule.scalars)
        key = self._key(rule, json.dumps(at), smt.SOLVER, self._operators)
        cached = self._cache.get(key)
        if cached is None:
            cached = self._prove(rule, env, at)
            # A time-out says something about this machine only.
            self._cache.put(key, cached, keep=cached["kind"] != "unknown")
        if cached["kind"] in ("refuted", "unknown"):
            return cached["text"]
        return ProofRecord(cached["kind"], cached["text"])

    def _prove(self, rule: Rule, env: Mapping[str, int], at: tuple[tuple[str, int], ...]) -> dict[str, str]:
        try:
            obligation = state(rule, env)
        except (IllTyped, ValueError) as error:
            return {"kind": "refuted", "text": str(Refutation(rule.name, at, reason=str(error)))}
        for param, interval in obligation.operands:
            if interval.ulo > interval.uhi or interval.slo > interval.shi:
                reason = f"{param.name} has contradictory bounds"
                return {"kind": "refuted", "text": str(Refutation(rule.name, at, reason=reason))}
        if rule.assumed:
            found = real_numbers.check(rule.name, at, obligation)
            text = f"of real numbers: {obligation}" if found is None else str(found)
            return {"kind": ASSUMED if found is None else "refuted", "text": text}
        kind, found = self._decide(rule, obligation, at)
        if kind is None:
            text = f"{rule.name}: not decided within {self._seconds:g} s: {obligation}"
            return {"kind": "unknown", "text": text}
        if found is not None:
            return {"kind": "refuted", "text": str(found)}
        return {"kind": kind, "text": str(obligation)}

    def _decide(
        self, rule: Rule, obligation: Obligation, at: tuple[tuple[str, int], ...]
    ) -> tuple[str | None, Refutation | None]:
        if floating.is_about_floats(rule):
            return self._decide_about_floats(rule, obligation, at)
        nodes = subexpressions(obligation.left, obligation.right)
        operand_bits = sum(param.bits for param, _ in obligation.operands)
        if all(node.width <= exhaustive.LARGEST_WIDTH for node in nodes) and operand_bits <= 16:
            return "exhaustive", exhaustive.check(rule.name, at, obligation)
        if ring.prove(obligation):
            return "ring", None
        answer = smt.prove(rule.name, at, obligation, self._seconds)
        if isinstance(answer, Refutation):
            return "smt", answer
        return ("smt", None) if answer else (None, None)

    def _decide_about_floats(
        self, rule: Rule, obligation: Obligation, at: tuple[tuple[str, int], ...]
    ) -> tuple[str | None, Refutation | None]:
        found = floating.executed(rule.name, at, obligation)
        if found is not None:
            return "executed", found
        different = [case for case in floating.cases(obligation) if case.left is not case.right]
        if not different:
            return "exhaustive", None
        if not all(map(smt_floats.is_within_reach, different)):
            return "executed", None
        for case in different:
            proved = smt_floats.prove(case, self._seconds)
            if not proved:
                reason = "the sides differ in the theory of floating-point numbers"
                return ("smt", Refutation(rule.name, at, reason=reason)) if proved is False else (None, None)
        return "smt", None

    def _key(self, rule: Rule, *parts: str) -> str:
        whole = "\n".join([str(_VERSION), rule.name, rule.text, *([ASSUMED] if rule.assumed else []), *parts])
        return hashlib.sha256(whole.encode()).hexdigest()
