"""The promised shape of each event: compared here, written by ``python -m deploy.documents`` alone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from deploy.documents.published import FOLDER, RELEASED, TELLERS, broken, promises, schemas
from shared.events import Event
from shared.events.base import Urgency

ROOT = Path(__file__).parents[2]
RELEASED_LINES = (ROOT / RELEASED).read_text().splitlines()


@pytest.mark.parametrize(("path", "schema"), list(schemas()), ids=lambda text: text.rpartition("/")[2][:40])
def test_the_published_schema_is_that_of_the_code(path: str, schema: str) -> None:
    assert (ROOT / path).read_text() == schema, f"{path}: run python -m deploy.documents"


def test_nothing_is_published_that_nobody_tells() -> None:
    published = {path.stem for path in (ROOT / FOLDER).glob("*.json")}

    assert published == {event.type for event in TELLERS}


def test_no_released_event_has_changed_its_shape() -> None:
    assert broken(RELEASED_LINES, promises()) == [], "an incompatible change is a new version of the event"


def test_every_field_has_been_released() -> None:
    assert set(promises()) <= set(RELEASED_LINES), "run python -m deploy.documents"


def test_a_released_line_is_never_taken_back() -> None:
    """Editing the class, its schema and ``RELEASED`` together is red as well: history remembers."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("there is no history here to compare with")
    history = [[git, "log", "-p", "--format=", "--", RELEASED], [git, "diff", "HEAD", "--", RELEASED]]

    lost = [line for command in history for line in removed_by(command)]

    assert [line for line in lost if line not in RELEASED_LINES] == []


def removed_by(command: list[str]) -> list[str]:
    """The lines that a diff takes away."""
    diff = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [line[1:] for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]


class Sent(Event, type="letter.sent.v1"):
    """As it was released."""

    subject_field = "path_id"
    path_id: UUID
    urgency: Urgency
    count: int | None = None


class SentAndCounted(Event, type="letter.sent.v1"):
    """One more optional field."""

    subject_field = "path_id"
    path_id: UUID
    urgency: Urgency
    count: int | None = None
    pages: int | None = None


class SentByTeam(Event, type="letter.sent.v1"):
    """One more required field."""

    subject_field = "path_id"
    path_id: UUID
    urgency: Urgency
    count: int | None = None
    team_id: UUID


class SentWithoutUrgency(Event, type="letter.sent.v1"):
    """A field less."""

    subject_field = "path_id"
    path_id: UUID
    count: int | None = None


class SentWithNumber(Event, type="letter.sent.v1"):
    """A field of another type."""

    subject_field = "path_id"
    path_id: UUID
    urgency: int
    count: int | None = None


class SentPerhapsUrgent(Event, type="letter.sent.v1"):
    """A field that need no longer be there."""

    subject_field = "path_id"
    path_id: UUID
    urgency: Urgency | None = None
    count: int | None = None


class SentAboutCount(Event, type="letter.sent.v1"):
    """Another subject: the order of delivery changes."""

    subject_field = "count"
    path_id: UUID
    urgency: Urgency
    count: int | None = None


def test_a_new_optional_field_keeps_the_version() -> None:
    assert broken(promises({Sent: "referrals"}), promises({SentAndCounted: "referrals"})) == []


@pytest.mark.parametrize(
    "changed", [SentByTeam, SentWithoutUrgency, SentWithNumber, SentPerhapsUrgent, SentAboutCount]
)
def test_any_other_change_breaks_the_promise(changed: type[Event]) -> None:
    assert broken(promises({Sent: "referrals"}), promises({changed: "referrals"}))


def test_another_teller_or_none_breaks_the_promise() -> None:
    assert broken(promises({Sent: "referrals"}), promises({Sent: "tracing"}))
    assert broken(promises({Sent: "referrals"}), [])
