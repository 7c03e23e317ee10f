import pytest

from support import FakeDatabase, application, ask, patient


def test_create_answers_with_the_resource_its_place_and_its_version():
    answer = ask(application(), "POST", "/fhir/Patient", patient())
    assert answer.status == 201
    assert answer.headers["Location"] == "/fhir/Patient/" + answer.body["id"]
    assert answer.body["meta"]["versionId"] == "1"
    assert answer.body["name"] == patient()["name"]


def test_create_keeps_the_family_name_and_the_birth_date_where_searches_look():
    database = FakeDatabase()
    ask(application(database), "POST", "/fhir/Patient", patient())
    sql, values = database.cursor.statements[0]
    assert sql.startswith("INSERT INTO patient")
    assert values[1:3] == ("Exemplar", "1990-02-01")


def test_read_answers_with_what_is_kept():
    kept = {**patient(), "id": "4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11"}
    answer = ask(application(FakeDatabase([(kept,)])), "GET", "/fhir/Patient/" + kept["id"])
    assert (answer.status, answer.body) == (200, kept)


@pytest.mark.parametrize("identity", ["4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11", "4F9A", "", "..", "1 OR 1"])
def test_read_of_an_unknown_id_is_not_found(identity):
    answer = ask(application(), "GET", "/fhir/Patient/" + identity.replace(" ", "%20"))
    assert answer.status == 404
    assert answer.body["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "changes, element",
    [
        ({"name": []}, "Patient.name"),
        ({"name": None}, "Patient.name"),
        ({"name": [{"given": ["Ada"]}]}, "Patient.name.family"),
        ({"name": [{"family": " "}]}, "Patient.name.family"),
        ({"name": [{"family": "x" * 201}]}, "Patient.name.family"),
        ({"name": [{"family": "Exem\u0000plar"}]}, "Patient.name.family"),
        ({"name": [{"family": "\ud800"}]}, "Patient.name.family"),
        ({"name": [{"family": "Exemplar", "prefix": ["Dr"]}]}, "Patient.name"),
        ({"gender": "F"}, "Patient.gender"),
        ({"gender": ["female"]}, "Patient.gender"),
        ({"birthDate": "1990-02-30"}, "Patient.birthDate"),
        ({"birthDate": "01.02.1990"}, "Patient.birthDate"),
        ({"birthDate": 1990}, "Patient.birthDate"),
        ({"active": "yes"}, "Patient.active"),
        ({"identifier": [{"system": "urn:example:mrn"}]}, "Patient.identifier.value"),
        ({"identifier": "EX-1"}, "Patient.identifier"),
        ({"telecom": [{"system": "pigeon", "value": "x"}]}, "Patient.telecom.system"),
        ({"resourceType": "Person"}, "Patient.resourceType"),
        ({"id": "mine"}, "Patient"),
    ],
)
def test_a_wrong_element_is_named_and_nothing_is_stored(changes, element):
    database = FakeDatabase()
    answer = ask(application(database), "POST", "/fhir/Patient", patient(**changes))
    assert answer.status == 422
    assert answer.body["issue"][0]["expression"] == [element]
    assert database.cursor.statements == []


@pytest.mark.parametrize("date", ["1990", "1990-02", "1990-02-28"])
def test_dates_may_be_partial(date):
    assert ask(application(), "POST", "/fhir/Patient", patient(birthDate=date)).status == 201


def test_search_answers_with_a_bundle_and_the_next_page():
    kept = {**patient(), "id": "4f9a1f66-2c55-4b0f-8f57-6a5fbb7a9d11"}
    answer = ask(application(FakeDatabase([(3,), (kept,)])), "GET", "/fhir/Patient?family=exe&_count=1")
    assert answer.body["total"] == 3
    assert [entry["resource"] for entry in answer.body["entry"]] == [kept]
    assert answer.body["link"][1] == {"relation": "next", "url": "/fhir/Patient?family=exe&_count=1&_offset=1"}


def test_a_pattern_in_a_search_means_itself():
    database = FakeDatabase([(0,)])
    ask(application(database), "GET", "/fhir/Patient?family=50%25_%5C")
    assert database.cursor.statements[0][1] == ("50\\%\\_\\\\%",)


@pytest.mark.parametrize(
    "query",
    ["birthdate=tomorrow", "_count=0", "_count=201", "_count=x", "_offset=-1", "name=x", "family=", "family=a&family=b", "%"],
)
def test_a_wrong_search_is_refused(query):
    assert ask(application(FakeDatabase([(0,)])), "GET", "/fhir/Patient?" + query).status == 400
