"""`Pragma`: what the source asks of the hardware; the program means the same without."""

from __future__ import annotations

from dataclasses import dataclass

from seer.errors import Location

__all__ = ["Pragma"]


@dataclass(frozen=True)
class Pragma:
    """An HLS pragma: its kind in capitals, its options, where it stands, and what it stands in.

    An option without a value, such as `off`, has the value "". `loop` is where the loop starts that the
    pragma is about, None for a pragma about a function or its variables.
    """

    kind: str
    options: tuple[tuple[str, str], ...]
    location: Location
    function: str
    loop: Location | None = None

    @property
    def off(self) -> bool:
        """Whether it asks for the opposite: `PIPELINE off`."""
        return any(name.lower() == "off" for name, _ in self.options)

    def __str__(self) -> str:
        options = " ".join(f"{name}={value}" if value else name for name, value in self.options)
        return f"{self.kind} {options}".strip()
