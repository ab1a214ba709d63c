"""A directory as a file: a zip of HSDS tables, or services as JSON, one document or one in each line.

What is read is bounded whatever the file says of itself: of a zip it is counted as it is unpacked.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shared.errors import Invalid

MEGABYTE = 1024 * 1024
MOST_BYTES = 16 * MEGABYTE
"""The most that an import may be as it is sent."""

MOST_UNPACKED, MOST_FILES, MOST_ROWS = 256 * MEGABYTE, 40, 400_000
MOST_TIMES = 200
"""Real tables are packed to a twentieth; what is packed to less than a two-hundredth is a bomb."""

CELL = 64 * 1024
AT_ONCE = 500
"""So many rows make a batch."""

PACKAGE, DOCUMENT = "datapackage.json", "services"
"""The description of a tabular data package; and what the rows of a JSON document are called."""

csv.field_size_limit(CELL)

_COLUMN = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of a file by their numbers; without a header each row is a JSON document.

    As in a spreadsheet the heading of a table is its row 1; of documents the first is 1.
    """

    file: str
    header: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[Any, ...]


class Unreadable(Invalid):
    """The file cannot be read as a directory."""

    @classmethod
    def because(cls, message: str, *, file: str = "body") -> Unreadable:
        return cls(errors=[{"field": file, "message": message}])


def form_of(content: bytes) -> str:
    """``tabular`` or ``json``, from the first bytes; raises ``Unreadable`` for what is neither."""
    if content.startswith(b"PK"):
        _members(content)
        return "tabular"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return "json"
    raise Unreadable.because("It is neither a zip of tables nor JSON.")


def package_of(content: bytes) -> Mapping[str, Any] | None:
    """What a zip says of itself as a data package, if it does."""
    if not content.startswith(b"PK"):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if PACKAGE not in archive.namelist():
            return None
        with archive.open(PACKAGE) as packed:
            said = packed.read(MEGABYTE)
    try:
        found = _strict(said.decode("utf-8-sig"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreadable.because("It is no JSON object.", file=PACKAGE)
    return found


def batches(content: bytes) -> Iterator[Batch]:
    """The rows of a file, some at a time; raises ``Unreadable`` where they cannot be read."""
    rows = 0
    for batch in _tables(content) if content.startswith(b"PK") else _documents(content):
        rows += len(batch.rows)
        if rows > MOST_ROWS:
            raise Unreadable.because(f"It has more than {MOST_ROWS:,} rows: send it in parts.")
        yield batch
    if rows == 0:
        raise Unreadable.because("It holds no row.")


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unreadable.because("The zip is broken.") from None
    if len(members) > MOST_FILES:
        raise Unreadable.because(f"It holds more than {MOST_FILES} files.")
    names = [one.filename for one in members]
    if len({*names}) < len(names):
        raise Unreadable.because("It holds two files of one name.")
    for one in members:
        if one.flag_bits & 1:
            raise Unreadable.because("It is encrypted.", file=one.filename)
        if not re.fullmatch(r"[\w-]{1,60}\.csv", one.filename) and one.filename != PACKAGE:
            raise Unreadable.because("Besides datapackage.json it may hold tables only (.csv), in no folder.")
    return members


class _Counted(io.RawIOBase):
    """What is unpacked, counted together with what was before."""

    def __init__(self, packed: Any, info: zipfile.ZipInfo, before: int) -> None:
        self._packed, self._file, self.read_so_far, self._before = packed, info.filename, 0, before
        self._most = max(MEGABYTE, info.compress_size * MOST_TIMES)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        try:
            found: bytes = self._packed.read(len(into))
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise Unreadable.because("The zip is broken.", file=self._file) from None
        self.read_so_far += len(found)
        if self.read_so_far > self._most or self.read_so_far + self._before > MOST_UNPACKED:
            raise Unreadable.because("It unpacks to more than is taken.", file=self._file)
        into[: len(found)] = found
        return len(found)


def _tables(content: bytes) -> Iterator[Batch]:
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in _members(content):
            if info.filename != PACKAGE:
                with archive.open(info) as packed:
                    counted = _Counted(packed, info, unpacked)
                    yield from _table(info.filename, io.BufferedReader(counted, MEGABYTE // 8))
                    unpacked += counted.read_so_far


def _table(file: str, unpacked: io.BufferedReader) -> Iterator[Batch]:
    text = io.TextIOWrapper(unpacked, "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = tuple(next(reader, ()))
        if not header or len({*header}) < len(header) or not all(map(_COLUMN.fullmatch, header)):
            raise Unreadable.because("Its heading lacks a name or has one twice.", file=file)
        numbered = ((number, row) for number, row in enumerate(reader, start=2) if row)
        yield from _in_batches(file, header, numbered)
    except UnicodeDecodeError:
        raise Unreadable.because("It is not UTF-8.", file=file) from None
    except csv.Error:
        raise Unreadable.because("A quotation or a cell in it does not end.", file=file) from None


def _in_batches(file: str, header: tuple[str, ...], numbered: Iterator[tuple[int, Any]]) -> Iterator[Batch]:
    while some := [*islice(numbered, AT_ONCE)]:
        numbers, rows = zip(*some, strict=True)
        yield Batch(file=file, header=header, numbers=numbers, rows=rows)
        if len(some) < AT_ONCE:
            return


def _documents(content: bytes) -> Iterator[Batch]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable.because("It is not UTF-8.") from None
    yield from _in_batches(DOCUMENT, (), enumerate(_services(text), start=1))


def _services(text: str) -> Iterator[Any]:
    """A service, a list of services, a page of them as an API answers it, or one in each line."""
    try:
        whole = _strict(text)
    except ValueError:
        yield from _of_lines(text)
        return
    found = whole
    if isinstance(whole, dict):
        found = next((whole[name] for name in ("contents", "services") if name in whole), [whole])
    if not isinstance(found, list):
        raise Unreadable.because("Its services are no list.")
    yield from found


def _of_lines(text: str) -> Iterator[Any]:
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        try:
            yield _strict(line)
        except ValueError:
            raise Unreadable.because("It is no JSON.", file=f"line {number}") from None


def _strict(text: str) -> Any:
    """What a JSON text says; raises ``ValueError`` for one that other readers of JSON would not take."""
    try:
        said = json.loads(text)
        json.dumps(said, allow_nan=False, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError from None
    return said


_STARTS = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"'*[-+][0-9][0-9 .()/-]*")


def _would_run(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula; a number and a telephone number it may."""
    return _STARTS.match(cell) is not None and _NUMBER.fullmatch(cell) is None


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs (CWE-1236): an apostrophe before it, which ``meant`` takes away."""
    return f"'{cell}" if _would_run(cell) else cell


def meant(cell: str) -> str:
    """What a cell says without the apostrophe that makes it harmless."""
    return cell[1:] if cell.startswith("'") and _would_run(cell[1:]) else cell


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
