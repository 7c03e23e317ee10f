import Attestation
import Blobs
import Foundation
public import Ledger
import Model

/// A witness's folder: its key, the logs that it knows, and what it cosigned last of each
/// (`docs/formats/witness-folder.md`).
public struct WitnessFolder: Sendable {
  /// The folder.
  public let path: String
  /// The key that verifies its cosignatures; to be published.
  public let key: NoteKey
  /// The logs that it knows.
  public let logs: [WitnessedLog]
  let store: FolderWitnessStore

  /// Where a user's witness lies unless another folder is named.
  public static func defaultPath(environment: [String: String]) -> String {
    let data =
      environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? "\(environment["HOME"] ?? NSHomeDirectory())/.local/share"
    return "\(data)/pratique/witness"
  }

  /// Makes a witness with a new key, that knows no log yet. It is there whole or not at all.
  ///
  /// - Throws: `Problem` with `badInput` when there is something already, or for a name that a note
  ///   cannot carry.
  public static func create(at path: String, name: String) throws -> WitnessFolder {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.badInput, "there is something already", at: path)
    }
    let secret = PrivateKey.generate()
    let key = try NoteKey(cosigner: name, publicKey: secret.publicKey)
    let parent = PathText.parent(of: path)
    let part = "\(path).\(UUID().uuidString).part"
    try DurableFolder.make(parent, mode: 0o755)
    try DurableFolder.make(part)
    do {
      try DurableFolder.make("\(part)/state")
      try DurableFile.write(Array(secret.pem.utf8), to: "\(part)/key.pem")
      try DurableFile.write(Array("\(key)\n".utf8), to: "\(part)/witness.vkey", mode: 0o644)
      try DurableFile.write(Array(logsText([]).utf8), to: "\(part)/logs")
      try DurableFolder.flush(part)
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
    guard rename(part, path) == 0 else {
      try? FileManager.default.removeItem(atPath: part)
      throw Problem(.inputOutput, "the witness cannot be put in its place", at: path)
    }
    try DurableFolder.flush(parent)
    return try open(at: path)
  }

  /// Opens a witness.
  ///
  /// - Throws: `Problem` with `notFound`, or `badInput` for a file that is not of its form.
  public static func open(at path: String) throws -> WitnessFolder {
    guard let line = try DurableFile.read("\(path)/witness.vkey", limit: 4096),
      let logs = try DurableFile.read("\(path)/logs", limit: 1 << 20)
    else {
      throw Problem(
        .notFound, "there is no witness here", at: path,
        advice: "Make one with: pratique witness init --name NAME")
    }
    let text = String(decoding: line, as: UTF8.self)
    let key = try NoteKey(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    guard key.algorithm == .ed25519Cosignature else {
      throw Problem(.badInput, "the key is none of a cosigner", at: "\(path)/witness.vkey")
    }
    let policy = try TrustPolicy(bytes: logs, file: "\(path)/logs", allowsRenamedLogs: true)
    var witnessed: [WitnessedLog] = []
    for log in policy.logs.map(\.key) {
      if let place = witnessed.firstIndex(where: { isSame($0.origin, log.name) }) {
        witnessed[place] = WitnessedLog(origin: log.name, keys: witnessed[place].keys + [log])
      } else {
        witnessed.append(WitnessedLog(key: log))
      }
    }
    return WitnessFolder(
      path: path, key: key, logs: witnessed,
      store: FolderWitnessStore(
        folder: "\(path)/state", key: key, origins: witnessed.map(\.origin)))
  }

  /// The witness, which can cosign.
  ///
  /// - Throws: `Problem` when the key's file is open to others or is not the key of `witness.vkey`,
  ///   or when the state of a log is gone or is not what this witness cosigned.
  func witness() async throws -> Witness {
    let secret = try PrivateKey(path: "\(path)/key.pem")
    let cosigner = try Cosigner(name: key.name, signer: secret.signer)
    guard cosigner.key == key else {
      throw Problem(.notTrusted, "the key is not the one of witness.vkey", at: "\(path)/key.pem")
    }
    try store.removeLeftovers()
    for log in logs { _ = try await store.state(origin: log.origin) }
    return Witness(cosigner: cosigner, logs: logs, store: store)
  }

  /// Lets the witness cosign a log from now on; a second key of one origin stands beside the first.
  ///
  /// - Returns: the folder as it is then.
  /// - Throws: `Problem` with `badInput` for a key that is no log's, or is there already.
  public func adding(log: NoteKey) async throws -> WitnessFolder {
    guard log.algorithm == .ed25519 || log.algorithm == .ecdsaP256 else {
      throw Problem(.badInput, "\"\(log.name)\" is a cosigner's key, not a log's")
    }
    let lock = try FileLock("\(path)/lock")
    defer { lock.release() }
    let now = try Self.open(at: path)
    let keys = now.logs.flatMap(\.keys)
    // The same key under another name is another log: a recovery epoch goes on with the key.
    guard !keys.contains(where: { $0.publicKey == log.publicKey && Self.isSame($0.name, log.name) })
    else {
      throw Problem(.badInput, "the witness knows this key already", at: "\(path)/logs")
    }
    // First the empty state: a log that is known and has no state is one whose state was lost.
    if !now.logs.contains(where: { Self.isSame($0.origin, log.name) }) {
      try store.begin(origin: log.name)
    }
    try DurableFile.write(Array(Self.logsText(keys + [log]).utf8), to: "\(path)/logs")
    return try Self.open(at: path)
  }

  /// What the witness holds of a log; `nil` when it cosigned nothing yet.
  ///
  /// - Throws: `Problem` when the state is gone or damaged.
  public func held(origin: String) async throws -> WitnessState? {
    try await store.state(origin: origin)
  }

  private static func logsText(_ keys: [NoteKey]) -> String {
    "# The logs that this witness cosigns, in C2SP tlog-policy form.\n"
      + keys.map { "log \($0)\n" }.joined() + "quorum none\n"
  }

  static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }
}
