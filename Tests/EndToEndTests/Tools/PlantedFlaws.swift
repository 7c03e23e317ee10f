import TestKit

/// Small files with a flaw, and the same without it.
enum PlantedFlaws {
  /// Lays all of them into a ward's repository, below `bad` and `good`.
  static func lay(in ward: Ward) throws {
    for name in ["bad", "good", "bad/etc", "good/etc", "bad/tests", "rules", "service"] {
      try ward.makeFolder("repository/\(name)")
    }
    for (name, text) in files { try ward.write("repository/\(name)", text) }
    // In parts, so that nobody takes this file for a leak.
    try ward.write(
      "repository/bad/tests/settings.py", "aws_access_key_id = \"AK" + "IAZ2X4C6V3B5N7M2Q4\"\n")
  }

  private static let bucket = """
    AWSTemplateFormatVersion: "2010-09-09"
    Resources:
      Bucket:
        Type: AWS::S3::Bucket

    """

  /// What lies in the repository; each `bad` file asks its tool to look away.
  private static let files = [
    "bad/Containerfile": """
    # hadolint ignore=DL3004
    FROM scratch
    # hadolint ignore=DL3004
    RUN sudo true

    """,
    "good/Containerfile": "FROM scratch\nUSER 10001\n",
    ".hadolint.yaml": "ignored: [DL3004]\n",
    "bad/template.yaml": """
    AWSTemplateFormatVersion: "2010-09-09"
    Metadata: {cfn-lint: {config: {ignore_checks: [E3002]}}}
    Resources:
      Bucket: {Type: AWS::S3::Bucket, Properties: {NoSuchThing: true}}

    """,
    "good/template.yaml": bucket,
    "bad/code.py": """
    import subprocess
    def ask(text):
        subprocess.run(text, shell=True)  # nosemgrep

    """,
    "good/code.py": "import subprocess\ndef ask(text):\n    subprocess.run([\"true\"])\n",
    ".semgrepignore": "bad/\n",
    "rules/shell.yaml": """
    rules:
      - id: shell-true
        languages: [python]
        severity: ERROR
        message: a shell is given text
        metadata: {cwe: "CWE-78: OS command injection"}
        pattern: subprocess.run(..., shell=True, ...)

    """,
    "bad/main.tf": """
    #trivy:ignore:AWS-0107
    resource "aws_security_group" "door" {
      description = "everybody"
      ingress {
        description = "everybody"
        from_port   = 22
        to_port     = 22
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    """,
    "good/main.tf": """
    resource "aws_security_group" "door" {
      description = "one ward"
      ingress {
        description = "one ward"
        from_port   = 22
        to_port     = 22
        protocol    = "tcp"
        cidr_blocks = ["10.1.2.0/24"]
      }
    }

    """,
    "bad/etc/issue.net": "Welcome\n", "good/etc/issue.net": "Authorised use only\n",
    "rules/benchmark.xml": """
    <?xml version="1.0" encoding="UTF-8"?>
    <Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="xccdf_ward.example_benchmark_small"
        resolved="1" xml:lang="en">
      <status date="2026-05-01">accepted</status>
      <title>Small</title>
      <version time="2026-05-01T00:00:00Z">1</version>
      <Profile id="xccdf_ward.example_profile_all">
        <title>All</title>
        <select idref="xccdf_ward.example_rule_banner" selected="true"/>
      </Profile>
      <Rule id="xccdf_ward.example_rule_banner" selected="true" severity="medium">
        <title>The banner is there</title>
        <check system="http://oval.mitre.org/XMLSchema/oval-definitions-5">
          <check-content-ref href="oval.xml" name="oval:ward.example:def:1"/>
        </check>
      </Rule>
    </Benchmark>

    """,
    "rules/oval.xml": """
    <?xml version="1.0" encoding="UTF-8"?>
    <oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"
        xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5"
        xmlns:ind="http://oval.mitre.org/XMLSchema/oval-definitions-5#independent">
      <generator>
        <oval:schema_version>5.11.1</oval:schema_version>
        <oval:timestamp>2026-05-01T00:00:00</oval:timestamp>
      </generator>
      <definitions>
        <definition class="compliance" id="oval:ward.example:def:1" version="1">
          <metadata><title>banner</title><description>banner</description></metadata>
          <criteria><criterion test_ref="oval:ward.example:tst:1"/></criteria>
        </definition>
      </definitions>
      <tests>
        <ind:textfilecontent54_test id="oval:ward.example:tst:1" version="1" check="all"
            check_existence="at_least_one_exists" comment="banner">
          <ind:object object_ref="oval:ward.example:obj:1"/>
        </ind:textfilecontent54_test>
      </tests>
      <objects>
        <ind:textfilecontent54_object id="oval:ward.example:obj:1" version="1">
          <ind:filepath>/etc/issue.net</ind:filepath>
          <ind:pattern operation="pattern match">^Authorised use only$</ind:pattern>
          <ind:instance datatype="int">1</ind:instance>
        </ind:textfilecontent54_object>
      </objects>
    </oval_definitions>

    """,
    "service/description.json": """
    {"openapi": "3.0.3", "info": {"title": "items", "version": "1"}, "paths": {"/items": {"get": {
      "parameters": [{"name": "n", "in": "query", "required": true,
        "schema": {"type": "integer", "minimum": 0, "maximum": 1000}}],
      "responses": {
        "200": {"description": "one", "content": {"application/json": {"schema": {
          "type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}}}},
        "400": {"description": "bad", "content": {"application/json": {"schema":
          {"type": "object"}}}}}}}}}

    """,
    "service/serve.py": serve,
  ]

  /// `serve.py PORT bad|good`: shows what it is given as it is, or escaped; breaks on a number that is
  /// none, or says so.
  private static let serve = """
    import html, json, sys
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from urllib.parse import parse_qs, urlparse

    BAD = sys.argv[2] == "bad"


    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            place = urlparse(self.path)
            asked = parse_qs(place.query, keep_blank_values=True)
            if place.path == "/":
                name = asked.get("name", [""])[0]
                shown = name if BAD else html.escape(name)
                self.answer(200, f"<html><body><a href='/?name=x'>x</a><p>{shown}</p></body></html>")
            elif place.path == "/items":
                given = asked.get("n", [])
                good = len(given) == 1 and given[0].isascii() and given[0].isdigit() and int(given[0]) <= 1000
                if good:
                    self.answer(200, json.dumps({"n": int(given[0])}), "application/json")
                elif BAD:
                    self.answer(500, "broken")
                else:
                    self.answer(400, json.dumps({"error": "n"}), "application/json")
            else:
                self.answer(404, "no")

        def refuse(self):
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            self.answer(405, json.dumps({"error": "method"}), "application/json", {"Allow": "GET"})

        do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_QUERY = refuse

        def answer(self, code, text, kind="text/html; charset=utf-8", more={}):
            data = text.encode()
            self.send_response(code)
            headers = {"Content-Type": kind, "Content-Length": str(len(data)), **more}
            if not BAD:
                headers |= {
                    "Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY",
                    "X-Content-Type-Options": "nosniff", "X-XSS-Protection": "1; mode=block",
                    "Strict-Transport-Security": "max-age=1",
                }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)


    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

    """
}
