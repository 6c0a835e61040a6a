"""A place in a JSON document that knows its own name, so that whatever is wrong there can be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from circles.errors import InputError

_KINDS = {dict: "an object", list: "a list", str: "a text", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value of a document.

    Attributes
    ----------
    value
        As `json` reads it.
    place
        Where it is, such as ``proposal.json: runs[0].prices``.
    """

    value: Any
    place: str

    def at(self, name: str) -> Node:
        """Give the value of a field of an object.

        Raises
        ------
        InputError
            If this is no object, or has no such field.
        """
        fields = self.read(dict)
        if name not in fields:
            self.refuse(f"has no field {name!r}; it has: {', '.join(fields) or 'none'}")
        return Node(
            value=fields[name], place=f"{self.place}.{name}" if self.place[-1] != ":" else f"{self.place} {name}"
        )

    def each(self) -> Iterator[Node]:
        """Give the entries of a list, or the values of an object."""
        if isinstance(self.value, dict):
            yield from (Node(value=value, place=f"{self.place}[{name!r}]") for name, value in self.value.items())
        else:
            for number, value in enumerate(self.read(list)):
                yield Node(value=value, place=f"{self.place}[{number}]")

    def read(self, kind: type) -> Any:
        """Give the value, of the kind that it must be.

        Raises
        ------
        InputError
            If it is of another kind.
        """
        if type(self.value) is not kind:
            self.refuse(f"must be {_KINDS[kind]}, got {self.value!r:.60}")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Give a list of texts."""
        return tuple(entry.read(str) for entry in self.each())

    def whole(self, *, least: int = -(2**62), most: int = 2**62) -> int:
        """Give a whole number within limits."""
        number: int = self.read(int)
        if not least <= number <= most:
            self.refuse(f"must be between {least:,} and {most:,}, got {number:,}")
        return number

    def refuse(self, what: str) -> NoReturn:
        """Say what is wrong here."""
        msg = f"{self.place} {what}"
        raise InputError(msg)
