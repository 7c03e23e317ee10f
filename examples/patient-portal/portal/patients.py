"""FHIR R4 Patient: the elements that this portal keeps, their checks, and their storage."""

import json

from portal import resources
from portal.outcome import bad_search, not_found
from portal.validation import boolean, calendar_date, is_date, listed, one_of, only, resource_id, text

SEARCH = {"family", "birthdate", "identifier", "_count", "_offset"}


def _name(value: object, element: str) -> None:
    name = only(value, element, {"use", "family", "given", "text"})
    if "use" in name:
        one_of(name["use"], element + ".use", {"usual", "official", "temp", "nickname", "anonymous", "old", "maiden"})
    text(name.get("family"), element + ".family")
    for given in listed(name.get("given", []), element + ".given", 0, 8):
        text(given, element + ".given")
    if "text" in name:
        text(name["text"], element + ".text", 400)


def _identifier(value: object, element: str) -> None:
    identifier = only(value, element, {"system", "value"})
    text(identifier.get("value"), element + ".value", 100)
    if "system" in identifier:
        text(identifier["system"], element + ".system")


def _telecom(value: object, element: str) -> None:
    telecom = only(value, element, {"system", "value", "use"})
    one_of(telecom.get("system"), element + ".system", {"phone", "email", "sms", "url", "other", "fax", "pager"})
    text(telecom.get("value"), element + ".value")
    if "use" in telecom:
        one_of(telecom["use"], element + ".use", {"home", "work", "temp", "old", "mobile"})


def check(patient: dict) -> dict:
    """The patient, if each of its elements is right; otherwise a Problem that names the one that is not."""
    known = {"resourceType", "active", "identifier", "name", "telecom", "gender", "birthDate"}
    only(patient, "Patient", known)
    one_of(patient.get("resourceType"), "Patient.resourceType", {"Patient"})
    for name in listed(patient.get("name"), "Patient.name", 1, 5):
        _name(name, "Patient.name")
    for identifier in listed(patient.get("identifier", []), "Patient.identifier", 0, 10):
        _identifier(identifier, "Patient.identifier")
    for telecom in listed(patient.get("telecom", []), "Patient.telecom", 0, 10):
        _telecom(telecom, "Patient.telecom")
    if "active" in patient:
        boolean(patient["active"], "Patient.active")
    if "gender" in patient:
        one_of(patient["gender"], "Patient.gender", {"male", "female", "other", "unknown"})
    if "birthDate" in patient:
        calendar_date(patient["birthDate"], "Patient.birthDate")
    return patient


class Patients:
    kind = "Patient"
    search_parameters = SEARCH

    def __init__(self, database):
        self._database = database

    def create(self, body: dict) -> dict:
        patient = check(body)
        identity, now, patient = resources.stamped(patient)
        with self._database.transaction() as cursor:
            cursor.execute(
                "INSERT INTO patient (id, family, birth_date, resource, updated_at) VALUES (%s, %s, %s, %s, %s)",
                (identity, patient["name"][0]["family"], patient.get("birthDate"), resources.as_json(patient), now),
            )
        return patient

    def read(self, identity: str) -> dict:
        known = resource_id(identity)
        if known is None:
            raise not_found("Patient")
        with self._database.transaction() as cursor:
            cursor.execute("SELECT resource FROM patient WHERE id = %s", (known,))
            row = cursor.fetchone()
        if row is None:
            raise not_found("Patient")
        return row[0]

    def search(self, parameters: dict[str, str]) -> dict:
        conditions, values = [], []
        if "family" in parameters:
            conditions.append("lower(family) LIKE %s")
            values.append(resources.starts_with(parameters["family"]))
        if "birthdate" in parameters:
            if not is_date(parameters["birthdate"]):
                raise bad_search("birthdate", "must be a date: YYYY, YYYY-MM or YYYY-MM-DD")
            conditions.append("birth_date = %s")
            values.append(parameters["birthdate"])
        if "identifier" in parameters:
            system, bar, value = parameters["identifier"].rpartition("|")
            wanted = {"value": value, "system": system} if bar and system else {"value": value}
            conditions.append("resource -> 'identifier' @> %s::jsonb")
            values.append(json.dumps([wanted]))
        return resources.search(self._database, "Patient", "patient", "lower(family)", conditions, values, parameters)
