"""What both resources share: their metadata and the bundle that a search answers with."""

import json
import uuid
from datetime import datetime, timezone
from urllib.parse import urlencode

from portal.outcome import bad_search

PAGE = 20
LARGEST_PAGE = 200


def stamped(resource: dict) -> tuple[str, datetime, dict]:
    """A new id, the time, and the resource with both in it."""
    identity = str(uuid.uuid4())
    now = datetime.now(timezone.utc)
    last_updated = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return identity, now, {**resource, "id": identity, "meta": {"versionId": "1", "lastUpdated": last_updated}}


def as_json(resource: dict) -> str:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def starts_with(text: str) -> str:
    """A LIKE pattern for texts that begin so; the pattern characters of the caller mean themselves."""
    return text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def page(parameters: dict[str, str]) -> tuple[int, int]:
    """How many are wanted, and how many are skipped before."""
    numbers = []
    for name, default, low, high in (("_count", PAGE, 1, LARGEST_PAGE), ("_offset", 0, 0, 100_000)):
        text = parameters.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 8 and low <= int(text) <= high):
            raise bad_search(name, f"must be a number from {low} to {high}")
        numbers.append(int(text))
    return numbers[0], numbers[1]


def bundle(kind: str, parameters: dict[str, str], total: int, resources: list[dict]) -> dict:
    count, offset = page(parameters)
    links = [{"relation": "self", "url": f"/fhir/{kind}?{urlencode(parameters)}"}]
    if offset + count < total:
        following = urlencode({**parameters, "_count": count, "_offset": offset + count})
        links.append({"relation": "next", "url": f"/fhir/{kind}?{following}"})
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": links,
        "entry": [
            {"fullUrl": "urn:uuid:" + resource["id"], "resource": resource, "search": {"mode": "match"}}
            for resource in resources
        ],
    }


def search(database, kind: str, table: str, order: str, conditions: list[str], values: list, parameters: dict) -> dict:
    """Runs a search. `table`, `order` and `conditions` are our own words; all that a caller sent is in `values`."""
    count, offset = page(parameters)
    where = " WHERE " + " AND ".join(conditions) if conditions else ""
    with database.transaction() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}{where}", values)
        total = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT resource FROM {table}{where} ORDER BY {order}, id LIMIT %s OFFSET %s", [*values, count, offset]
        )
        rows = cursor.fetchall()
    return bundle(kind, parameters, total, [row[0] for row in rows])
