"""A test that says too much: what it prints and what it is called ends up in logs and reports."""

import pytest

# Put together here, so that the number shows only where it is printed.
NUMBER = "00" + str(48_29_17)


@pytest.mark.parametrize("patient", [f"MRN: {NUMBER}"])
def test_a_patient_is_told_by_number(patient, capsys):
    with capsys.disabled():
        print(f"\ncomparing with patient {patient}")
    assert patient
