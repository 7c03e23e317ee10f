import Foundation
import Model
import TestKit
import Testing

@testable import Scanners

@Suite("What runs another maker's tool")
struct DescriptionTests {
  /// A value for each parameter of a tool.
  private func request(_ tool: ScannerTool, _ folder: TemporaryFolder) -> ToolRequest {
    var request = ToolRequest(
      source: folder.path, folder: folder.path, image: "/layout", feed: nil,
      services: ["WEB_HOST": "127.0.0.1", "WEB_PORT": "4711"])
    for parameter in tool.parameters {
      switch parameter.form {
      case .path: request.texts[parameter.name] = "deploy/a.yaml"
      case .target: request.texts[parameter.name] = "http://${WEB_HOST}:${WEB_PORT}/"
      case .name: request.texts[parameter.name] = "house"
      case .server: request.texts[parameter.name] = "https://sonar.example:9000"
      case .choice(let words): request.texts[parameter.name] = words[0]
      case .integer(let range): request.numbers[parameter.name] = range.lowerBound
      }
    }
    return request
  }

  @Test(
    "no tool is told to end well whatever it finds, and none takes an argument of the pipeline's")
  func arguments() throws {
    let folder = try TemporaryFolder()
    let hiding = [
      "--exit-zero", "--soft-fail", "--no-fail", "--ignore-unfixed", "--skip-dirs", "--skip-files",
      "--skip-check", "--skip-path", "--ignore-checks", "--exclude", "--exclude-rule",
      "--severity", "--baseline", "--policy-path", "--skip-rule", "--exclude-checks",
    ]
    for tool in ScannerTool.all {
      let request = request(tool, folder)
      try request.check(tool.parameters)
      let plan = try tool.plan(request)
      for argument in plan.arguments {
        #expect(
          !hiding.contains { argument == $0 || argument.hasPrefix("\($0)=") },
          "\(tool.action): \(argument)")
      }
      #expect(tool.endings[0] != nil && !tool.endings.keys.contains(127), "\(tool.action)")
      #expect(tool.installation.hasSuffix("."), "\(tool.action)")
      let names = tool.parameters.map(\.name)
      #expect(Set(names).count == names.count)
    }
    #expect(Set(ScannerTool.all.map(\.action)).count == ScannerTool.all.count)
  }

  @Test("tools stay on this machine: the flags that say so are there")
  func offline() throws {
    let folder = try TemporaryFolder()
    let flags: [String: [String]] = [
      "trivy/image": ["--offline-scan", "--skip-db-update", "--skip-java-db-update"],
      "trivy/sbom": ["--offline-scan", "--skip-db-update"],
      "trivy/config": ["--skip-check-update", "--skip-version-check"],
      "semgrep/scan": ["--metrics=off", "--disable-version-check", "--disable-nosem"],
      "checkov/check": ["--skip-download"], "hadolint/check": ["--disable-ignore-pragma"],
      "cfn-lint/check": ["--mandatory-checks"], "wapiti/scan": ["--no-bugreport"],
      "zap/scan": ["-silent"],
    ]
    for tool in ScannerTool.all {
      let plan = try tool.plan(request(tool, folder))
      for flag in flags[tool.action] ?? [] {
        #expect(plan.arguments.contains(flag), "\(tool.action) lacks \(flag)")
      }
    }
  }

  @Test("a path that leaves the commit, an option as a name and another machine are refused")
  func values() throws {
    for path in ["../x", "/etc", "a/../b", "", "-o", "a//b", "./a", "a/."] {
      let request = ToolRequest(source: "/s", folder: "/f", texts: ["file": path])
      #expect(throws: Problem.self, "\(path)") {
        try request.check(ScannerTool.hadolint.parameters)
      }
    }
    for target in [
      "http://example.org/", "https://127.0.0.1/", "http://127.0.0.1@example.org/",
      "http://127.0.0.1.example.org/", "http://127.0.0.1:99999/", "http://127.1/",
      "http://${NOSUCH}:80/", "http://${PORT", "ftp://127.0.0.1/", "http://localhost.example/",
      "http://127.0.0.1:80\\@example.org/", "http://",
    ] {
      #expect(throws: Problem.self, "\(target)") {
        try LoopbackTarget(target, services: ["PORT": "80", "EVIL": "example.org"])
      }
    }
    #expect(throws: Problem.self) {
      try LoopbackTarget("http://${EVIL}/", services: ["EVIL": "example.org"])
    }
    for target in ["http://127.0.0.1:${PORT}/a?b=c", "http://localhost/", "http://[::1]:8080/"] {
      _ = try LoopbackTarget(target, services: ["PORT": "80"])
    }
    for server in ["sonar.example", "https://a/b", "https://a b", "https://u@a", "file:///x"] {
      let request = ToolRequest(source: "/s", folder: "/f", texts: ["server": server])
      #expect(throws: Problem.self, "\(server)") { try request.check(ScannerTool.sonar.parameters) }
    }
  }

  @Test("versions as the tools say them")
  func versions() {
    let said = [
      "Haskell Dockerfile Linter 2.15.1": "2.15.1", "Version: 0.76.0\nVulnerability DB:": "0.76.0",
      "cfn-lint 1.58.0": "1.58.0", "schemathesis, version 4.32.5": "4.32.5",
      "OpenSCAP command line tool (oscap) 1.3.7\nCopyright 2009": "1.3.7",
      "[*] Be careful\nWapiti 3.0.4": "3.0.4", "1.182.0\n": "1.182.0", "tool v1.2": "1.2",
    ]
    for (text, version) in said { #expect(ToolRun.version(in: text) == version) }
    for text in ["", "usage: tool", "no version here", "12"] {
      #expect(ToolRun.version(in: text) == nil)
    }
  }

  @Test(
    "what lies in the repository hides nothing: settings go, words lose their meaning, lines stay")
  func preparation() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("deep/er"), withIntermediateDirectories: true)
    let text = "one\n#trivy:ignore:AVD-1\n# tfsec:ignore:x trivy:ignore:y\n"
    try text.write(toFile: folder.file("deep/main.tf"), atomically: true, encoding: .utf8)
    for name in [".semgrepignore", "deep/er/.semgrepignore"] {
      try "tests/".write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }
    let done = try SourcePreparation.prepare(
      [.remove([".semgrepignore"]), .empty(".semgrepignore"), .plantSecret]
        + [.disarm(["trivy:ignore", "tfsec:ignore"])], root: folder.path, part: folder.path)
    let left = try String(contentsOfFile: folder.file("deep/main.tf"), encoding: .utf8)
    #expect(left == "one\n#trivy:ignor_:AVD-1\n# tfsec:ignor_:x trivy:ignor_:y\n")
    #expect(done.notes.count == 3 && done.notes.contains { $0.contains("3 times") })
    #expect(!FileManager.default.fileExists(atPath: folder.file("deep/er/.semgrepignore")))
    #expect(FileManager.default.contents(atPath: folder.file(".semgrepignore")) == Data())
    let planted = try #require(done.planted)
    let secret = try String(contentsOfFile: folder.file(planted), encoding: .utf8)
    #expect(secret.count == "aws_access_key_id = \"\"\n".count + 20)
  }

  @Test("the digest of rules changes with a byte, a name and a file")
  func rules() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("r"), withIntermediateDirectories: true)
    #expect(try RuleSet.digest(ofPath: folder.file("r")) == nil)
    #expect(try RuleSet.digest(ofPath: folder.file("none")) == nil)
    var seen: Set<Digest> = []
    for (name, text) in [("a", "1"), ("a", "2"), ("b", "2")] {
      try text.write(toFile: folder.file("r/\(name)"), atomically: true, encoding: .utf8)
      seen.insert(try #require(try RuleSet.digest(ofPath: folder.file("r"))))
    }
    #expect(seen.count == 3)
  }
}
