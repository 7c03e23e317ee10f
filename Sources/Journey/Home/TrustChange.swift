public import Attestation
import Blobs
import Compliance
import Foundation
import Ledger
import LedgerSQLite
public import Model
import Reading

/// A change of the trust root on its way from proposal to force: one envelope, to which the people
/// whom the rules in force ask for add their signatures.
public enum TrustChange {
  /// Adds a signature.
  ///
  /// - Returns: how many signatures the change has now.
  /// - Throws: `Problem` with `badInput` or `notFound`.
  public static func sign(path: String, signer: Signer) throws -> Int {
    let envelope = try read(path)
    // A signature counts for whatever the statement says: nothing but a change is signed here.
    guard
      try Statement(json: envelope.payload).predicateType == EvidenceKind.trustRoot.predicateType
    else { throw Problem(.badInput, "the file is no change of a trust root", at: path) }
    let signed = try envelope.adding(signer)
    try DurableFile.write(signed.json(), to: path, mode: 0o644)
    return signed.signatures.count
  }

  static func read(_ path: String) throws -> Envelope {
    do {
      return try Envelope(json: InputFile.read(path))
    } catch let error as ReadingError {
      throw Problem(.badInput, "the change cannot be read: \(error)", at: path)
    }
  }
}

extension LedgerHome {
  /// Writes a change that a trust file describes, signed by nobody but the machine that made it.
  ///
  /// Names go to the registry at once: it says who somebody is, never what they may do. The keys of
  /// machine and log stay; the policy's bytes are kept so that they can be pinned.
  public func proposeTrust(
    from file: TrustFile, to path: String, time: Instant
  ) async throws -> TrustRoot {
    let current = try await trustRoot()
    let machine = try signer(machine: file.machine.id)
    let logKey = try await ledger.histories().keys.current.key
    let bundles = try file.policyBundles()
    for bundle in bundles { _ = try await blobs.put(try bundle.bytes()) }
    let foreign = try file.foreignSigners()
    if let foreign { _ = try await blobs.put(foreign) }
    let root = file.trustRoot(
      version: current.version + 1, machineKey: machine.publicKey,
      logKey: logKey.ed25519, policies: try bundles.map { try $0.reference() }, from: time,
      current: current, foreignSigners: foreign.map { .sha256($0) })
    try root.checkChangeable(at: time)
    let envelope = try Envelope(
      signing: TrustEntry.statement(root).json(), by: [machine])
    try registry.merging(file.registry).write(path: "\(self.path)/registry.json")
    try DurableFile.write(envelope.json(), to: path, mode: 0o644)
    return root
  }

  /// Records a change, if the people whom the trust root in force asks for have signed it.
  ///
  /// - Throws: `Problem` with `notTrusted`; then nothing was recorded.
  public func applyTrust(path: String, time: Instant) async throws -> (TrustRoot, Int64) {
    for _ in 0..<20 {
      do {
        return try await applyOnce(path: path, time: time)
      } catch let problem as Problem where problem.code == .busy {
        continue
      }
    }
    throw Problem(.busy, "the ledger grows too fast for a change of trust", at: self.path)
  }

  /// Judges the change by the ledger at one size, and appends it only if that is still its size:
  /// of two changes at once one is judged again, by the other.
  private func applyOnce(path: String, time: Instant) async throws -> (TrustRoot, Int64) {
    let size = try await ledger.read { try $0.size() }
    let envelope = try TrustChange.read(path)
    let statement = try Statement(json: envelope.payload)
    let root = try statement.predicate(as: TrustRoot.self)
    var history = try await trustHistory(size: size)
    guard let current = history.current?.root, let machine = current.machines.first else {
      throw Problem(.notTrusted, "the trust root names no machine")
    }
    try await checkOrganisation(from: current.organisation, to: root.organisation)
    try history.admit(envelope, root: root, at: .max, time: time)
    // A proposal that lay about for long may have lost the bytes that it pins, and a file that was
    // written by hand may pin an application's policy that loosens the organisation's.
    _ = try await policy(of: root)
    for own in root.applicationPolicies ?? [] {
      _ = try await policy(of: root, application: own.application)
    }
    let draft = try TrustEntry.draft(
      envelope, statement: statement, actor: machine.id, role: .pipeline, time: time)
    let index = try await ledger.append(
      [draft], logSigner: appendingSigner(), ifSize: size)[0]
    await keepHighest()
    return (root, index)
  }
}
