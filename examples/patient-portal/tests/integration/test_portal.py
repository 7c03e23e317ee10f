import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from portal.database import Database, Pool
from support import TOKEN, appointment, patient


def created(client, **changes) -> dict:
    status, _, body = client("POST", "/fhir/Patient", patient(**changes))
    assert status == 201
    return body


def test_a_patient_comes_back_as_it_was_sent(client):
    sent = patient(name=[{"family": "Exemplär-Łódź", "given": ["Ada"]}])
    status, headers, body = client("POST", "/fhir/Patient", sent)
    assert status == 201
    status, _, read = client("GET", headers["Location"])
    assert (status, read) == (200, body)
    assert {name: read[name] for name in sent} == sent


def test_search_by_family_birth_date_and_identifier(client):
    ada = created(client)
    created(client, name=[{"family": "Sample"}], birthDate="1985-05-05", identifier=[{"value": "EX-0002"}])
    for query, found in [
        ("family=EXEM", [ada["id"]]),
        ("birthdate=1990-02-01", [ada["id"]]),
        ("identifier=" + quote("urn:example:mrn|EX-0001"), [ada["id"]]),
        ("identifier=EX-0001&family=Exemplar", [ada["id"]]),
        ("identifier=" + quote("urn:example:other|EX-0001"), []),
        ("family=" + quote("%"), []),
    ]:
        status, _, body = client("GET", "/fhir/Patient?" + query)
        assert status == 200, query
        assert [entry["resource"]["id"] for entry in body["entry"]] == found, query


def test_pages_cover_everything_once(client):
    expected = {created(client, name=[{"family": f"Exemplar{number}"}])["id"] for number in range(5)}
    seen, target = [], "/fhir/Patient?_count=2"
    while target:
        _, _, body = client("GET", target)
        assert body["total"] == 5
        seen += [entry["resource"]["id"] for entry in body["entry"]]
        target = next((link["url"] for link in body["link"] if link["relation"] == "next"), None)
    assert len(seen) == 5 and set(seen) == expected


def test_appointments_of_a_patient(client):
    ada = created(client)
    status, headers, booked = client("POST", "/fhir/Appointment", appointment(ada["id"]))
    assert status == 201
    assert client("GET", headers["Location"])[2] == booked
    for query, count in [
        ("patient=Patient/" + ada["id"], 1),
        ("patient=4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11", 0),
        ("date=2026-03-01", 1),
        ("date=2026-03-02", 0),
        ("date=ge2026-03-01&status=booked", 1),
        ("date=gt2026-03-01", 0),
        ("date=lt2026-03-01", 0),
        ("date=le2026-03-01", 1),
        ("status=cancelled", 0),
    ]:
        assert client("GET", "/fhir/Appointment?" + query)[2]["total"] == count, query


def test_an_appointment_needs_its_patient(client):
    assert client("POST", "/fhir/Appointment", appointment("4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11"))[0] == 422
    assert client("GET", "/fhir/Appointment")[2]["total"] == 0


@pytest.mark.parametrize("text", ["' OR '1'='1", "'; DROP TABLE patient; --", "x' UNION SELECT version() --"])
def test_injections_find_nothing_and_break_nothing(client, text):
    ada = created(client)
    assert client("GET", "/fhir/Patient?family=" + quote(text))[2]["total"] == 0
    stored = created(client, name=[{"family": text}])
    assert client("GET", "/fhir/Patient/" + stored["id"])[2]["name"] == [{"family": text}]
    assert client("GET", "/fhir/Patient/" + ada["id"])[0] == 200


def test_times_are_compared_in_utc(client):
    ada = created(client)
    late = appointment(ada["id"], start="2026-03-01T23:30:00-05:00", end="2026-03-01T23:45:00-05:00")
    assert client("POST", "/fhir/Appointment", late)[0] == 201
    assert client("GET", "/fhir/Appointment?date=2026-03-02")[2]["total"] == 1
    assert client("GET", "/fhir/Appointment?date=2026-03-01")[2]["total"] == 0


def test_migrations_are_applied_once_even_by_two_at_a_time(clean):
    databases = [Database(Pool(clean, 1)) for _ in range(2)]
    assert databases[0].ready() == "database schema not there"
    applied: list[str] = []
    threads = [threading.Thread(target=lambda one=one: applied.extend(one.migrate())) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(applied) == ["0001_patient", "0002_appointment"]
    assert [one.ready() for one in databases] == [None, None]
    for one in databases:
        one.pool.take().close()


def test_a_database_that_is_away_makes_it_not_ready():
    away = Database(Pool("postgresql://portal@127.0.0.1:1/portal", 1))
    assert away.ready() == "database not reachable"


def test_the_process_starts_serves_and_ends_on_sigterm(clean):
    port = 18000 + os.getpid() % 1000
    env = {**os.environ, "DATABASE_URL": clean, "PORTAL_TOKEN": TOKEN, "PORT": str(port), "PORTAL_VERSION": "9.9.9",
           "PORTAL_DRAIN_SECONDS": "0.2"}
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-m", "portal"], cwd=root, env=env, stdout=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                    assert answer.headers["X-Portal-Version"] == "9.9.9"
                    break
            except OSError:
                assert time.monotonic() < deadline, "the portal did not become ready"
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert '"message":"stopped"' in output
