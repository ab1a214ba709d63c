"""Every question that the pages put fits the service that is asked, and so does the answer they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from inspect import iscoroutinefunction
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from deploy.documents.openapi import api_of
from services.web.answers import Answer
from services.web.wire import Question, T
from tests.contract.questions import ID, QUESTIONS, Put

CASES = [
    pytest.param(client, put, id=f"{client.__name__}.{name}-{number}")
    for client, methods in QUESTIONS.items()
    for name, puts in methods.items()
    for number, put in enumerate(puts)
]

WITHOUT_KEY = {
    "/sessions",
    "/tokens",
    "/sign-ins",
    "/sign-ins/card",
    "/sign-ins/completion",
    "/invitations/acceptance",
}
"""Where signing in or joining begins: nobody has a token yet, and a secret must not be kept for a replay."""


@pytest.mark.parametrize("client", QUESTIONS)
def test_every_call_is_tried(client: type) -> None:
    assert {name for name, member in vars(client).items() if iscoroutinefunction(member)} == set(
        QUESTIONS[client]
    )


@pytest.mark.parametrize(("client", "put"), CASES)
async def test_a_question_fits_the_service_that_is_asked(client: type, put: Put) -> None:
    question = await _put(client, put)
    operation = _operation(question)

    assert set(question.query) <= {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
    assert (question.key is None) == (question.method != "POST" or question.path in WITHOUT_KEY)
    assert (question.version is not None) == _wants_version(operation)
    _demand_body(question, operation)


@pytest.mark.parametrize(("client", "put"), CASES)
async def test_what_is_read_of_an_answer_is_in_it(client: type, put: Put) -> None:
    question = await _put(client, put)
    document = _document(question.service)
    answer = _answer_of(_operation(question))
    if answer is None:
        assert not question.answer.model_fields
        return

    assert sorted(_missing(question.answer, answer, document)) == []


async def _put(client: type, put: Put) -> Question[Any]:
    asked: list[Question[Any]] = []

    async def keep(question: Question[T]) -> T:
        asked.append(question)
        return question.answer.model_construct()

    await put(client(keep))
    (question,) = asked
    return question


@cache
def _document(service: str) -> dict[str, Any]:
    return api_of(service).openapi()


def _operation(question: Question[Any]) -> dict[str, Any]:
    for template, operations in _document(question.service)["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", r"[^/]+", template), question.path) and _fits(
            template, question.path
        ):
            operation: dict[str, Any] = operations[question.method.lower()]
            return operation
    return pytest.fail(f"{question.service} has no {question.path}")


def _fits(template: str, path: str) -> bool:
    """An id stands for a parameter alone: ``/sessions/current`` is no ``/sessions/{id}``."""
    parts = zip(template.split("/"), path.split("/"), strict=True)
    return all(said.startswith("{") == (given == str(ID)) for said, given in parts)


def _wants_version(operation: dict[str, Any]) -> bool:
    return any(p["name"].lower() == "if-match" for p in operation.get("parameters", []))


def _demand_body(question: Question[Any], operation: dict[str, Any]) -> None:
    if "requestBody" not in operation:
        assert not question.body
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": _document(question.service)["components"]}
    Draft202012Validator(whole).validate(question.body)


def _answer_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    for status in ("200", "201"):
        if content := operation["responses"].get(status, {}).get("content"):
            schema: dict[str, Any] = content["application/json"]["schema"]
            return schema
    return None


def _missing(read: type[BaseModel], schema: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    offered = _resolved(schema, document)["properties"]
    for name, info in read.model_fields.items():
        said = info.alias or name
        if said not in offered:
            yield f"{read.__name__}.{said}"
        elif (inner := _read_inside(info.annotation)) is not None:
            yield from _missing(inner, _inside(offered[said], document), document)


def _read_inside(annotation: Any) -> type[BaseModel] | None:
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Answer):
            return kind
    return None


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return resolved


def _inside(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    whole = _resolved(next((one for one in schema.get("anyOf", []) if "$ref" in one), schema), document)
    inner: dict[str, Any] = whole.get("items", whole)
    return inner
