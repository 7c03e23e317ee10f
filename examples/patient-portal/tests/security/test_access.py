import http.client
import io
import json
import socket
import sys
from urllib.parse import quote

import pytest

from portal.app import SECURITY_HEADERS
from support import TOKEN, FakeDatabase, application, ask, http_ask, patient, running

ROUTES = [("GET", "/fhir/Patient"), ("POST", "/fhir/Patient"), ("GET", "/fhir/Patient/x"), ("GET", "/fhir/Appointment"),
          ("POST", "/fhir/Appointment"), ("GET", "/fhir/anything"), ("DELETE", "/fhir/Patient/x")]
WRONG = ["", "Bearer", "Bearer ", "Bearer wrong", "Basic " + TOKEN, TOKEN, "Bearer " + TOKEN + "x", "Bearer " + TOKEN[:-1],
         "Bearer \u00fc", "Bearer  " + TOKEN]
INJECTIONS = ["' OR '1'='1", "'; DROP TABLE patient; --", "x' UNION SELECT version() --", "\\'; --", "%' OR 1=1 --",
              "$$;SELECT pg_sleep(9)$$", "Robert'); DELETE FROM appointment; --"]


@pytest.mark.parametrize("method, target", ROUTES)
@pytest.mark.parametrize("authorization", WRONG)
def test_no_route_with_patient_data_opens_without_the_token(method, target, authorization):
    database = FakeDatabase()
    answer = ask(application(database), method, target, patient(), authorization=authorization)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert database.cursor.statements == []


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_a_caller_sends_is_a_value_and_never_part_of_a_statement(text):
    requests = [
        ("GET", "/fhir/Patient?family=" + quote(text), 200),
        ("GET", "/fhir/Patient?identifier=" + quote(text), 200),
        ("GET", "/fhir/Patient/" + quote(text, safe=""), 404),
        ("GET", "/fhir/Appointment?patient=" + quote(text), 400),
        ("GET", "/fhir/Appointment?date=" + quote(text), 400),
        ("POST", "/fhir/Patient", 201),
    ]
    statements = []
    for method, target, status in requests:
        database = FakeDatabase([(0,)])
        assert ask(application(database), method, target, patient(name=[{"family": text}])).status == status, target
        statements += [sql for sql, _ in database.cursor.statements]
    assert len(statements) == 5
    for sql in statements:
        assert text not in sql and text.lower() not in sql


@pytest.mark.parametrize("target", ["/healthz", "/readyz", "/fhir/Patient", "/fhir/nothing", "/nothing"])
@pytest.mark.parametrize("authorization", ["", "Bearer " + TOKEN])
def test_every_answer_has_the_security_headers(target, authorization):
    answer = ask(application(FakeDatabase([(0,)])), "GET", target, authorization=authorization)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert "Server" not in answer.headers


def test_a_body_over_the_limit_is_refused_before_it_is_read():
    with running(application()) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
        connection.putrequest("POST", "/fhir/Patient")
        connection.putheader("Authorization", "Bearer " + TOKEN)
        connection.putheader("Content-Length", str(64 * 1024 + 1))
        connection.endheaders()  # and not one byte of the body
        response = connection.getresponse()
        assert response.status == 413
        assert response.headers["Connection"] == "close"


@pytest.mark.parametrize(
    "header, status",
    [(b"Transfer-Encoding: chunked", b"411"), (b"Content-Length: -1", b"400"), (b"Content-Length: 5\r\nContent-Length: 6", b"400")],
)
def test_bodies_of_doubtful_length_are_refused(header, status):
    with running(application()) as portal, socket.create_connection(("127.0.0.1", portal.port), timeout=5) as raw:
        raw.sendall(b"POST /fhir/Patient HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n0\r\n\r\n")
        answer = b""
        while piece := raw.recv(65536):
            answer += piece
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert answer.count(b"HTTP/1.1") == 1


def test_logs_hold_no_patient_data_and_no_token(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    with running(application(FakeDatabase([(0,)]))) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
        assert http_ask(connection, "POST", "/fhir/Patient", patient())[0] == 201
        assert http_ask(connection, "POST", "/fhir/Patient", patient(gender="Exemplar"))[0] == 422
        http_ask(connection, "GET", "/fhir/Patient?family=Exemplar&birthdate=1990-02-01")
        http_ask(connection, "GET", "/fhir/Patient?identifier=EX-0001&nonsense=Exemplar")
        http_ask(connection, "GET", "/fhir/Patient/Exemplar")
        http_ask(connection, "GET", "/Exemplar")
        http_ask(connection, "POST", "/fhir/Patient", b'{"name": "Exemplar", "name": 1}')
        http_ask(connection, "GET", "/fhir/Patient", Authorization="Bearer wrong-but-secret")
        connection.close()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert sum(line["message"] == "answered" for line in lines) == 8
    for secret in ["Exemplar", "exemplar", "EX-0001", "1990-02-01", "Ada", TOKEN, "wrong-but-secret", "127.0.0.1"]:
        assert secret not in written.getvalue()


def test_every_access_leaves_an_audit_line(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    with running(application(FakeDatabase([(0,)]))) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
        for method, target in ROUTES:
            http_ask(connection, method, target, patient() if method == "POST" else None)
            http_ask(connection, method, target, patient() if method == "POST" else None, Authorization="Bearer wrong")
        connection.close()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert len(answered) == 2 * len(ROUTES)
    for line in answered:
        assert line["@timestamp"] and line["http.response.status_code"] and line["url.route"]
    # A refusal ends its connection, so that lines of two connections may come in either order.
    methods = sorted(method for method, _ in ROUTES)
    refused = [line for line in answered if line["http.response.status_code"] == 401]
    for some in (refused, [line for line in answered if line not in refused]):
        assert sorted(line["http.request.method"] for line in some) == methods


def test_a_fault_is_told_to_nobody(monkeypatch):
    class Broken(FakeDatabase):
        def transaction(self):
            raise RuntimeError("row: Exemplar, Ada")

    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    with running(application(Broken())) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=5)
        status, _, body = http_ask(connection, "GET", "/fhir/Patient")
    assert status == 500
    assert "Exemplar" not in json.dumps(body) and "Exemplar" not in written.getvalue()
    assert "RuntimeError" in written.getvalue()


def test_an_error_does_not_repeat_what_was_sent():
    answer = ask(application(), "POST", "/fhir/Patient", patient(gender="Exemplar", birthDate="Exemplar"))
    assert "Exemplar" not in json.dumps(answer.body)
