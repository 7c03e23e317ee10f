"""Starts the portal: `python3 -m portal`. Its settings come from the environment; see config.py."""

import os
import signal
import sys

from portal import logs, warmup
from portal.app import Application
from portal.appointments import Appointments
from portal.config import Config, ConfigError
from portal.database import Database, Pool
from portal.patients import Patients
from portal.server import Portal


def main() -> int:
    try:
        config = Config.from_environment(os.environ)
    except ConfigError as error:
        logs.write("error", "refused to start", reason=str(error))
        return 64
    database = Database(Pool(config.database_url, config.database_connections))
    app = Application(config, database, Patients(database), Appointments(database))
    portal = Portal(config, app)
    signal.signal(signal.SIGTERM, lambda *_: portal.begin_drain())
    signal.signal(signal.SIGINT, lambda *_: portal.begin_drain())
    database.migrate_in_background()
    warmup.start(database, config.environment)
    portal.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
