"""A head that somebody keeps says which chain, how long, and who signed it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.checkpoint import Checkpoint, Kept, NotACheckpoint, kept_in, origin_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = Checkpoint(origin_of("referrals", "ledger"), 17, hashlib.sha256(b"row 17").digest())
NOTE = HEAD.note(KEY.public_key(), HEAD.signed(KEY))


def test_a_note_is_written_as_the_specification_says() -> None:
    origin, size, root, blank, signature, end = NOTE.split("\n")
    dash, name, encoded = signature.split(" ")
    key_id, signed = base64.b64decode(encoded)[:4], base64.b64decode(encoded)[4:]

    assert (origin, size, blank, end) == ("vardekedjor/referrals/ledger", "17", "", "")
    assert base64.b64decode(root) == HEAD.hash
    assert (dash, name) == ("\N{EM DASH}", origin)
    assert (
        key_id == hashlib.sha256(name.encode() + b"\n\x01" + KEY.public_key().public_bytes_raw()).digest()[:4]
    )
    KEY.public_key().verify(signed, f"{origin}\n{size}\n{root}\n".encode())


def test_a_kept_note_is_of_the_key_that_signed_it() -> None:
    kept = Kept.from_note(NOTE)

    assert kept.checkpoint == HEAD
    assert kept.is_of(KEY.public_key())
    assert not kept.is_of(Ed25519PrivateKey.generate().public_key())
    assert not replace(kept, checkpoint=replace(HEAD, size=18)).is_of(KEY.public_key())
    assert not replace(kept, key_id=bytes(4)).is_of(KEY.public_key())


@pytest.mark.parametrize(
    "damage",
    [
        ("17", "-1"),
        ("17", "seventeen"),
        ("\n\n", "\n"),
        ("\n\n", "\nmore\n"),
        ("\N{EM DASH}", "-"),
        ("\N{EM DASH} vardekedjor", "\N{EM DASH} other"),
        (base64.b64encode(HEAD.hash).decode(), "short"),
        (base64.b64encode(HEAD.hash).decode(), "AAAA"),
        (NOTE, ""),
    ],
)
def test_what_is_no_note_is_refused(damage: tuple[str, str]) -> None:
    with pytest.raises(NotACheckpoint):
        Kept.from_note(NOTE.replace(*damage))


def test_a_kept_answer_and_a_kept_note_are_read_alike(tmp_path: Path) -> None:
    answer, note = tmp_path / "answer.json", tmp_path / "note.txt"
    answer.write_text(json.dumps({"heads": [{"chain": "ledger", "size": 17, "checkpoint": NOTE}]}))
    note.write_text(NOTE)

    assert kept_in(answer) == kept_in(note) == [Kept.from_note(NOTE)]


@pytest.mark.parametrize("text", ["", "{", "{}", '{"heads": []}', '{"heads": [{}]}', '{"heads": 1}'])
def test_a_file_without_a_head_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kept"
    file.write_text(text)

    with pytest.raises(NotACheckpoint):
        kept_in(file)
