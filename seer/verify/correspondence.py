"""Which instance of the original each store of a rewritten block stands for, as data for a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seer.lang.affine import Affine, Symbol, Unsigned
from seer.verify.instances import Path

__all__ = ["Correspondence", "StoreImage", "substitute"]


@dataclass(frozen=True)
class StoreImage:
    """The store at `path` of the new block runs the instance `instance` of the original's store at `source`.

    `instance` gives the value of each loop of the original around that store, outermost first, over the
    new block's induction variables (by level), enclosing ones and parameters (by name).
    """

    path: Path
    source: Path
    instance: tuple[Affine, ...]


@dataclass(frozen=True)
class Correspondence:
    """One image for each store of the new block, in textual order.

    With `values`, the claim is no more than that a store leaves in its element what the other left in its
    own: storage may differ, stores may run more often or not at all, and those without an image are copies.
    """

    images: tuple[StoreImage, ...]
    values: bool = False

    def to_json(self) -> Any:
        """Lists, strings and numbers only; `from_json` reads it back."""
        images = self._images_to_json()
        return {"values": images} if self.values else images

    def _images_to_json(self) -> list[dict[str, Any]]:
        return [
            {
                "path": list(image.path),
                "source": list(image.source),
                "instance": [
                    {"constant": form.constant, "terms": [[_written(symbol), c] for symbol, c in form.terms]}
                    for form in image.instance
                ],
            }
            for image in self.images
        ]

    @staticmethod
    def from_json(data: Any) -> Correspondence:
        """The inverse of `to_json`; raises KeyError, TypeError or ValueError on data of another form."""
        values = isinstance(data, dict)
        written: list[dict[str, Any]] = data["values"] if values else data
        return Correspondence(
            tuple(
                StoreImage(
                    tuple(int(i) for i in image["path"]),
                    tuple(int(i) for i in image["source"]),
                    tuple(
                        Affine.build(
                            int(form["constant"]), {_read(symbol): int(c) for symbol, c in form["terms"]}
                        )
                        for form in image["instance"]
                    ),
                )
                for image in written
            ),
            values,
        )


def _written(symbol: Symbol) -> Any:
    return {"unsigned": symbol.name, "bits": symbol.bits} if isinstance(symbol, Unsigned) else symbol


def _read(written: Any) -> Symbol:
    return Unsigned(written["unsigned"], int(written["bits"])) if isinstance(written, dict) else written


def substitute(form: Affine, values: Mapping[Symbol, Affine]) -> Affine:
    """`form` with each symbol that `values` names replaced by its affine value."""
    result = Affine(form.constant)
    for symbol, c in form.terms:
        result += (values[symbol] if symbol in values else Affine.build(0, {symbol: 1})).scaled(c)
    return result
