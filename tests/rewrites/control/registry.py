"""Every control rule with what the tests of all of them need: the one place to add a new rule.

To add one, append an `Entry` (entry.py) to a list of entries: to one of the modules below, or to a
module `entries_AREA.py` of your own that you add to `ENTRIES`:

    Entry(MyRule(), example=(a block on which it fires,), programs=random_nest)

- `example` is a closed block: it uses nothing from outside but arrays and parameters. Then

      SEER_UPDATE_GOLDEN=1 python -m pytest tests/rewrites/control/test_registry.py -k "golden and my_rule"

  writes rewrites/control/golden/NAME.before and NAME.after in the textual form, to be read by you and
  to be committed; `seer rules explain NAME` shows them.
- `programs` draws a legal program at which the rule is aimed. `random_nest` (nests.py) gives loops in
  loops with registers, `random_loop`, `random_pair` (flat.py), `random_branches` and
  `random_elements` (branches.py) what their names say; a rule that needs other programs brings a
  function of its own.
- `broken` lists deliberately wrong versions: a function of the rule's module by its name, and what is
  to stand in its place. Broken bounds, guards, subscripts and orders of statements need no entry:
  mutants.py makes them of every output, and each is to be refused where the interpreter sees a
  difference.
- `sample` is the number of programs in ordinary tests, `fires` how many proved offers they must give at
  least; `kinds` names the kinds of mutants.py of which at least one each must have been seen and
  refused.

Together these tests should take less than two seconds a rule: choose small loops. test_registry.py
fails where a rule of `control_rules()` has no entry.
"""

from __future__ import annotations

from tests.rewrites.control import (
    entries_basic,
    entries_bounds,
    entries_branches,
    entries_classical,
    entries_memory,
    entries_pending,
    entries_registers,
    entries_while,
)
from tests.rewrites.control.entry import Entry

__all__ = ["ENTRIES"]

ENTRIES: tuple[Entry, ...] = (
    *entries_basic.ENTRIES,
    *entries_bounds.ENTRIES,
    *entries_branches.ENTRIES,
    *entries_classical.ENTRIES,
    *entries_pending.ENTRIES,
    *entries_while.ENTRIES,
    *entries_memory.ENTRIES,
    *entries_registers.ENTRIES,
)
