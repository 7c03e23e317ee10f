"""Strict reading of what callers send: what is not understood is refused, not dropped."""

import json
import re
import uuid
from datetime import date, datetime

from portal.outcome import Problem, invalid

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")
_PARTIAL_DATE = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2]))?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key")
    return result


def _no_constant(_: str) -> None:
    raise ValueError("not a JSON number")


def read_json(body: bytes) -> dict:
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "structure", "the body is not JSON in UTF-8 without duplicate keys") from None
    if not isinstance(value, dict):
        raise Problem(400, "structure", "the body must be a JSON object")
    return value


def only(value: object, element: str, known: set[str]) -> dict:
    if not isinstance(value, dict):
        raise invalid(element, "must be an object")
    if not known.issuperset(value):
        raise invalid(element, "has an element that this server does not support; it knows " + ", ".join(sorted(known)))
    return value


def text(value: object, element: str, limit: int = 200) -> str:
    if not isinstance(value, str) or not value.strip():
        raise invalid(element, "must be a string that is not blank")
    if len(value) > limit:
        raise invalid(element, f"must have at most {limit} characters")
    if _CONTROL.search(value):
        raise invalid(element, "must not contain control characters")
    return value


def one_of(value: object, element: str, choices: set[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise invalid(element, "must be one of " + ", ".join(sorted(choices)))
    return value


def boolean(value: object, element: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(element, "must be true or false")
    return value


def listed(value: object, element: str, low: int, high: int) -> list:
    if not isinstance(value, list) or not low <= len(value) <= high:
        raise invalid(element, f"must be a list of {low} to {high}")
    return value


def is_date(value: str) -> bool:
    if _PARTIAL_DATE.fullmatch(value):
        return True
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def calendar_date(value: object, element: str) -> str:
    if not isinstance(value, str) or not is_date(value):
        raise invalid(element, "must be a date: YYYY, YYYY-MM or YYYY-MM-DD")
    return value


def instant(value: object, element: str) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise invalid(element, "must be a time with seconds and a time zone, such as 2026-01-31T09:30:00Z")


def resource_id(value: str) -> str | None:
    """The id in its one spelling, or nothing when it cannot be one of ours."""
    try:
        return value if str(uuid.UUID(value)) == value else None
    except ValueError:
        return None
