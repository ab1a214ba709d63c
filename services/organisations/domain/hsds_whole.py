"""What can be wrong with a directory as a whole: rows that are there twice, of nothing, or lead in circles.

And addresses of protected places, which a directory never has: whoever flees must not be found through one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .door import looks_protected, names_a_street
from .hsds_checks import leads_to
from .hsds_tables import BY_FILE, TABLES, Row, text_of

Place = tuple[str, int]
"""A row of the file that was sent: the file's name, the row's number."""
Thing = tuple[str, str]
"""A row of a table: the table's name, the row's id."""

PROTECTED = "A protected place has areas, and never an address."


@dataclass(frozen=True, slots=True)
class Found:
    """A fault of one row."""

    place: Place
    field: str
    message: str


@dataclass(slots=True)
class Whole:
    """What must be remembered of every row of a directory to judge it whole."""

    nested: bool
    places: dict[Thing, Place] = field(default_factory=dict)
    parents: dict[Place, list[tuple[str, Thing]]] = field(default_factory=lambda: defaultdict(list))
    led_to: dict[str, list[str]] = field(default_factory=dict)
    protected: set[Thing] = field(default_factory=set)
    at: list[tuple[Place, Row]] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    def see(self, place: Place, rows: Iterable[Row]) -> None:
        """Remember a row of the file."""
        for row in rows:
            self._see(place, row)

    def _see(self, place: Place, row: Row) -> None:
        thing = (row.table, text_of(row.values.get("id")).lower())
        if thing[1] and (not self.nested or row.table == "service"):
            if thing in self.places:
                self.found.append(Found(place, f"{row.path}id", "It is there twice."))
            self.places.setdefault(thing, place)
        if not self.nested:
            self.parents[place] += [
                (column, (parent, text_of(row.values[column]).lower()))
                for column, parent in TABLES[row.table].parents.items()
                if column in row.values
            ]
        if row.table in {"service", "organization"}:
            self._see_what_may_be_protected(place, thing, row)
        if row.table in {"service_at_location", "location"}:
            self.at.append((place, row))

    def _see_what_may_be_protected(self, place: Place, thing: Thing, row: Row) -> None:
        texts = [text_of(row.values.get(name)) for name in ("name", "alternate_name", "description")]
        if looks_protected(texts):
            self.protected.add(thing)
            if any(map(names_a_street, texts)):
                self.found.append(Found(place, f"{row.path}description", PROTECTED))
        if row.table == "service" and (led := leads_to(row.values)):
            self.led_to[thing[1]] = [one.lower() for one in led]

    def faults(self, known: frozenset[str]) -> Iterator[Found]:
        """All that is wrong; ``known``: the ids of offerings that there are already."""
        yield from self.found
        yield from self._of_parents()
        yield from self._of_protected()
        yield from self._of_chains(known)

    def _of_parents(self) -> Iterator[Found]:
        """What a row can do without may name what is not sent; no row of a table not sent is missed."""
        there = {table for table, _ in self.places}
        for place, parents in self.parents.items():
            needed = TABLES[BY_FILE[place[0]]].required
            for column, parent in parents:
                if parent[0] in there and parent not in self.places and column in needed:
                    yield Found(place, column, f"There is no such {parent[0]}.")

    def _of_protected(self) -> Iterator[Found]:
        for place, row in self.at:
            for column, whose in (("service_id", "service"), ("organization_id", "organization")):
                if (whose, text_of(row.values.get(column)).lower()) in self.protected:
                    yield Found(place, f"{row.path}{column}", PROTECTED)
            texts = [text_of(row.values.get(name)) for name in ("name", "description")]
            if row.table == "location" and looks_protected(texts):
                yield Found(place, f"{row.path}name", PROTECTED)
        yield from self._of_their_locations()

    def _of_their_locations(self) -> Iterator[Found]:
        """Of a protected service the location itself, so that it is not kept either."""
        for _, row in self.at:
            service = ("service", text_of(row.values.get("service_id")).lower())
            location = ("location", text_of(row.values.get("location_id")).lower())
            if row.table == "service_at_location" and service in self.protected and location in self.places:
                yield Found(self.places[location], "id", PROTECTED)

    def _of_chains(self, known: frozenset[str]) -> Iterator[Found]:
        services = {id: place for (table, id), place in self.places.items() if table == "service"}
        for id, led in self.led_to.items():
            if any(one not in services and one not in known for one in led):
                yield Found(services[id], "leads_to", "It leads to a service that there is not.")
        for id in _in_circles(self.led_to):
            yield Found(services[id], "leads_to", "It leads back to this service.")

    def left_out_with(self, bad: set[Place]) -> set[Place]:
        """The rows that belong to bad ones, and to those that do."""
        out, grown = set(bad), True
        while grown:
            belonging = {
                place
                for place, parents in self.parents.items()
                if place not in out and any(self.places.get(parent) in out for _, parent in parents)
            }
            out |= belonging
            grown = bool(belonging)
        return out - bad


def _in_circles(edges: Mapping[str, list[str]]) -> list[str]:
    """Those on a circle: what is left when what leads to nothing left is taken away again and again.

    And then, as often, what nothing left leads to.
    """
    forward = {one: [*dict.fromkeys(led)] for one, led in edges.items()}
    backward: dict[str, list[str]] = defaultdict(list)
    for one, led in forward.items():
        for other in led:
            backward[other].append(one)
    left = _without_ends({*forward}, forward, backward)
    left = _without_ends(left, backward, forward)
    return [one for one in edges if one in left]


def _without_ends(
    nodes: set[str], forward: Mapping[str, list[str]], backward: Mapping[str, list[str]]
) -> set[str]:
    left = set(nodes)
    count = {one: sum(other in left for other in forward.get(one, ())) for one in left}
    ends = [one for one, n in count.items() if n == 0]
    while ends:
        one = ends.pop()
        left.discard(one)
        for before in backward.get(one, ()):
            if before in left:
                count[before] -= 1
                if count[before] == 0:
                    ends.append(before)
    return left
