"""Directories as other publishers send them: of the specification's own examples, and none of our code's."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx2

from tests import hsds
from tests.integration.organisations.directory import Directory, House

Json = dict[str, Any]
Tables = dict[str, list[list[str]]]
"""Each file's rows, the heading first."""

SERVICE = "ac148810-d857-441c-9679-408f346de14b"
"""The id of the specification's own service."""


def examples() -> Tables:
    """A row for each table of the specification, of its own examples, and what it does not have."""
    tables: Tables = {}
    for resource in hsds.read("datapackage.json")["resources"]:
        schema = hsds.read(f"schema/{resource['name']}.json")
        names = [field["name"] for field in resource["schema"]["fields"]]
        tables[resource["path"]] = [names, [str(schema["properties"][name]["example"]) for name in names]]
    tables["services.csv"][0].append("x_colour")
    tables["services.csv"][1].append("=blue, \"and\" 'green'\nor +1")
    tables["services.csv"].append([*tables["services.csv"][1]])
    tables["services.csv"][2][0] = str(uuid4())
    tables["services.csv"][2][tables["services.csv"][0].index("description")] = ""
    tables["x_notes.csv"] = [["note", "of"], ["@kept", SERVICE], ["'=kept", ""], ["-12.5", "+44 1234"]]
    return tables


def services(count: int, *, bad: int = 0) -> Tables:
    """A table of so many services, every so manieth of which is wrong in one of several ways."""
    header = ["id", "organization_id", "name", "description", "status", "minimum_age", "maximum_age"]
    house, rows = str(uuid4()), []
    for nth in range(count):
        row = [str(uuid4()), house, f"Cirkel {nth}", "Vi möts varje vecka.", "active", "18", "65"]
        turn, rest = divmod(nth, count // bad) if bad else (0, 1)
        if rest == 0 and turn < bad:
            row[(2, 4, 5)[turn % 3]] = ("", "open", "99")[turn % 3]
        rows.append(row)
    houses = [["id", "name", "description"], [house, "Bildningen", "Ett förbund."]]
    return {"organizations.csv": houses, "services.csv": [header, *rows]}


def zipped(tables: Tables, **others: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, rows in tables.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            archive.writestr(file, text.getvalue())
        for file, content in others.items():
            archive.writestr(file, content)
    return packed.getvalue()


def unzipped(content: bytes) -> Tables:
    """The tables of a zip, but for the data package's description."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: [*csv.reader(io.StringIO(archive.read(name).decode(), newline=""))]
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def package_of(content: bytes) -> Json:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said: Json = json.loads(archive.read("datapackage.json"))
    return said


async def send(directory: Directory, house: House, content: bytes, **more: str) -> httpx2.Response:
    asked = {"team_id": house.team_id}
    headers = {"Authorization": f"Bearer {house.admin.token}", "Idempotency-Key": str(uuid4())}
    return await directory.network.http.post(
        f"{directory.address}/imports", params=asked | more, content=content, headers=headers
    )


async def settled(directory: Directory, house: House, import_id: str) -> Json:
    """The import once it waits for somebody or is done."""
    async with asyncio.timeout(120):
        while True:
            found: Json = (await directory.get(f"/imports/{import_id}", house.admin.token)).json()
            if found["state"] not in {"reading", "checking", "writing"}:
                return found
            await asyncio.sleep(0.05)


async def previewed(directory: Directory, house: House, content: bytes) -> Json:
    answer = await send(directory, house, content)
    assert answer.status_code == 201, answer.text
    return await settled(directory, house, answer.json()["id"])


async def confirmed(directory: Directory, house: House, shown: Mapping[str, Any]) -> Json:
    path = f"/imports/{shown['id']}"
    answer = await directory.command(f"{path}/confirm", house.admin.token, version=shown["version"])
    assert answer.status_code == 200, answer.text
    return await settled(directory, house, shown["id"])


async def imported(directory: Directory, house: House, content: bytes) -> Json:
    """Sent, shown, confirmed and written."""
    return await confirmed(directory, house, await previewed(directory, house, content))


async def exported(directory: Directory, house: House, form: str = "tabular") -> bytes:
    answer = await directory.get(f"/exports?form={form}", house.admin.token)
    assert answer.status_code == 200, answer.text
    return answer.content
