import Foundation

/// Runs programs to their end.
public struct Program: Sendable {
  /// What a program did.
  public struct Result: Sendable {
    /// How it ended.
    public let ending: Spawned.Ending
    /// Its standard output.
    public let output: String
    /// Its standard error.
    public let errorOutput: String

    /// The exit code; `nil` when a signal ended it.
    public var exitCode: Int32? { if case .exited(let code) = ending { code } else { nil } }
  }

  /// Something that a fixture needs did not work.
  public struct Failure: Error, CustomStringConvertible {
    /// What was run, and what it said.
    public let description: String
  }

  /// Name or path.
  public let name: String
  /// The variables that it sees.
  public var environment: [String: String]
  /// Where it runs.
  public var directory: String
  /// Where its output is kept.
  public var outputFolder: String

  /// A program that sees `PATH`, a home of its own, and nothing else.
  public init(_ name: String, directory: String, outputIn folder: String) {
    self.name = name
    self.directory = directory
    outputFolder = folder
    environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
      "LANG": "C.UTF-8",
    ]
  }

  /// Starts it.
  public func start(_ arguments: [String]) throws -> Spawned {
    try Spawned(
      name, arguments, environment: environment, directory: directory, outputIn: outputFolder)
  }

  /// Runs it to its end.
  public func run(_ arguments: [String]) async throws -> Result {
    let spawned = try start(arguments)
    let ending = try await spawned.ending()
    return Result(ending: ending, output: spawned.output, errorOutput: spawned.errorOutput)
  }

  /// Runs it, and throws when it does not end with exit code 0.
  @discardableResult
  public func check(_ arguments: [String]) async throws -> String {
    let result = try await run(arguments)
    guard result.ending == .exited(0) else {
      throw Failure(
        description: "\(name) \(arguments.joined(separator: " ")): \(result.ending)\n"
          + result.errorOutput)
    }
    return result.output
  }
}

extension Repository {
  /// The built command, which lies beside the tests; it is never built here.
  public static func command() throws -> String {
    let tests = URL(fileURLWithPath: CommandLine.arguments.first ?? "").standardizedFileURL
    var folder = tests.deletingLastPathComponent()
    for _ in 0..<5 {
      let candidate = folder.appending(path: "pratique").path
      if FileManager.default.isExecutableFile(atPath: candidate), !isFolder(candidate) {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    throw Program.Failure(description: "the command was not built beside \(tests.path)")
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = ObjCBool(false)
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
