public import Attestation
import Foundation
import Model

/// Keys that an SSH agent holds (draft-ietf-sshm-ssh-agent): software keys that it opened, and keys
/// on tokens and authenticators. The private halves never come here.
public struct SSHAgent: Sendable {
  /// A key in the agent.
  public struct Identity: Hashable, Sendable {
    /// The public half.
    public let publicKey: PublicKey
    /// What the agent calls it, as a rule the file that it came from.
    public let comment: String
  }

  private enum Message {
    static let requestIdentities: UInt8 = 11
    static let identitiesAnswer: UInt8 = 12
    static let signRequest: UInt8 = 13
    static let signResponse: UInt8 = 14
  }

  /// The longest answer that is read, in bytes: OpenSSH's own limit.
  private static let limit = 256 << 10
  /// So long, in seconds, an agent may ask its user for a touch or a confirmation.
  private static let patience = 120

  private let path: String

  /// The agent behind a socket.
  ///
  /// - Throws: `Problem` with `notFound` when no path is given, as where no agent runs.
  public init(socket path: String?) throws {
    guard let path, !path.isEmpty else {
      throw Problem(
        .notFound, "no SSH agent is there: SSH_AUTH_SOCK is not set",
        advice: "Start one with: eval $(ssh-agent) && ssh-add")
    }
    self.path = path
  }

  /// The keys that can sign acts; keys of other kinds are left out.
  ///
  /// - Throws: `Problem` with `notFound` or `inputOutput`.
  public func identities() throws -> [Identity] {
    var reader = OpenSSHReader(
      try ask([Message.requestIdentities], expecting: Message.identitiesAnswer))
    let count = try reader.number()
    guard count <= 2_048 else { throw misunderstood }
    return try (0..<count).compactMap { _ in
      let blob = try reader.string()
      let comment = String(decoding: try reader.string(), as: UTF8.self)
      return (try? PublicKey(openSSH: blob)).map { Identity(publicKey: $0, comment: comment) }
    }
  }

  /// The capability to sign acts with a key that the agent holds.
  ///
  /// - Parameter wanted: the key; `nil` takes the only one that there is.
  /// - Throws: `Problem` with `notFound` when it does not hold the key, `badInput` when there are
  ///   several and none is named.
  public func signer(_ wanted: PublicKey?) throws -> Signer {
    let held = try identities()
    if let wanted {
      guard held.contains(where: { $0.publicKey == wanted }) else {
        throw Problem(
          .notFound, "the SSH agent does not hold the key \(wanted.id.short)",
          advice: "Give it the key: ssh-add FILE")
      }
      return signer(of: wanted)
    }
    guard let only = held.first else {
      throw Problem(
        .notFound, "the SSH agent holds no Ed25519 or P-256 key",
        advice: "Give it one: ssh-add FILE")
    }
    guard Set(held.map(\.publicKey)).count == 1 else {
      let names = held.map(\.comment).joined(separator: ", ")
      throw Problem(
        .badInput, "the SSH agent holds several keys: \(names)",
        advice: "Name the public key's file, too: --key FILE.pub")
    }
    return signer(of: only.publicKey)
  }

  private func signer(of key: PublicKey) -> Signer {
    PersonalSignature.signer(key) { data in
      var reader = OpenSSHReader(
        try ask(
          [Message.signRequest] + OpenSSHWriter.string(key.openSSH) + OpenSSHWriter.string(data)
            + OpenSSHWriter.number(0), expecting: Message.signResponse))
      return try reader.string()
    }
  }

  private var misunderstood: Problem {
    Problem(.inputOutput, "the SSH agent's answer is not understood", at: path)
  }

  /// Asks one question over a connection of its own.
  private func ask(_ message: [UInt8], expecting kind: UInt8) throws -> [UInt8] {
    let connection = try UnixSocket(path: path, seconds: Self.patience)
    defer { connection.close() }
    try connection.write(OpenSSHWriter.string(message))
    let head = try connection.read(4)
    let count = head.reduce(0) { $0 << 8 | Int($1) }
    guard (1...Self.limit).contains(count) else { throw misunderstood }
    let answer = try connection.read(count)
    guard answer.first == kind else {
      throw Problem(
        .notTrusted, "the SSH agent refuses", at: path,
        advice: "It may be locked, or nobody confirmed or touched the key in time.")
    }
    return Array(answer.dropFirst())
  }
}
