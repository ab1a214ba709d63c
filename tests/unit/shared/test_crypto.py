"""What is sealed opens with its own key, in its own place, and nowhere else."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from shared.crypto import KEY_BYTES, Keyring, Owner, place, seal, unseal
from tests.unit.shared.makers import an_id

KEY, OTHER_KEY = bytes(KEY_BYTES), bytes(range(KEY_BYTES))
KEYS, ROTATED = Keyring({1: KEY}), Keyring({1: KEY, 2: OTHER_KEY})
HERS = Owner(an_id(2), an_id(1))


def test_what_is_sealed_opens_again() -> None:
    assert unseal(KEY, seal(KEY, b"Amina", bound_to="person"), bound_to="person") == b"Amina"


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert seal(KEY, b"Amina", bound_to="person") != seal(KEY, b"Amina", bound_to="person")


@pytest.mark.parametrize(("key", "where"), [(OTHER_KEY, "person"), (KEY, "another")], ids=["key", "place"])
def test_nothing_else_opens_it(key: bytes, where: str) -> None:
    sealed = seal(KEY, b"Amina", bound_to="person")

    with pytest.raises(InvalidTag):
        unseal(key, sealed, bound_to=where)


@pytest.mark.parametrize("nth", [0, 12, -1], ids=["nonce", "words", "tag"])
def test_a_changed_byte_is_seen(nth: int) -> None:
    sealed = bytearray(seal(KEY, b"Amina", bound_to="person"))
    sealed[nth] ^= 1

    with pytest.raises(InvalidTag):
        unseal(KEY, bytes(sealed), bound_to="person")


def test_a_wrapped_key_is_the_owners_in_her_organisation() -> None:
    wrapped = KEYS.new_key(HERS)

    plain = KEYS.unwrap(wrapped, HERS)

    assert len(plain) == KEY_BYTES
    assert plain not in wrapped.key
    assert plain != KEYS.unwrap(KEYS.new_key(HERS), HERS)


@pytest.mark.parametrize(("organisation", "owner"), [(9, 2), (1, 9)], ids=["organisation", "owner"])
def test_another_organisation_or_owner_cannot_unwrap_it(organisation: int, owner: int) -> None:
    wrapped = KEYS.new_key(HERS)

    with pytest.raises(InvalidTag):
        KEYS.unwrap(wrapped, Owner(an_id(owner), an_id(organisation)))


def test_a_rewrapped_key_is_the_same_key_under_the_newest_sealing_key() -> None:
    old = KEYS.new_key(HERS)

    new = ROTATED.rewrap(old, HERS)

    assert (old.version, new.version) == (1, 2)
    assert ROTATED.unwrap(new, HERS) == ROTATED.unwrap(old, HERS) == KEYS.unwrap(old, HERS)
    with pytest.raises(KeyError):
        KEYS.unwrap(new, HERS)


def test_the_blind_index_of_a_text_is_another_in_each_organisation_kind_and_version() -> None:
    def blind(
        text: str = "0701740605", kind: str = "phone", organisation: int = 1, version: int = 1
    ) -> bytes:
        return ROTATED.blind(text, kind=kind, organisation_id=an_id(organisation), version=version)

    others = [blind("071"), blind(kind="email"), blind(organisation=2), blind(version=2)]

    assert blind() == blind()
    assert len({blind(), *others}) == 1 + len(others)


def test_a_place_is_its_column_its_organisation_and_its_row() -> None:
    assert place("persons.sealed", an_id(1), an_id(2)) == f"persons.sealed|{an_id(1)}|{an_id(2)}"


def test_a_keyring_does_not_show_its_key() -> None:
    assert repr(KEYS) == "Keyring()"
