import Model

/// Whom an auditor trusts, in C2SP `tlog-policy` form: logs, witnesses, and how many of the
/// witnesses must have cosigned a checkpoint.
///
/// It is the auditor's own file. Nothing that a ledger, a receipt or a bundle brings can change it
/// (`docs/formats/trust-policy.md`).
public struct TrustPolicy: Hashable, Sendable {
  /// The name of a witness or a group: octets without meaning outside of the file, compared byte
  /// by byte.
  public struct Name: Hashable, Sendable, CustomStringConvertible {
    /// The octets.
    public let bytes: [UInt8]

    /// Names something.
    public init(_ text: String) { bytes = Array(text.utf8) }

    init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The octets as text, for people; what is no UTF-8 is shown as such.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// A log whose checkpoints are taken.
  public struct Log: Hashable, Sendable {
    /// The log's key; its name is the log's origin.
    public let key: NoteKey
    /// Where the log is, if said.
    public let url: String?
  }

  /// Somebody who cosigns checkpoints.
  public struct Witness: Hashable, Sendable {
    /// The name within the file.
    public let name: Name
    /// The witness's key.
    public let key: NoteKey
    /// Where the witness is asked, if said.
    public let url: String?
  }

  /// So many of certain witnesses and groups.
  public struct Group: Hashable, Sendable {
    /// The name within the file.
    public let name: Name
    /// How many of the members must have witnessed a checkpoint; at least one, at most all.
    public let threshold: Int
    /// Witnesses and groups, each once.
    public let members: [Name]
  }

  /// What a checkpoint needs.
  public enum Quorum: Hashable, Sendable {
    /// No cosignature.
    case none
    /// That witness, or that group.
    case of(Name)
  }

  /// The logs; none when the file leaves the log to whoever asks.
  public let logs: [Log]
  /// The witnesses.
  public let witnesses: [Witness]
  /// The groups, each after its members.
  public let groups: [Group]
  /// What a checkpoint needs.
  public let quorum: Quorum

  /// Reads a policy file's bytes.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - allowsRenamedLogs: takes one log key under several names, which the standard refuses in a
  ///     policy: for a witness's own list of logs, where a log that opened a recovery epoch stands
  ///     under each name that it had.
  /// - Throws: `Problem` with `badInput` that names line and column.
  public init(bytes: [UInt8], file: String? = nil, allowsRenamedLogs: Bool = false) throws {
    var reader = TrustPolicyReader(file: file, allowsRenamedLogs: allowsRenamedLogs)
    try reader.read(bytes)
    guard let quorum = reader.quorum else {
      throw Problem(
        .badInput, "the trust policy has no line \"quorum\"", at: file,
        advice: "Add \"quorum NAME\", or \"quorum none\" to ask for no cosignature.")
    }
    logs = reader.logs
    witnesses = reader.witnesses
    groups = reader.groups
    self.quorum = quorum
  }

  /// Reads a policy's text.
  ///
  /// - Throws: `Problem` with `badInput` that names line and column.
  public init(_ text: String) throws { try self.init(bytes: Array(text.utf8)) }

  /// Trusts one log and asks for no witness.
  public init(log: NoteKey) {
    logs = [Log(key: log, url: nil)]
    witnesses = []
    groups = []
    quorum = .none
  }
}
