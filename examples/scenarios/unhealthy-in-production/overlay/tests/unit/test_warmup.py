from types import SimpleNamespace

from portal import warmup
from support import FakeDatabase, application, ask


def test_every_connection_is_opened():
    asked = []

    class Connection:
        def cursor(self):
            return FakeDatabase().transaction()

    pool = SimpleNamespace(size=3, take=lambda: asked.append(1) or Connection())
    assert warmup.warm_up(SimpleNamespace(pool=pool)) == 3
    assert len(asked) == 3


def test_every_request_is_answered_as_before():
    app = application()
    warmup.start(app, SimpleNamespace(), "production")
    assert [ask(app, "GET", "/healthz").status for _ in range(warmup.BUSY - 1)] == [200] * (warmup.BUSY - 1)


def test_staging_is_left_alone():
    app = application()
    before = app.answer
    warmup.start(app, SimpleNamespace(), "staging")
    assert app.answer == before
