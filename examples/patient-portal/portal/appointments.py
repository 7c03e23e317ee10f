"""FHIR R4 Appointment: one patient, a state, a time."""

import re
from datetime import date, timedelta

from portal import resources
from portal.outcome import bad_search, invalid, not_found
from portal.validation import instant, listed, one_of, only, resource_id, text

STATES = {"proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow"}
SEARCH = {"patient", "status", "date", "_count", "_offset"}
_DAY = re.compile(r"(eq|ge|gt|le|lt)?([0-9]{4}-[0-9]{2}-[0-9]{2})")


def _patient(value: object) -> str | None:
    """The id of the patient whom this participant is, or nothing for another kind of participant."""
    participant = only(value, "Appointment.participant", {"actor", "status"})
    one_of(
        participant.get("status"),
        "Appointment.participant.status",
        {"accepted", "declined", "tentative", "needs-action"},
    )
    actor = only(participant.get("actor"), "Appointment.participant.actor", {"reference", "display"})
    reference = text(actor.get("reference"), "Appointment.participant.actor.reference")
    if "display" in actor:
        text(actor["display"], "Appointment.participant.actor.display")
    kind, _, identity = reference.partition("/")
    if kind not in {"Patient", "Practitioner", "Location"} or not identity:
        raise invalid("Appointment.participant.actor.reference", "must be Patient/…, Practitioner/… or Location/…")
    if kind != "Patient":
        return None
    known = resource_id(identity)
    if known is None:
        raise invalid("Appointment.participant.actor.reference", "must name a patient of this server")
    return known


def check(appointment: dict) -> tuple[dict, str]:
    """The appointment and its patient's id, if each element is right; otherwise a Problem."""
    known = {"resourceType", "status", "description", "start", "end", "participant"}
    only(appointment, "Appointment", known)
    one_of(appointment.get("resourceType"), "Appointment.resourceType", {"Appointment"})
    status = one_of(appointment.get("status"), "Appointment.status", STATES)
    if "description" in appointment:
        text(appointment["description"], "Appointment.description", 500)
    if ("start" in appointment) != ("end" in appointment):
        raise invalid("Appointment.start", "and Appointment.end must be given together")
    if "start" in appointment:
        start = instant(appointment["start"], "Appointment.start")
        if instant(appointment["end"], "Appointment.end") <= start:
            raise invalid("Appointment.end", "must be after Appointment.start")
    elif status not in {"proposed", "pending", "cancelled"}:
        raise invalid("Appointment.start", "is needed in this status")
    participants = listed(appointment.get("participant"), "Appointment.participant", 1, 10)
    patients = [identity for identity in map(_patient, participants) if identity is not None]
    if len(patients) != 1:
        raise invalid("Appointment.participant", "must hold exactly one patient")
    return appointment, patients[0]


def _day_condition(value: str) -> tuple[list[str], list]:
    match = _DAY.fullmatch(value)
    try:
        day = date.fromisoformat(match.group(2)) if match else None
        after = day + timedelta(days=1) if day else None
    except (ValueError, OverflowError):
        day = after = None
    if day is None:
        raise bad_search("date", "must be a day, YYYY-MM-DD, after eq, ge, gt, le, lt or nothing")
    prefix = match.group(1) or "eq"
    bounds = {
        "eq": ([">=", "<"], [day, after]),
        "ge": ([">="], [day]),
        "gt": ([">="], [after]),
        "le": (["<"], [after]),
        "lt": (["<"], [day]),
    }
    operators, days = bounds[prefix]
    return [f"starts_at {operator} (%s::timestamp AT TIME ZONE 'UTC')" for operator in operators], days


class Appointments:
    kind = "Appointment"
    search_parameters = SEARCH

    def __init__(self, database):
        self._database = database

    def create(self, body: dict) -> dict:
        appointment, patient = check(body)
        identity, now, appointment = resources.stamped(appointment)
        with self._database.transaction() as cursor:
            cursor.execute("SELECT 1 FROM patient WHERE id = %s", (patient,))
            if cursor.fetchone() is None:
                raise invalid("Appointment.participant.actor.reference", "must name a patient of this server")
            cursor.execute(
                "INSERT INTO appointment (id, patient_id, status, starts_at, resource, updated_at)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    identity,
                    patient,
                    appointment["status"],
                    appointment.get("start"),
                    resources.as_json(appointment),
                    now,
                ),
            )
        return appointment

    def read(self, identity: str) -> dict:
        known = resource_id(identity)
        if known is None:
            raise not_found("Appointment")
        with self._database.transaction() as cursor:
            cursor.execute("SELECT resource FROM appointment WHERE id = %s", (known,))
            row = cursor.fetchone()
        if row is None:
            raise not_found("Appointment")
        return row[0]

    def search(self, parameters: dict[str, str]) -> dict:
        conditions, values = [], []
        if "patient" in parameters:
            known = resource_id(parameters["patient"].removeprefix("Patient/"))
            if known is None:
                raise bad_search("patient", "must be a patient's id")
            conditions.append("patient_id = %s")
            values.append(known)
        if "status" in parameters:
            if parameters["status"] not in STATES:
                raise bad_search("status", "must be one of " + ", ".join(sorted(STATES)))
            conditions.append("status = %s")
            values.append(parameters["status"])
        if "date" in parameters:
            more, days = _day_condition(parameters["date"])
            conditions += more
            values += days
        return resources.search(
            self._database, "Appointment", "appointment", "starts_at", conditions, values, parameters
        )
