"""One round of control rules over the e-graph: match, offer, check, unite."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from seer.driver.fragments import Fragment, fragments
from seer.driver.iteration_counts import typical_iterations
from seer.driver.tally import Tally
from seer.egraph.explore import EGraph
from seer.egraph.proof import ProofRecord
from seer.lang.loop_bounds import reads_registers
from seer.lang.program import Origin
from seer.lang.terms import Block, For, Group, Local, Statement, Term, While
from seer.lang.traverse import statements
from seer.rewrites.control._rule import ControlRule, Offer
from seer.verify.loop_equivalence import Verdict

__all__ = ["ControlRound"]

_log = logging.getLogger(__name__)

_LOOPS = ("nest", "loop", "pair", "triple")
"""Kinds of fragments that are loops."""

_MOST_UNDECIDED = 2
"""Offers of one rule for one statement that nothing can be said of: other forms of it are not tried then."""


class ControlRound:
    """Applies rules to fragments that no earlier round has tried.

    A fragment is made of the analysis-friendly representatives of neighbouring classes. `origins` grows
    by those of the loops that offers make. After `most` unions no more are tried; `tally` counts
    what came of all. With `banks`, arrays may be cut: code is then copied once only, by one of all factors,
    since ports do not end what copies gain, and no rule for loops looks at copies but those made for banks.
    """

    def __init__(
        self,
        egraph: EGraph,
        rules: Sequence[ControlRule],
        origins: dict[Term, Origin],
        most: int,
        tally: Tally | None = None,
        banks: bool = False,
    ) -> None:
        self._egraph = egraph
        self._rules = rules
        self._banks = banks
        self._origins = origins
        self._left = most
        self._snapshot = egraph.snapshot()
        self._tried: dict[tuple[ControlRule, Block], None] = {}
        self._succeeded: dict[tuple[str, Block], None] = {}
        self._origins_by_class: dict[int, Origin] = {}
        self._superseded: dict[Statement, None] = {}
        """What a rule has found a form of that serves all others better."""
        self._copied: dict[Statement, None] = {}
        """What rules that copy code have made, and what has been made of that."""
        self._tally = Tally() if tally is None else tally
        self.iterations: dict[Statement, int] = {}
        """How often loops run whose iterations data decide, as far as that can be told."""
        self.bounded_badly: dict[Block, None] = {}
        """Blocks of which only a schedule tells what they are good for."""
        self._bodies: dict[Statement, None] = {}
        """Loops without loops in them that rules for one have seen or made."""
        self._undecided: dict[tuple[str, int | None], int] = {}
        """How many offers of a rule for forms of a statement could be neither proved nor executed."""
        self.trace: list[str] = []

    def run(
        self,
        worthwhile: Collection[Block],
        everywhere: bool,
        promising: Collection[Block | Statement] | None = None,
    ) -> int:
        """How many offers were united with what they replace.

        Rules that copy code are tried on the loops of the bodies `worthwhile`, and `everywhere` only where no
        loop is left of it. What they made, and what was made of that, waits for `everywhere`, and where an
        extraction has told what is `promising` until it is.
        """
        snapshot = self._snapshot = self._egraph.snapshot()
        self._origins_by_class.clear()
        united = 0
        nodes = {snapshot.node_of(statement) for statement in self._superseded}
        hot = {snapshot.class_of(s) for body in worthwhile for s in statements(body) if isinstance(s, For)}
        if promising is not None or not everywhere:
            # What is unrolled hides the loops that nests are made of.
            copies = {snapshot.node_of(statement) for statement in self._copied}
            good = promising if promising is not None and everywhere else ()
            nodes |= copies - {snapshot.node_of(term) for term in good}
        once = {snapshot.node_of(statement) for statement in self._copied} if self._banks else ()
        bodies_done = {snapshot.class_of(statement) for statement in self._bodies}
        for fragment in fragments(snapshot, nodes):
            if fragment.kind == "body":
                # One form of each serves all; what was made of one is as good as it gets.
                (loop,) = fragment.block
                number = snapshot.class_of(loop)
                if number in bodies_done:
                    continue
                bodies_done.add(number)
                self._bodies[loop] = None
            copied = fragment.kind in _LOOPS and snapshot.node_of(fragment.block[0]) in once
            for general in self._rules:
                around = fragment.around
                rule = general if around is None else general.placed(*around)
                rule = rule.decided() if fragment.decided else rule
                key = (rule, fragment.block)
                if fragment.kind not in (rule.takes, *rule.takes_too) or key in self._tried:
                    continue
                held_back = rule.copies and (not everywhere or rule.leaves_loops)
                if held_back and snapshot.class_of(fragment.block[0]) not in hot:
                    continue
                if copied and (rule.copies or not rule.needs_banks):
                    continue
                if any((name, fragment.block) in self._succeeded for name in rule.needless_after):
                    continue
                if self._undecided.get(self._place(rule, fragment), 0) >= _MOST_UNDECIDED:
                    continue
                if self._left <= 0:
                    return united
                self._tried[key] = None
                found = self._attempt(rule, fragment)
                if found:
                    self._succeeded[rule.name, fragment.block] = None
                self._left -= found
                united += found
                if fragment.block[0] in self._superseded:
                    break
        return united

    @property
    def exhausted(self) -> bool:
        """Whether the limit of unions was reached."""
        return self._left <= 0

    def _attempt(self, rule: ControlRule, fragment: Fragment) -> int:
        attempt = rule.attempt(fragment.block)
        where = f"{len(fragment.block)} statements"
        if fragment.kind not in ("straight", "branches"):
            where = " and ".join(self._name(statement) for statement in fragment.block)
        self._tally.matched(rule.description)
        for reason in attempt.refusals:
            self._tally.refused(rule.description, reason)
            self._tell(f"{rule.description} of {where}: refused: {reason}")
        united = 0
        for offer in attempt.offers:
            verdict = rule.checked(offer)
            outcome = f"united ({verdict.kind})" if verdict.accepted else f"refused: {verdict.reason}"
            self._tell(f"{rule.description} of {where}: offered by {offer.route}: {outcome}")
            self._tally.offered(rule.description)
            if verdict.accepted:
                self._tally.united(rule.description, where)
                self._note(rule, offer)
                self._unite(offer, verdict, fragment)
                united += 1
            else:
                self._tally.refused(rule.description, verdict.reason)
                if verdict.kind == "executed":
                    place = self._place(rule, fragment)
                    self._undecided[place] = self._undecided.get(place, 0) + 1
        return united

    def _place(self, rule: ControlRule, fragment: Fragment) -> tuple[str, int | None]:
        """Where a rule is tried: forms of one statement have one place."""
        return rule.description, self._snapshot.class_of(fragment.block[0])

    def _note(self, rule: ControlRule, offer: Offer) -> None:
        """Remember what an accepted offer means for the fragments that are still to come."""
        old = dict.fromkeys(statements(offer.before))
        if rule.copies or not old.keys().isdisjoint(self._copied):
            self._copied.update(dict.fromkeys(s for s in statements(offer.replacement) if s not in old))
        made = [s for s in statements(offer.replacement) if isinstance(s, (For, While)) and s not in old]
        if rule.checked_by == "steps":
            self.bounded_badly[offer.replacement] = None
        if rule.takes == "body":
            self._bodies.update(dict.fromkeys(made))
        typical = typical_iterations(offer.before, rule.takes == "body", self._known_iterations)
        sources = {new: old for new, old in offer.origins.items()}
        for loop in made:
            if isinstance(loop, For) and not reads_registers(loop):
                continue
            # What one loop became runs as often as that did; of several, as often as the most.
            same = [self._known_iterations(source) for source in sources.get(loop, ())]
            known = [count for count in same if count is not None]
            if (isinstance(loop, While) and len(same) != 1) or not same:
                known = [typical]
            if known:
                self.iterations[loop] = max(known)
        if offer.supersedes:
            # The scopes in what is superseded have been looked at with it.
            self._superseded[offer.before[0]] = None
            self._tried.update(dict.fromkeys((rule, (s,)) for s in old if isinstance(s, Local)))

    def _known_iterations(self, loop: Statement) -> int | None:
        """How often a loop runs, in whatever form it stands."""
        found = self.iterations.get(loop)
        if found is None:
            number = self._snapshot.class_of(loop)
            same = (s for s in self.iterations if number is not None and self._snapshot.class_of(s) == number)
            found = self.iterations.get(next(same, loop))
        return found

    def _unite(self, offer: Offer, verdict: Verdict, fragment: Fragment) -> None:
        # Origins first: the labels of a loop are wanted as soon as it can be extracted.
        for loop, sources in offer.origins.items():
            merged = self._origins.get(loop, Origin())
            for source in sources:
                merged = merged.merged(self._origin(source))
            self._origins[loop] = merged
        claim = offer.correspondence
        data = claim.to_json() if claim is not None and verdict.proved else None
        proof = ProofRecord(verdict.kind, f"{offer.description}, by {offer.route}: {verdict.reason}", data)
        before, after, rest = offer.before, offer.replacement, fragment.rest
        if len(before) == 1:
            self._egraph.unite(before[0], _statement(after), offer.rule, proof)
        else:
            self._egraph.unite(before + rest, after + rest, offer.rule, proof)

    def _origin(self, statement: Statement) -> Origin:
        """The origins of all terms of a statement's class that have one."""
        found = self._origins.get(statement)
        if found is not None:
            return found
        if not self._origins_by_class:
            # Fragments are of classes as they are when a round begins.
            for term, origin in self._origins.items():
                number = self._snapshot.class_of(term) if isinstance(term, Statement) else None
                if number is not None:
                    known = self._origins_by_class.get(number, Origin())
                    self._origins_by_class[number] = known.merged(origin)
        wanted = self._snapshot.class_of(statement)
        return Origin() if wanted is None else self._origins_by_class.get(wanted, Origin())

    def _name(self, statement: Statement) -> str:
        return "_".join(self._origin(statement).labels) or type(statement).__name__.lower()

    def _tell(self, line: str) -> None:
        self.trace.append(line)
        _log.info("%s", line)


def _statement(block: Block) -> Statement:
    return block[0] if len(block) == 1 else Group(block)
