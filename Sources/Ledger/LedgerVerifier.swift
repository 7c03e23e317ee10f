public import Attestation
import Model

/// Something in a ledger that is not as it must be.
public struct LedgerFault: Hashable, Sendable, Codable {
  /// The entry, where the fault is of one.
  public let index: Int64?
  /// What is wrong, in one sentence.
  public let message: String

  /// States a fault.
  public init(index: Int64?, message: String) {
    self.index = index
    self.message = message
  }
}

/// What a verification found.
public struct LedgerReport: Sendable, Codable {
  /// Entries looked at.
  public let entries: Int64
  /// Root of those entries, hexadecimal.
  public let root: String
  /// Envelopes whose signatures were checked.
  public let envelopes: Int64
  /// Entries whose payload was erased.
  public let erased: Int64
  /// What is wrong; the first hundred.
  public let faults: [LedgerFault]

  /// States what was found.
  public init(
    entries: Int64, root: String, envelopes: Int64, erased: Int64, faults: [LedgerFault]
  ) {
    self.entries = entries
    self.root = root
    self.envelopes = envelopes
    self.erased = erased
    self.faults = faults
  }

  /// Whether nothing is wrong.
  public var isSound: Bool { faults.isEmpty }
}

/// Checks a whole ledger, entry by entry, with flat memory.
///
/// It checks every leaf's form and place, every stored subtree, every payload against its leaf,
/// every envelope's signature by the trust root that stood before it, every change of the trust
/// root by the rules before it, and at last the checkpoint against root and size.
public struct LedgerVerifier {
  private static let limit = 100

  private var range = CompactRange()
  private var faults: [LedgerFault] = []
  private var envelopes: Int64 = 0
  private var erased: Int64 = 0
  private let storedNode: (NodePlace) throws -> TreeHash?

  /// The versions of the trust root seen so far.
  public private(set) var trust = TrustHistory()

  /// Takes the function that reads a stored subtree; `nil` where there is none.
  public init(storedNode: @escaping (NodePlace) throws -> TreeHash?) {
    self.storedNode = storedNode
  }

  private mutating func fault(_ message: String, at index: Int64? = nil) {
    if faults.count < Self.limit { faults.append(LedgerFault(index: index, message: message)) }
  }

  /// Takes the next entry; they must come by ascending index.
  ///
  /// - Throws: only what reading stored subtrees throws; what is wrong is kept for the report.
  public mutating func take(_ entry: StoredEntry) throws {
    let index = range.size
    if entry.index != index {
      fault("entry \(index) is missing; entry \(entry.index) stands in its place", at: index)
    }
    var differing: [NodePlace] = []
    try range.append(.leaf(entry.leaf)) { place, hash in
      if try storedNode(place) != hash { differing.append(place) }
    }
    for place in differing {
      fault("the stored hash at level \(place.level), place \(place.index) is wrong", at: index)
    }
    do {
      try check(entry, leaf: Leaf(bytes: entry.leaf), at: index)
    } catch let problem as Problem {
      fault(problem.message, at: index)
    } catch {
      fault("\(error)", at: index)
    }
  }

  private mutating func check(_ entry: StoredEntry, leaf: Leaf, at index: Int64) throws {
    switch entry.payload {
    case .erased: erased += 1
    case .lost(let digest): fault("its payload \(digest) is not in the blob store", at: index)
    case .present(let bytes, let salt):
      guard Leaf.saltedDigest(of: bytes, salt: salt) == leaf.envelope else {
        throw Problem(.ledgerDamaged, "the payload is not the one that the leaf names")
      }
      let envelope = try Envelope(json: bytes)
      let statement = try Statement(json: envelope.payload)
      guard statement.predicateType == leaf.kind.predicateType else {
        throw Problem(
          .ledgerDamaged, "the leaf says \"\(leaf.kind.rawValue)\", the statement does not")
      }
      guard Set(statement.subjects.flatMap(\.digests)) == Set(leaf.subjects) else {
        throw Problem(.ledgerDamaged, "the leaf's subjects are not the statement's")
      }
      if leaf.kind == .trustRoot {
        try trust.admit(
          envelope, root: statement.predicate(as: TrustRoot.self), at: index, time: leaf.time)
      } else {
        let keys = try trust.signers(
          of: envelope, kind: leaf.kind, application: nil, environment: nil, entry: index,
          time: leaf.time)
        guard keys.contains(where: { $0.holder.utf8.elementsEqual(leaf.actor.utf8) }) else {
          throw Problem(
            .notTrusted, "the leaf names \(leaf.actor), the signature is of \(keys[0].holder)")
        }
      }
      envelopes += 1
    }
  }

  /// Ends with the store's last checkpoint.
  ///
  /// - Parameter expected: an older checkpoint that somebody else holds is compared elsewhere, by a
  ///   consistency proof; this one must cover all entries.
  public consuming func finish(checkpoint note: String?, key: NoteKey) -> LedgerReport {
    if let note {
      do {
        let checkpoint = try Checkpoint(note: note, key: key)
        if checkpoint.size != range.size {
          fault("the checkpoint covers \(checkpoint.size) entries, the store has \(range.size)")
        } else if checkpoint.root != range.root {
          fault("the checkpoint's root is not the root of the entries")
        }
      } catch let problem as Problem {
        fault("the checkpoint is not valid: \(problem.message)")
      } catch {
        fault("the checkpoint is not valid: \(error)")
      }
    } else {
      fault("there is no checkpoint")
    }
    return LedgerReport(
      entries: range.size, root: range.root.description, envelopes: envelopes, erased: erased,
      faults: faults)
  }
}
