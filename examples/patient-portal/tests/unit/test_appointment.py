from datetime import date

import pytest

from support import FakeDatabase, application, appointment, ask

PATIENT = "4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11"


def test_create_for_a_known_patient():
    answer = ask(application(FakeDatabase([(1,)])), "POST", "/fhir/Appointment", appointment(PATIENT))
    assert answer.status == 201
    assert answer.body["participant"][0]["actor"]["reference"] == "Patient/" + PATIENT


def test_create_for_an_unknown_patient_is_refused():
    answer = ask(application(FakeDatabase([])), "POST", "/fhir/Appointment", appointment(PATIENT))
    assert answer.status == 422


@pytest.mark.parametrize(
    "changes, element",
    [
        ({"status": "maybe"}, "Appointment.status"),
        ({"end": "2026-03-01T08:00:00Z"}, "Appointment.end"),
        ({"end": "2026-03-01T09:00:00Z"}, "Appointment.end"),
        ({"start": "2026-03-01 09:00"}, "Appointment.start"),
        ({"start": "2026-03-01T09:00:00"}, "Appointment.start"),
        ({"start": "2026-02-30T09:00:00Z"}, "Appointment.start"),
        ({"participant": []}, "Appointment.participant"),
        ({"participant": [{"actor": {"reference": "Location/1"}, "status": "accepted"}]}, "Appointment.participant"),
        (
            {"participant": [{"actor": {"reference": "Device/1"}, "status": "accepted"}]},
            "Appointment.participant.actor.reference",
        ),
        ({"participant": [{"actor": {"reference": "Patient/1"}, "status": "accepted"}]}, "Appointment.participant.actor.reference"),
        ({"description": ""}, "Appointment.description"),
        ({"priority": 1}, "Appointment"),
    ],
)
def test_a_wrong_element_is_named(changes, element):
    answer = ask(application(FakeDatabase([(1,)])), "POST", "/fhir/Appointment", appointment(PATIENT, **changes))
    assert answer.status == 422
    assert answer.body["issue"][0]["expression"] == [element]


def test_a_booked_appointment_needs_a_time_and_a_proposed_one_does_not():
    without = {name: value for name, value in appointment(PATIENT).items() if name not in {"start", "end"}}
    assert ask(application(FakeDatabase([(1,)])), "POST", "/fhir/Appointment", without).status == 422
    proposed = {**without, "status": "proposed"}
    assert ask(application(FakeDatabase([(1,)])), "POST", "/fhir/Appointment", proposed).status == 201


@pytest.mark.parametrize(
    "value, days",
    [
        ("2026-03-01", (date(2026, 3, 1), date(2026, 3, 2))),
        ("ge2026-03-01", (date(2026, 3, 1),)),
        ("gt2026-03-01", (date(2026, 3, 2),)),
        ("le2026-03-01", (date(2026, 3, 2),)),
        ("lt2026-03-01", (date(2026, 3, 1),)),
    ],
)
def test_search_by_day(value, days):
    database = FakeDatabase([(0,)])
    assert ask(application(database), "GET", "/fhir/Appointment?date=" + value).status == 200
    assert database.cursor.statements[0][1] == days


@pytest.mark.parametrize("query", ["date=2026-13-01", "date=soon", "status=maybe", "patient=1", "date=gt9999-12-31"])
def test_a_wrong_search_is_refused(query):
    assert ask(application(FakeDatabase([(0,)])), "GET", "/fhir/Appointment?" + query).status == 400
