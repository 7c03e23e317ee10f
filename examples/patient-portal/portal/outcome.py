"""Errors as FHIR says them: an OperationOutcome with a code, a sentence, and the element that is wrong."""


class Problem(Exception):
    """What the caller did wrong, or what cannot be done now. `text` never repeats what was sent."""

    def __init__(self, status: int, code: str, text: str, element: str | None = None, headers: dict | None = None):
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.element = element
        self.headers = headers or {}

    def outcome(self) -> dict:
        issue = {"severity": "error", "code": self.code, "diagnostics": self.text}
        if self.element:
            issue["expression"] = [self.element]
        return {"resourceType": "OperationOutcome", "issue": [issue]}


def invalid(element: str, text: str) -> Problem:
    return Problem(422, "invalid", f"{element} {text}", element)


def not_found(kind: str) -> Problem:
    return Problem(404, "not-found", f"there is no such {kind}")


def bad_search(name: str, text: str) -> Problem:
    return Problem(400, "invalid", f"search parameter {name} {text}")
