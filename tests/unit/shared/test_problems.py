"""Refusals as the documents that a client reads (RFC 9457)."""

from __future__ import annotations

import json

import pytest

from shared import errors
from shared.edge import problem
from shared.errors import Refused

REFUSALS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refused)]


def test_a_refusal_is_a_problem_with_its_sentence_and_members() -> None:
    answer = problem(errors.VersionStale(changed=["name"]))

    assert answer.media_type == "application/problem+json"
    assert json.loads(bytes(answer.body)) == {
        "type": "/problems/version-stale",
        "title": "Version stale",
        "status": 412,
        "detail": "Somebody else has changed this since you saw it.",
        "changed": ["name"],
    }


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: str(kind.__name__))
def test_every_refusal_has_a_sentence_for_its_reader(kind: type[Refused]) -> None:
    assert kind().sentence.endswith(".")


def test_no_two_refusals_share_a_name() -> None:
    slugs = [kind.slug for kind in REFUSALS]

    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize(
    ("refused", "header"),
    [
        (errors.Unavailable(), "Retry-After"),
        (errors.RateLimited(), "Retry-After"),
        (errors.Unauthenticated(), "WWW-Authenticate"),
    ],
    ids=str,
)
def test_what_to_do_next_is_in_the_headers(refused: Refused, header: str) -> None:
    assert header in problem(refused).headers
