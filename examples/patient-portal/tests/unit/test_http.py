import http.client
import socket
import threading
import time

import pytest

from portal.database import Pool, Unavailable
from support import FakeDatabase, application, ask, http_ask, running


def test_alive_says_the_version_and_needs_no_database():
    answer = ask(application(FakeDatabase(reason="database not reachable")), "GET", "/healthz", authorization="")
    assert (answer.status, answer.body["version"]) == (200, "1.2.3")
    assert answer.headers["X-Portal-Version"] == "1.2.3"


def test_ready_needs_the_database():
    assert ask(application(), "GET", "/readyz", authorization="").status == 200
    answer = ask(application(FakeDatabase(reason="database not reachable")), "GET", "/readyz", authorization="")
    assert (answer.status, answer.body["reason"]) == (503, "database not reachable")


@pytest.mark.parametrize(
    "method, target, status",
    [
        ("POST", "/healthz", 405),
        ("DELETE", "/fhir/Patient", 405),
        ("PUT", "/fhir/Patient/1", 405),
        ("GET", "/fhir/Observation", 404),
        ("GET", "/fhir", 404),
        ("GET", "/", 404),
        ("GET", "//[", 400),
    ],
)
def test_addresses_and_methods_that_are_not_served(method, target, status):
    assert ask(application(), method, target).status == status


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"[" * 50_000])
def test_a_body_that_is_not_strict_json(body):
    assert ask(application(), "POST", "/fhir/Patient", body).status == 400


def test_a_body_of_another_type():
    assert ask(application(), "POST", "/fhir/Patient", b"<Patient/>", content_type="application/xml").status == 415


def test_many_requests_on_one_connection():
    with running(application()) as portal:
        connection = http.client.HTTPConnection("127.0.0.1", portal.port)
        connection.connect()
        opened = connection.sock
        for method, target, status in [("GET", "/healthz", 200), ("HEAD", "/healthz", 200), ("GET", "/readyz", 200)] * 3:
            assert http_ask(connection, method, target)[0] == status
            assert connection.sock is opened
        connection.close()


def test_a_request_that_cannot_be_read_gets_an_answer():
    with running(application()) as portal, socket.create_connection(("127.0.0.1", portal.port)) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        assert raw.recv(4096).startswith(b"HTTP/1.1 400")


def test_draining_finishes_what_was_begun_and_is_not_ready_meanwhile():
    entered, leave = threading.Event(), threading.Event()

    class Slow(FakeDatabase):
        def ready(self):
            entered.set()
            leave.wait(5)

    answers = []
    with running(application(Slow())) as portal:

        def slow():
            answers.append(http_ask(http.client.HTTPConnection("127.0.0.1", portal.port), "GET", "/readyz")[0])

        caller = threading.Thread(target=slow)
        caller.start()
        assert entered.wait(5)
        portal.begin_drain()
        status, headers, body = http_ask(http.client.HTTPConnection("127.0.0.1", portal.port), "GET", "/readyz")
        assert (status, body["reason"], headers["Connection"]) == (503, "draining", "close")
        time.sleep(0.5)  # past the drain's end: the portal now waits for the slow request alone
        leave.set()
        caller.join(5)
    assert answers == [200]


class Connection:
    closed = 0


def test_the_pool_gives_each_connection_to_one_at_a_time():
    pool = Pool("postgresql://none.invalid/x", 2, wait=0.01, connect=lambda *_, **__: Connection())
    first, second = pool.take(), pool.take()
    with pytest.raises(Unavailable):
        pool.take()
    pool.give_back(first)
    assert pool.take() is first and second is not first


def test_the_pool_forgets_a_closed_connection():
    pool = Pool("postgresql://none.invalid/x", 1, wait=0.01, connect=lambda *_, **__: Connection())
    broken = pool.take()
    broken.closed = 1
    pool.give_back(broken)
    assert pool.take() is not broken


def test_no_connection_left_is_a_passing_fault():
    class Busy(FakeDatabase):
        def transaction(self):
            raise Unavailable("busy")

    answer = ask(application(Busy()), "GET", "/fhir/Patient")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
