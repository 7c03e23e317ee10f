import Foundation

/// A small organisation in a folder of its own: people and their keys, a trust file, a policy, a
/// repository with a signed commit, and a ledger. The folder goes when the value is released.
public final class Ward: Sendable {
  private let folder: TemporaryFolder
  /// The path of the built command.
  public let command: String

  /// The folder.
  public var path: String { folder.path }
  /// The repository, whose `HEAD` is signed by ana.
  public var repository: String { folder.file("repository") }
  /// The ledger, once `makeLedger` was called.
  public var ledger: String { folder.file("ledger") }
  /// The trust file.
  public var trust: String { folder.file("trust.yaml") }

  /// Makes people, files and the repository; no ledger yet.
  ///
  /// - Parameter pipeline: the repository's `pratique.yaml`.
  public init(pipeline: String = WardFiles.pipeline) async throws {
    folder = try TemporaryFolder()
    command = try Repository.command()
    for name in ["keys", "output", "marks"] { try makeFolder(name) }
    for person in ["ana", "ben"] {
      try await program("ssh-keygen").check(
        ["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", key(person)])
    }
    try write("trust.yaml", WardFiles.trust)
    try write("policy.yaml", WardFiles.policy)
    try write("catalog.yaml", WardFiles.catalog)
    try await makeRepository(pipeline)
  }

  deinit { for process in leftovers() { Ward.end(process) } }

  /// Makes a repository with one commit, signed by ana.
  public func makeRepository(
    _ pipeline: String, named name: String = "repository"
  ) async throws {
    try makeFolder(name)
    try write("\(name)/pratique.yaml", pipeline)
    var git = program("git")
    git.directory = file(name)
    try await git.check(["init", "-q", "-b", "main", "."])
    try await commit("Begin", in: name)
  }

  /// Commits all that lies in a repository, signed by ana.
  public func commit(_ message: String, in name: String = "repository") async throws {
    var git = program("git")
    git.directory = file(name)
    try await git.check(["add", "--all"])
    try await git.check([
      "-c", "user.name=Ana Ward", "-c", "user.email=ana@ward.example", "-c", "gpg.format=ssh",
      "-c", "user.signingkey=\(key("ana"))", "commit", "-q", "-S", "-m", message,
    ])
  }

  /// Makes the ledger.
  public func makeLedger() async throws {
    try await pratique().check(["ledger", "init", "--trust", trust, "--ledger", ledger])
  }

  /// Copies the ledger to a place where nothing was; what keeps it stays the same.
  public func copyLedger(_ name: String) throws -> String {
    try FileManager.default.copyItem(atPath: ledger, toPath: file(name))
    // A copy of the folder has the modes of the original.
    return file(name)
  }

  /// The command, which sees the folder for marks.
  public func pratique(marks: String = "marks") -> Program {
    var program = program(command)
    program.environment["MARKS"] = file(marks)
    return program
  }

  /// A program that runs in the folder.
  public func program(_ name: String) -> Program {
    Program(name, directory: path, outputIn: file("output"))
  }

  /// A path in the folder.
  public func file(_ name: String) -> String { folder.file(name) }

  /// The private key of a person.
  public func key(_ person: String) -> String { file("keys/\(person)") }

  /// Writes a file of the folder.
  public func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
  }

  /// Makes a folder of the folder.
  public func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
  }

  /// How often a step came to its end, as it says itself.
  public func marks(_ step: String, in folder: String = "marks") -> Int {
    let data = FileManager.default.contents(atPath: file("\(folder)/\(step)")) ?? Data()
    return data.filter { $0 == 0x0a }.count
  }

  /// Living processes that any run in this folder left.
  public func leftovers() -> [String] { RunningProcesses.carrying(path) }

  private static func end(_ process: String) {
    if let number = pid_t(process.prefix { $0 != " " }), number > 1 { kill(number, SIGKILL) }
  }
}
