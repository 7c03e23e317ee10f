import Attestation
import Model

/// The proof that an entry is in the log, in C2SP `tlog-proof` form (`.tlog-proof` files).
///
/// It is complete: whoever holds the leaf, the receipt and a trust policy of his own needs neither
/// the ledger nor a network.
public struct Receipt: Hashable, Sendable, CustomStringConvertible {
  private static let version = "c2sp.org/tlog-proof@v1"
  /// An inclusion proof has at most so many hashes.
  public static let maximumProof = 63
  /// A receipt has at most so many bytes.
  public static let maximumBytes = 4 << 20

  /// Index of the entry.
  public let index: Int64
  /// Inclusion proof, from the leaf upwards.
  public let proof: [TreeHash]
  /// The signed checkpoint as it was read.
  public let checkpoint: String
  /// What whoever wrote the receipt added, such as a file's name. Nobody signed it and no proof
  /// covers it: anybody can change it without the receipt failing. Never decide by it.
  public let unauthenticatedExtra: [UInt8]?

  /// States a proof.
  ///
  /// - Parameter unauthenticatedExtra: bytes to go along; nothing protects them.
  public init(
    index: Int64, proof: [TreeHash], checkpoint: String, unauthenticatedExtra: [UInt8]? = nil
  ) {
    self.index = index
    self.proof = proof
    self.checkpoint = checkpoint
    let isThere = unauthenticatedExtra?.isEmpty == false
    self.unauthenticatedExtra = isThere ? unauthenticatedExtra : nil
  }

  /// Reads a receipt.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(_ text: String) throws { try self.init(bytes: Array(text.utf8)) }

  /// Reads a receipt's bytes.
  ///
  /// - Throws: `Problem` with `badInput`.
  public init(bytes: [UInt8]) throws {
    func malformed(_ why: String) -> Problem { Problem(.badInput, "malformed receipt: \(why)") }
    guard bytes.count <= Self.maximumBytes else { throw malformed("larger than four mebibytes") }
    var rest = bytes[...]
    func next() throws -> [UInt8] {
      guard let end = rest.firstIndex(of: LineText.lineFeed) else {
        throw malformed("it is cut off")
      }
      defer { rest = rest[(end + 1)...] }
      return Array(rest[..<end])
    }
    guard try next().elementsEqual(Self.version.utf8) else {
      throw malformed("the first line is not \(Self.version)")
    }
    var line = try next()
    var extra: [UInt8]?
    if let text = LineText.rest(of: line, after: "extra ") {
      guard let data = LineText.base64(text), !data.isEmpty else {
        throw malformed("the extra data is not base64")
      }
      extra = data
      line = try next()
    }
    guard let digits = LineText.rest(of: line, after: "index "),
      let index = LineText.decimal(digits)
    else { throw malformed("no line \"index\" with a decimal number") }
    var proof: [TreeHash] = []
    while case let line = try next(), !line.isEmpty {
      guard proof.count < Self.maximumProof else {
        throw malformed("more than \(Self.maximumProof) hashes")
      }
      guard let hash = LineText.hash(line) else {
        throw malformed("a hash is not 32 bytes in base64")
      }
      proof.append(hash)
    }
    let note = try SignedNote(bytes: Array(rest))
    _ = try Checkpoint(body: note.text)
    self.init(
      index: index, proof: proof, checkpoint: note.description, unauthenticatedExtra: extra)
  }

  /// The receipt's text form.
  public var description: String {
    Self.version + "\n"
      + (unauthenticatedExtra.map { "extra \(Base64.encode($0))\n" } ?? "")
      + "index \(index)\n" + proof.map { Base64.encode($0.bytes) + "\n" }.joined()
      + "\n" + checkpoint
  }

  /// Checks that a leaf is in the log whose key this is. No witness is asked for: against a log
  /// that shows two histories only `verify(leaf:policy:)` helps.
  ///
  /// - Returns: the checkpoint that covers the leaf.
  /// - Throws: `Problem` with `notTrusted`.
  public func verify(leaf: [UInt8], key: NoteKey) throws -> Checkpoint {
    try verify(leaf: leaf, policy: TrustPolicy(log: key)).checkpoint
  }

  /// Checks that a leaf is in a log that the policy trusts, under a checkpoint that as many
  /// witnesses cosigned as it asks for.
  ///
  /// - Parameter known: further log keys that the asker trusts.
  /// - Returns: the checkpoint, who signed it and who cosigned it.
  /// - Throws: `Problem` with `notTrusted` that says what is missing; `badInput`.
  public func verify(
    leaf: [UInt8], policy: TrustPolicy, logs known: [NoteKey] = []
  ) throws -> PolicyVerdict {
    try verify(leafHash: .leaf(leaf), policy: policy, logs: known)
  }

  /// The same for whoever has the leaf's hash alone.
  ///
  /// - Throws: `Problem` with `notTrusted` that says what is missing; `badInput`.
  public func verify(
    leafHash: TreeHash, policy: TrustPolicy, logs known: [NoteKey] = []
  ) throws -> PolicyVerdict {
    let verdict = try policy.verify(SignedNote(checkpoint), logs: known)
    guard
      ProofVerifier.isIncluded(
        leafHash, at: index, size: verdict.checkpoint.size, proof: proof,
        root: verdict.checkpoint.root)
    else { throw Problem(.notTrusted, "the proof does not lead from the leaf to the root") }
    return verdict
  }
}

extension LedgerReader {
  /// The receipt of an entry, by the last checkpoint.
  ///
  /// - Throws: `Problem` with `notFound` when there is no such entry, `ledgerDamaged` when a hash
  ///   that must be stored is missing.
  public func receipt(_ index: Int64) throws -> Receipt {
    let size = try size()
    guard (0..<size).contains(index), let note = try checkpoint() else {
      throw Problem(.notFound, "there is no entry \(index); the ledger has \(size)")
    }
    return Receipt(
      index: index, proof: try proofs.inclusion(of: index, in: size), checkpoint: note)
  }
}
