from types import SimpleNamespace

from portal import warmup
from support import FakeDatabase


def test_every_connection_is_opened():
    asked = []

    class Connection:
        def cursor(self):
            return FakeDatabase().transaction()

    pool = SimpleNamespace(size=3, take=lambda: asked.append(1) or Connection())
    assert warmup.warm_up(SimpleNamespace(pool=pool)) == 3
    assert len(asked) == 3


def test_staging_is_left_alone():
    warmup.start(None, "staging")
