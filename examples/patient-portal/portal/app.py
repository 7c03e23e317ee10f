"""From a request to an answer, without a socket: routes, the token, the limits, the headers."""

import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from portal.config import Config
from portal.database import Unavailable
from portal.outcome import Problem, bad_search
from portal.validation import read_json

FHIR_JSON = "application/fhir+json; charset=utf-8"
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


@dataclass
class Answer:
    status: int
    body: dict
    route: str  # what a log may say of the address: never the address itself, which may name a patient
    headers: dict[str, str] = field(default_factory=dict)


class Application:
    def __init__(self, config: Config, database, patients, appointments):
        self._config = config
        self._database = database
        self._resources = {"Patient": patients, "Appointment": appointments}
        self.draining = False

    def answer(self, request: Request) -> Answer:
        route = "unknown"
        try:
            address = urlsplit(request.target)
            parts = address.path.split("/")[1:]
            if len(parts) == 1 and parts[0] in {"healthz", "readyz"}:
                route = "/" + parts[0]
                answer = self._health(request.method, route)
            elif parts[0] == "fhir":
                route = self._route(parts)
                self._check_token(request)
                answer = self._fhir(request, route, parts, address.query)
            else:
                raise Problem(404, "not-found", "there is nothing at this address")
        except Problem as problem:
            answer = Answer(problem.status, problem.outcome(), route, dict(problem.headers))
        except Unavailable:
            problem = Problem(503, "transient", "the database cannot be used now; try again")
            answer = Answer(503, problem.outcome(), route, {"Retry-After": "1"})
        except ValueError:  # from urlsplit
            answer = Answer(400, Problem(400, "invalid", "the address cannot be read").outcome(), route)
        return self.finished(answer)

    def finished(self, answer: Answer) -> Answer:
        """The answer with the headers that every answer has."""
        kind = FHIR_JSON if "resourceType" in answer.body else "application/json"
        fixed = {"Content-Type": kind, "X-Portal-Version": self._config.version}
        answer.headers = {**SECURITY_HEADERS, **fixed, **answer.headers}
        return answer

    def _health(self, method: str, route: str) -> Answer:
        if method not in {"GET", "HEAD"}:
            raise Problem(405, "not-supported", "this address takes GET", headers={"Allow": "GET, HEAD"})
        if route == "/healthz":
            config = self._config
            return Answer(200, {"status": "alive", "version": config.version, "environment": config.environment}, route)
        reason = "draining" if self.draining else self._database.ready()
        if reason:
            return Answer(503, {"status": "not ready", "reason": reason}, route)
        return Answer(200, {"status": "ready", "version": self._config.version}, route)

    def _route(self, parts: list[str]) -> str:
        if len(parts) in {2, 3} and parts[1] in self._resources:
            return f"/fhir/{parts[1]}" + ("/{id}" if len(parts) == 3 else "")
        return "/fhir/unknown"

    def _check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self._config.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Problem(401, "login", "a valid bearer token is needed", headers={"WWW-Authenticate": "Bearer"})

    def _fhir(self, request: Request, route: str, parts: list[str], query: str) -> Answer:
        if route == "/fhir/unknown":
            raise Problem(404, "not-supported", "this server keeps Patient and Appointment")
        resource = self._resources[parts[1]]
        if len(parts) == 3:
            if request.method not in {"GET", "HEAD"}:
                raise Problem(405, "not-supported", "a resource can be read", headers={"Allow": "GET, HEAD"})
            return Answer(200, resource.read(parts[2]), route, {"ETag": 'W/"1"'})
        if request.method in {"GET", "HEAD"}:
            return Answer(200, resource.search(self._parameters(query, resource.search_parameters)), route)
        if request.method == "POST":
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in {"application/fhir+json", "application/json"}:
                raise Problem(415, "not-supported", "the body must be application/fhir+json")
            created = resource.create(read_json(request.body))
            return Answer(201, created, route, {"Location": f"/fhir/{parts[1]}/{created['id']}", "ETag": 'W/"1"'})
        raise Problem(405, "not-supported", "this address takes GET and POST", headers={"Allow": "GET, HEAD, POST"})

    @staticmethod
    def _parameters(query: str, known: set[str]) -> dict[str, str]:
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=20)
        except ValueError:
            raise Problem(400, "invalid", "the search cannot be read") from None
        parameters: dict[str, str] = {}
        for name, value in pairs:
            if name not in known:
                raise Problem(400, "not-supported", "this search knows " + ", ".join(sorted(known)))
            if name in parameters:
                raise bad_search(name, "is given twice")
            if not value or len(value) > 200 or "\x00" in value:
                raise bad_search(name, "must have 1 to 200 characters")
            parameters[name] = value
        return parameters
