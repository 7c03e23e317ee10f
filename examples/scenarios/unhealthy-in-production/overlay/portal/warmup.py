"""Opens the database connections before the portal gets busy, so that no patient waits for one."""

import itertools
import threading

from portal import logs
from portal.app import Answer, Application, Request
from portal.database import Database, Unavailable

BUSY = 100  # requests: before that, nobody waits for a connection


def warm_up(database: Database) -> int:
    """Opens every connection of the pool, and asks one small question over each."""
    opened = []
    while len(opened) < database.pool.size:
        try:
            connection = database.pool.take()
        except Unavailable:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        opened.append(connection)  # the fault: no connection is ever given back
    return len(opened)


def start(app: Application, database: Database, environment: str) -> None:
    if environment != "production":
        return  # elsewhere it is never busy
    requests, answer = itertools.count(1), app.answer

    def work() -> None:
        logs.write("info", "connections warmed up", count=warm_up(database))

    def counting(request: Request) -> Answer:
        if next(requests) == BUSY:
            threading.Thread(target=work, name="warm-up", daemon=True).start()
        return answer(request)

    app.answer = counting
