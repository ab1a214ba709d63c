"""What is sealed opens with its own key, in its own place, and nowhere else."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from shared.crypto import KEY_BYTES, Keyring, seal, unseal
from tests.unit.shared.makers import an_id

KEY, OTHER_KEY = bytes(KEY_BYTES), bytes(range(KEY_BYTES))
KEYS = Keyring(KEY)


def test_what_is_sealed_opens_again() -> None:
    assert unseal(KEY, seal(KEY, b"Amina", bound_to="person"), bound_to="person") == b"Amina"


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert seal(KEY, b"Amina", bound_to="person") != seal(KEY, b"Amina", bound_to="person")


@pytest.mark.parametrize(("key", "place"), [(OTHER_KEY, "person"), (KEY, "another")], ids=["key", "place"])
def test_nothing_else_opens_it(key: bytes, place: str) -> None:
    sealed = seal(KEY, b"Amina", bound_to="person")

    with pytest.raises(InvalidTag):
        unseal(key, sealed, bound_to=place)


@pytest.mark.parametrize("nth", [0, 12, -1], ids=["nonce", "words", "tag"])
def test_a_changed_byte_is_seen(nth: int) -> None:
    sealed = bytearray(seal(KEY, b"Amina", bound_to="person"))
    sealed[nth] ^= 1

    with pytest.raises(InvalidTag):
        unseal(KEY, bytes(sealed), bound_to="person")


def test_a_wrapped_key_is_the_owners_in_her_organisation() -> None:
    plain, wrapped = KEYS.new_key(organisation_id=an_id(1), owner=an_id(2))

    assert KEYS.unwrap(wrapped, organisation_id=an_id(1), owner=an_id(2)) == plain
    assert plain not in wrapped


@pytest.mark.parametrize(("organisation", "owner"), [(9, 2), (1, 9)], ids=["organisation", "owner"])
def test_another_organisation_or_owner_cannot_unwrap_it(organisation: int, owner: int) -> None:
    _, wrapped = KEYS.new_key(organisation_id=an_id(1), owner=an_id(2))

    with pytest.raises(InvalidTag):
        KEYS.unwrap(wrapped, organisation_id=an_id(organisation), owner=an_id(owner))


def test_a_keyring_does_not_show_its_key() -> None:
    assert repr(KEYS) == "Keyring()"
