"""``docs/asyncapi.json``: the streams, with FastStream's own model of an AsyncAPI 3.0 document."""

from __future__ import annotations

from typing import Any

from faststream.specification.asyncapi.v3_0_0.schema import (
    ApplicationInfo,
    ApplicationSchema,
    Channel,
    Components,
    Message,
    Operation,
    Reference,
    Server,
)
from faststream.specification.asyncapi.v3_0_0.schema.operations import Action

from shared.events import TOLD_BY, Event, LogVoid

from .hearings import services
from .json_text import as_json
from .published import TELLERS

ID = {"type": "string", "format": "uuid"}
ID_OR_NONE = {"type": ["string", "null"], "format": "uuid"}
TEXT_OR_NONE = {"type": ["string", "null"]}
HEX = {"type": "string", "pattern": "^[0-9a-f]*$"}

ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "seq", "epoch", "digest", "hash"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": ID,
        "source": {"type": "string", "format": "uri-reference"},
        "type": {"type": "string"},
        "subject": ID_OR_NONE,
        "time": {"type": ["string", "null"], "format": "date-time"},
        "organisation": ID_OR_NONE,
        "actor": TEXT_OR_NONE,
        "correlationid": ID_OR_NONE,
        "causationid": ID_OR_NONE,
        "traceparent": TEXT_OR_NONE,
        "seq": {"type": "integer", "minimum": 1},
        "epoch": {"type": "integer", "minimum": 1},
        "salt": TEXT_OR_NONE,
        "digest": HEX,
        "hash": HEX,
        "signature": TEXT_OR_NONE,
    },
}

WHAT = (
    "The streams on which services tell each other what has happened. "
    "An entry's id is the number of the row in the teller's log; its field `__data__` holds the message. "
    "The streams may be lost whole: `/log` of the teller has the same rows."
)


def document() -> str:
    """The document as JSON text."""
    whole = ApplicationSchema(
        info=ApplicationInfo(title="Värdekedjor", version="0.1.0", description=WHAT),
        defaultContentType="application/json",
        servers={"redis": Server(host="redis:6379", pathname="/0", protocol="redis")},
        channels={teller: _channel(teller) for teller in TOLD_BY},
        operations=_operations(),
        components=Components(
            messages={event.type: _message(event) for event in TELLERS}, schemas=_schemas()
        ),
    )
    said = whole.model_dump(mode="json", by_alias=True, exclude_none=True)
    return as_json(said)


def _channel(teller: str) -> Channel:
    return Channel(
        address=f"events:{teller}",
        description=f"What {teller} tells, in the order of its log.",
        servers=[{"$ref": "#/servers/redis"}],
        messages={name: _ref(f"#/components/messages/{name}") for name in _types(teller)},
    )


def _operations() -> dict[str, Operation]:
    telling = {f"{teller}.tells": _operation(Action.SEND, teller) for teller in TOLD_BY}
    hearing = {
        f"{service.name}.hears.{teller}": _operation(Action.RECEIVE, teller)
        for service in services()
        for teller in service.hears
    }
    return telling | hearing


def _operation(action: Action, teller: str) -> Operation:
    return Operation(
        action=action,
        channel=_ref(f"#/channels/{teller}"),
        messages=[_ref(f"#/channels/{teller}/messages/{name}") for name in _types(teller)],
    )


def _message(event: type[Event]) -> Message:
    body = {"anyOf": [{"$ref": f"#/components/schemas/{event.__name__}"}, {"type": "null"}]}
    said = {"properties": {"type": {"const": event.type}, "body": body}}
    return Message(
        name=event.type,
        title=event.__name__,
        summary=(event.__doc__ or "").partition("\n")[0],
        contentType="application/json",
        correlationId={"location": "$message.payload#/correlationid"},
        payload={"allOf": [{"$ref": "#/components/schemas/Envelope"}, said]},
    )


def _schemas() -> dict[str, dict[str, Any]]:
    """The envelope's, each event's, and those that events share."""
    found: dict[str, dict[str, Any]] = {"Envelope": ENVELOPE}
    for event in TELLERS:
        schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        found[event.__name__] = schema
    return found


def _types(teller: str) -> list[str]:
    return [*(event.type for event in TOLD_BY[teller]), LogVoid.type]


def _ref(target: str) -> Reference:
    return Reference.model_validate({"$ref": target})
