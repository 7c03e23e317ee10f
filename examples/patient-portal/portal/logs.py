"""Structured logs: one JSON object a line, with the field names of the Elastic Common Schema.

Only fixed words and numbers go in: never a body, a query, a resource, an identifier of a patient, or the text of an
error from the database, which may quote a row.
"""

import json
import sys
import threading
from datetime import datetime, timezone

_lock = threading.Lock()


def write(level: str, message: str, **fields: object) -> None:
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"@timestamp": now, "log.level": level, "message": message, "service.name": "patient-portal", **fields}
    text = json.dumps(line, separators=(",", ":")) + "\n"
    with _lock:
        sys.stdout.write(text)
        sys.stdout.flush()
