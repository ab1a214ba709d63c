"""Looks for a person's words wherever they may have gone, in every writing that they may have taken."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import sql
from redis import Redis

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")


def writings(word: str) -> set[bytes]:
    """A word as text, hexadecimal and base64, in each encoding, as written and as folded."""
    found: set[bytes] = set()
    for form in {word, word.lower(), word.upper(), unicodedata.normalize("NFKC", word).casefold()}:
        for encoding in ENCODINGS:
            plain = form.encode(encoding)
            found |= {plain, plain.hex().encode(), plain.hex().upper().encode(), *_base64(plain)}
    return found


def _base64(plain: bytes) -> Iterator[bytes]:
    """The part of the base64 that does not hang on what stands around it, at each of three places."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        yield whole[(0, 2, 3)[before] : len(whole) - 4]


def is_in(words: Iterable[str], place: bytes) -> list[str]:
    """The words that stand in it."""
    return [word for word in words if any(writing in place for writing in writings(word))]


def tables(address: str) -> Iterator[tuple[str, bytes]]:
    """All that stands in the tables of every schema, as text and as bytes."""
    with psycopg.connect(address) as admin:
        named = admin.execute(
            "select schemaname, tablename from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2"
        ).fetchall()
        for schema, table in named:
            rows = admin.execute(sql.SQL("select * from {}").format(sql.Identifier(schema, table)))
            yield f"{schema}.{table}", b"\n".join(_bytes_of(value) for row in rows for value in row)


def _bytes_of(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def redis(address: str) -> Iterator[tuple[str, bytes]]:
    """Every key of the stream server, with all that stands there."""
    with Redis.from_url(address) as server:
        for key in server.scan_iter():
            said = server.xrange(key) if server.type(key) == b"stream" else server.dump(key)
            yield f"redis {key.decode()}", key + repr(said).encode("latin-1", "replace") + _joined(said)


def _joined(said: Any) -> bytes:
    if isinstance(said, bytes):
        return said
    return b"\n".join(part for _, fields in said for pair in fields.items() for part in pair)
