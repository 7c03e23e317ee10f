"""HTTP/1.1 with keep-alive on a thread a connection, and an orderly end: nothing that was begun is broken off."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from portal import logs
from portal.app import Answer, Application, Request
from portal.config import Config
from portal.outcome import Problem

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request, client_address):
        # A caller that hangs up is not an event; the default would print its address and a stack.
        pass


class Portal:
    def __init__(self, config: Config, app: Application, host: str = "0.0.0.0"):
        self._config = config
        self._app = app
        self._busy = 0
        self._idle = threading.Condition()
        self._server = _Server((host, config.port), self._handler())

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def serve(self) -> None:
        """Returns when the drain is over and every request that was begun has its answer."""
        config = self._config
        logs.write("info", "started", port=self.port, version=config.version, environment=config.environment)
        self._server.serve_forever(poll_interval=0.1)
        deadline = time.monotonic() + 10
        with self._idle:
            while self._busy and time.monotonic() < deadline:
                self._idle.wait(0.1)
            left = self._busy
        self._server.server_close()
        logs.write("info" if left == 0 else "error", "stopped", unanswered=left)

    def begin_drain(self) -> None:
        """Says "not ready" at once, goes on answering for a while so that callers can turn away, then ends."""
        if self._app.draining:
            return
        self._app.draining = True

        def end() -> None:
            logs.write("info", "draining", seconds=self._config.drain_seconds)
            time.sleep(self._config.drain_seconds)
            self._server.shutdown()

        threading.Thread(target=end, name="drain", daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app, config, portal = self._app, self._config, self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 64 * 1024  # an answer leaves in one piece
            timeout = 30

            def setup(self):
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def handle_request(self):
                began = time.monotonic()
                with portal._idle:
                    portal._busy += 1
                try:
                    try:
                        answer = app.answer(self._request())
                    except Problem as problem:
                        self.close_connection = True  # the body was not read: what follows is not a request
                        answer = app.finished(Answer(problem.status, problem.outcome(), "unread"))
                    except Exception as error:  # the last resort: the caller learns no more than that it failed
                        self.close_connection = True
                        logs.write("error", "fault", **{"error.type": type(error).__name__})
                        outcome = Problem(500, "exception", "the server failed").outcome()
                        answer = app.finished(Answer(500, outcome, "failed"))
                    self._send(answer, began)
                finally:
                    with portal._idle:
                        portal._busy -= 1
                        portal._idle.notify_all()

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request

            def _request(self) -> Request:
                headers = {name.lower(): value for name, value in self.headers.items()}
                if "transfer-encoding" in headers:
                    raise Problem(411, "not-supported", "the body needs a Content-Length")
                lengths = self.headers.get_all("content-length", ["0"])
                if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) < 16):
                    raise Problem(400, "invalid", "Content-Length must be one number")
                length = int(lengths[0])
                if length > config.body_limit:
                    raise Problem(413, "too-long", f"the body may have at most {config.body_limit} bytes")
                try:
                    body = self.rfile.read(length) if length else b""
                except TimeoutError:
                    raise Problem(408, "timeout", "the body did not come in time") from None
                if len(body) != length:
                    raise Problem(400, "incomplete", "the body ended early")
                return Request(self.command, self.path, headers, body)

            def _send(self, answer: Answer, began: float) -> None:
                body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
                if app.draining:
                    self.close_connection = True
                self.send_response_only(answer.status)
                self.send_header("Date", self.date_time_string())
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                if self.close_connection:
                    self.send_header("Connection", "close")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)
                self.wfile.flush()
                if answer.route not in {"/healthz", "/readyz"} or answer.status != 200:
                    logs.write(
                        "info" if answer.status < 500 else "error",
                        "answered",
                        **{
                            "http.request.method": self.command if self.command in METHODS else "other",
                            "url.route": answer.route,
                            "http.response.status_code": answer.status,
                            "event.duration_ms": round((time.monotonic() - began) * 1000, 1),
                        },
                    )

            def send_error(self, code, message=None, explain=None):
                """What the standard library refuses before a request is whole."""
                self.close_connection = True
                self.command = getattr(self, "command", None) or "GET"
                self.request_version = self.protocol_version  # it may not have come as far as one
                outcome = Problem(code, "invalid", "the request cannot be read").outcome()
                self._send(app.finished(Answer(code, outcome, "unread")), time.monotonic())

            def log_message(self, *_):
                pass

        return Handler
