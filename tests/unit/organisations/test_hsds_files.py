"""Directories as files: what is read, what is refused and why, and cells that no spreadsheet runs."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.organisations.domain import hsds_files
from services.organisations.domain.hsds_checks import faults_of
from services.organisations.domain.hsds_files import Unreadable, batches, form_of, harmless, meant
from services.organisations.domain.hsds_tables import TABLES, Nest, Row, flat
from tests import hsds

ID = "ac148810-d857-441c-9679-408f346de14b"
OTHER = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"


def packed(**files: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return into.getvalue()


def read(content: bytes) -> list[tuple[str, int]]:
    form_of(content)
    return [(batch.file, number) for batch in batches(content) for number in batch.numbers]


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    content = packed(services__csv=b'\xef\xbb\xbfid,name\r\n1,"two\nlines"\n\n2,b\n', datapackage__json=b"{}")

    assert read(content) == [("services.csv", 2), ("services.csv", 4)]
    assert read(b' [{"id": 1}, {"id": 2}]') == [("services", 1), ("services", 2)]
    assert (
        read(b'{"id": 1}\n\n{"id": 2}\n')
        == read(b'{"contents": [{}, {}]}')
        == [("services", 1), ("services", 2)]
    )
    assert read(b'{"id": 1}') == [("services", 1)]


REFUSED = {
    "": "neither a zip",
    "words": "neither a zip",
    "PK broken": "broken",
    "[1": "no JSON",
    "[NaN]": "no JSON",
    "[1e999]": "no JSON",
    '["\\ud800"]': "no JSON",
    "[]": "no row",
    '{"contents": 1}': "no list",
    "[" * 100_000: "no JSON",
}


@pytest.mark.parametrize("said", [*REFUSED], ids=lambda said: said[:12] or "nothing")
def test_what_cannot_be_read_is_refused_in_words(said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(said.encode())

    assert REFUSED[said] in str(refused.value.members)


ZIPPED = {
    "folder/services__csv": (b"id\n1\n", "in no folder"),
    "services__exe": (b"id\n1\n", "tables only"),
    "services__csv": (b"id,id\n1,2\n", "twice"),
    "services___csv": (b"id,\n1,2\n", "tables only"),
    "a__csv": (b"", "lacks a name"),
    "b__csv": (b'id\n"1\n', "does not end"),
    "c__csv": (b"id\n\xff\n", "not UTF-8"),
    "d__csv": (b"id\n", "no row"),
    "e__csv": (b"id\n" + b"x" * 70_000, "does not end"),
    "f__csv": (b"i\x00d\n1\n", "lacks a name"),
}


@pytest.mark.parametrize("name", [*ZIPPED])
def test_what_a_zip_may_not_hold_is_refused_in_words(name: str) -> None:
    content, words = ZIPPED[name]

    with pytest.raises(Unreadable) as refused:
        read(packed(**{name: content}))

    assert words in str(refused.value.members)


def test_a_bomb_is_refused_as_it_unpacks_whatever_it_says_of_its_size() -> None:
    honest = packed(services__csv=b"id\n" + (b"x" * 60_000 + b"\n") * 90)
    content = bytearray(honest)
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")

    for bomb, words in ((bytes(content), "broken"), (honest, "unpacks to more")):
        with pytest.raises(Unreadable) as refused:
            read(bomb)
        assert words in str(refused.value.members)


def test_too_many_rows_and_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hsds_files, "MOST_ROWS", 3)

    with pytest.raises(Unreadable, match="invalid"):
        read(packed(services__csv=b"id\n1\n2\n3\n4\n"))
    with pytest.raises(Unreadable, match="invalid"):
        read(packed(**{f"t{n}__csv": b"id\n1\n" for n in range(41)}))


@given(st.text(alphabet="'=+-@\t\r1 (a", max_size=6))
@settings(max_examples=200)
def test_a_cell_means_what_it_meant_and_runs_nowhere(cell: str) -> None:
    safe = harmless(cell)

    assert meant(safe) == cell
    assert not safe.startswith(("=", "@", "\t", "\r"))
    assert not safe.startswith(("+", "-")) or not any(one.isalpha() or one in "=@" for one in safe)


@pytest.mark.parametrize("number", ["-12.5", "+46 42 10 50 00", "+1 (212) 555-0100"])
def test_a_number_stays_a_number(number: str) -> None:
    assert harmless(number) == number


WRONG = {
    "languages.csv": ({"id": ID, "service_id": OTHER, "code": "qq"}, "code"),
    "services.csv": ({"id": ID, "organization_id": OTHER, "name": "A", "status": "active",
                      "minimum_age": "65", "maximum_age": "18"}, "maximum_age"),
    "addresses.csv": ({"id": ID, "address_1": "A", "city": "A", "state_province": "A", "postal_code": "1",
                       "country": "SE", "address_type": "secret"}, "address_type"),
    "phones.csv": ({"id": "1", "number": "1"}, "id"),
    "organizations.csv": ({"id": ID, "name": "A\x07", "description": "A"}, "name"),
    "locations.csv": ({"id": ID, "location_type": "physical", "latitude": "north"}, "latitude"),
    "contacts.csv": ({"name": "A"}, "id"),
    "organization_identifiers.csv": ({"id": ID, "organization_id": OTHER, "identifier_scheme": "0007",
                                      "identifier_type": "a", "identifier": "212000-1158"}, "identifier"),
}  # fmt: skip


@pytest.mark.parametrize("file", [*WRONG])
def test_what_is_wrong_is_named_by_its_field(file: str) -> None:
    values, field = WRONG[file]

    assert [name for name, _ in faults_of(file, [*values], [*values.values()])] == [field]


@pytest.mark.parametrize("wrong", [
    {"name": "x" * 201}, {"minimum_age": "-1"}, {"minimum_age": "17.5"}, {"maximum_age": "NaN"},
    {"status": ""}, {"assured_date": "soon"}, {"leads_to": f"{OTHER} x"}, {"organization_id": ""},
    {"program_id": "x"},
])  # fmt: skip
def test_a_service_is_refused_for_what_is_wrong_with_it(wrong: dict[str, str]) -> None:
    good = {"id": ID, "organization_id": OTHER, "name": "A", "status": "active"}
    (field,) = wrong

    assert faults_of("services.csv", [*good], [*good.values()]) == []
    assert [name for name, _ in faults_of("services.csv", [*(good | wrong)], [*(good | wrong).values()])] == [
        field
    ]


def test_of_a_document_the_field_is_named_with_its_way_there() -> None:
    document = hsds.example("service_with_definitions")
    document["languages"][0]["code"] = "qq"
    document["organization"]["organization_identifiers"][0] |= {"identifier_scheme": "0007"}
    document["minimum_age"], document["maximum_age"] = 30, 20

    found = [field for field, _ in faults_of("services", [], document)]

    assert sorted(found) == [
        "languages.0.code", "maximum_age", "organization.organization_identifiers.0.identifier",
    ]  # fmt: skip


def test_the_tables_are_those_of_the_specification() -> None:
    said = {one["name"]: one for one in hsds.read("datapackage.json")["resources"]}

    assert {name: table.file for name, table in TABLES.items()} == {
        name: one["path"] for name, one in said.items()
    }
    for name, table in TABLES.items():
        fields = {one["name"]: one for one in said[name]["schema"]["fields"]}
        keys = said[name]["schema"].get("foreignKeys", [])
        assert {*table.required} == {one for one, f in fields.items() if f["constraints"]["required"]}, name
        assert (
            dict(table.parents) == {key["fields"]: key["reference"]["resource"] for key in keys}
            or name == "program"
        ), name
        assert {*table.numbers} == {one for one, f in fields.items() if f["type"] == "number"}, name
        choices = {
            one: tuple(f["constraints"]["enum"]) for one, f in fields.items() if "enum" in f["constraints"]
        }
        assert dict(table.choices) == choices, name


def test_a_service_of_tables_is_the_document_that_it_was() -> None:
    document = without_links(hsds.example("service_with_definitions"))
    rows = [*flat("service", document)]

    (nested,) = Nest(Row(row.table, {n: str(v) for n, v in row.values.items()}) for row in rows).services()

    assert hsds.faults("service", nested) == []
    assert {name for name in document if name not in nested} == set()


def without_links(said: Any) -> Any:
    """Without what the examples say a part is linked to: it is not what it stands in."""
    if isinstance(said, list):
        return [*map(without_links, said)]
    links = ("link_id", "link_entity", "resource_id", "resource_type")
    if isinstance(said, dict):
        return {name: without_links(part) for name, part in said.items() if name not in links}
    return said
