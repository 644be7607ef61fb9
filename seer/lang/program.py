"""`Program`: a SeerLang function with its signature and the side table of source origins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seer.errors import Location
from seer.lang.terms import Block, Param, Term, TopArray

__all__ = ["RETURN_NAME", "Argument", "CObject", "Origin", "Program"]

RETURN_NAME = "ap_return"
"""Name of the zero-dimensional out-array that holds the return value."""


def plain_type(name: str) -> str:
    """A C++ type's name as an identifier of C: `Vec<short, 5>` is `Vec_short_5`; C's own and ap_int stay."""
    known = re.fullmatch(r"[\w ]*(_BitInt\(\d+\))?|ap_u?int<\d+>", name)
    return name if known else re.sub(r"\W+", "_", name).strip("_")


@dataclass(frozen=True)
class CObject:
    """The C object that holds an argument, where that is no plain scalar or array parameter.

    `name` and `type` are those of the parameter, the file-scope variable or the result, `extents` its
    own array dimensions. `passing` is `value`, `pointer`, `reference`, `global` or `return`. `access` is
    one element of the argument in C, with `{}` for each subscript: `points[{}].weight[{}]`.
    """

    name: str
    type: str
    extents: tuple[int, ...]
    passing: str
    access: str

    @property
    def is_global(self) -> bool:
        return self.passing == "global"

    @property
    def plain_type(self) -> str:
        """`type` in code that knows neither templates nor namespaces."""
        return plain_type(self.type)

    def element(self, subscripts: Sequence[str]) -> str:
        """One element in C."""
        return self.access.format(*subscripts)


@dataclass(frozen=True)
class Argument:
    """One argument of the top function, in source order; file-scope variables follow the parameters.

    A struct is one argument for each of its arithmetic parts, next to each other, with one `object.name`.

    `term` is what the body refers to. `signed` and `c_type` say how the source spells one element
    (`c_type` with typedefs resolved, such as `int` or `unsigned char`); they matter to the emitter and
    to generated values only, since terms are signless.
    """

    name: str
    term: TopArray | Param
    signed: bool
    c_type: str
    object: CObject | None = None

    @property
    def is_array(self) -> bool:
        return isinstance(self.term, TopArray)


@dataclass(frozen=True)
class Origin:
    """Where a term came from. A term that occurs more than once, or a fused loop, has several.

    `labels` are loop labels; `names` the source names of the bound variable (the induction variable
    of a For, the variable of a Local); each tuple is sorted and free of duplicates.
    """

    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()

    def merged(self, other: Origin) -> Origin:
        """The union of both."""
        return Origin(
            tuple(sorted({*self.labels, *other.labels})),
            tuple(sorted({*self.names, *other.names})),
            tuple(sorted({*self.locations, *other.locations})),
        )


@dataclass(frozen=True)
class Program:
    """A function: its arguments, its body, and the origins of its terms.

    `declarations` is C that defines the struct types of its arguments.

    A return value is an argument named `ap_return`, a zero-dimensional TopArray, last in order.
    Origins are compared neither by equality nor by hash: two programs are equal when they compute
    with the same terms.
    """

    name: str
    arguments: tuple[Argument, ...]
    body: Block
    origins: Mapping[Term, Origin] = field(default_factory=dict, compare=False)
    declarations: str = ""

    @property
    def arrays(self) -> tuple[TopArray, ...]:
        return tuple(a.term for a in self.arguments if isinstance(a.term, TopArray))

    @property
    def params(self) -> tuple[Param, ...]:
        return tuple(a.term for a in self.arguments if isinstance(a.term, Param))
