"""Rules that are left out by name."""

from __future__ import annotations

import pytest

from seer.driver.options import Options
from seer.driver.rule_names import check_rule_names
from seer.errors import InputError


def test_rules_of_all_kinds_are_known() -> None:
    check_rule_names(Options(disabled_rules=("fusion", "sum", "slt-zero")))


def test_a_rule_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="there is no rule 'fussion'") as caught:
        check_rule_names(Options(disabled_rules=("fusion", "fussion")))
    assert caught.value.hint == "did you mean 'fusion'? seer rules lists them"
