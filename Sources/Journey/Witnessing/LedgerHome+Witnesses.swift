import Blobs
public import Ledger
public import Model

extension LedgerHome {
  /// The witnesses that this ledger asks, and how many of them are enough: the file `witnesses` in
  /// the ledger's folder, a C2SP `tlog-policy` with the witnesses' URLs.
  ///
  /// - Returns: `nil` when there is no such file.
  /// - Throws: `Problem` with `badInput` when it is not of its form, or is of another log.
  public func witnesses() throws -> TrustPolicy? {
    let file = witnessesPath
    guard let bytes = try DurableFile.read(file, limit: 1 << 20) else { return nil }
    return try witnesses(bytes, file: file)
  }

  var witnessesPath: String { "\(path)/witnesses" }

  /// Reads a file of that form, which must not be of another log.
  ///
  /// - Throws: `Problem` with `badInput`.
  public func witnesses(_ bytes: [UInt8], file: String) throws -> TrustPolicy {
    let policy = try TrustPolicy(bytes: bytes, file: file)
    let isOurs = policy.logs.contains { log in
      // A recovery epoch adds to the name that the log began with.
      log.key.name.utf8.elementsEqual(ledger.key.name.utf8)
        || log.key.name.utf8.starts(with: "\(ledger.key.name)/epoch-".utf8)
    }
    guard policy.logs.isEmpty || isOurs else {
      throw Problem(.badInput, "the file names other logs than \"\(ledger.key.name)\"", at: file)
    }
    return policy
  }

  /// Asks every configured witness to cosign the last checkpoint, all at once, and keeps what they
  /// sign beside it. What witnesses say, or that they say nothing, is in the report.
  ///
  /// - Parameter milliseconds: after so long whoever has not answered counts as absent.
  /// - Returns: `nil` when no witnesses are configured.
  /// - Throws: `Problem` when the ledger cannot be read or written.
  public func cosign(
    over exchange: HTTPExchange, milliseconds: Int64
  ) async throws -> CosigningReport? {
    guard let policy = try witnesses() else { return nil }
    let asked = policy.witnesses.filter { $0.url != nil }
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    let (note, known) = try await ledger.read { reader in
      guard let size = try reader.checkpoint().map({ try Checkpoint(body: SignedNote($0).text) }),
        let note = try reader.cosignedCheckpoint(size: size.size)
      else { throw Problem(.notFound, "the ledger has no checkpoint yet") }
      return (note, try Self.knownSizes(reader, of: asked, upTo: size.size))
    }
    let checkpoint = try Checkpoint(body: note.text)
    let logKeys = try await logKeys()
    var outcomes: [Int: WitnessClient.Outcome] = [:]
    try await withThrowingTaskGroup(of: (Int, WitnessClient.Outcome).self) { group in
      for (place, witness) in asked.enumerated() {
        guard let url = witness.url else { continue }
        let client = WitnessClient(
          witness: witness, url: url.hasSuffix("/") ? String(url.dropLast()) : url,
          exchange: exchange, deadline: deadline, ledger: ledger, logKeys: logKeys,
          note: note, checkpoint: checkpoint)
        let old = known[place] ?? 0
        group.addTask { (place, await client.ask(from: old)) }
      }
      for try await (place, outcome) in group { outcomes[place] = outcome }
    }
    let found = asked.indices.compactMap { outcomes[$0] }
    try keepContradictions(found.map(\.answer))
    let new = found.flatMap(\.cosignatures)
    if !new.isEmpty { try await ledger.keep(cosignatures: new, size: checkpoint.size) }
    let verdict = try policy.judge(note.adding(new), logs: logKeys)
    return CosigningReport(
      origin: checkpoint.origin, size: checkpoint.size, answers: found.map(\.answer),
      isEnough: verdict.isMet, explanation: verdict.explanation)
  }

  /// Every key that this ledger ever signed checkpoints with, the founding one first.
  func logKeys() async throws -> [NoteKey] {
    try await ledger.histories().keys.periods.map(\.key)
  }

  /// The largest size, up to this one, of which a cosignature of each witness is kept.
  private static func knownSizes(
    _ reader: any LedgerReader, of witnesses: [TrustPolicy.Witness], upTo size: Int64
  ) throws -> [Int: Int64] {
    var known: [Int: Int64] = [:]
    for size in try reader.cosignedSizes(upTo: size, limit: 50) {
      let kept = try reader.cosignatures(size: size)
      for (place, witness) in witnesses.enumerated()
      where known[place] == nil
        && kept.contains(where: { $0.keyID == witness.key.id && $0.name == witness.key.name })
      {
        known[place] = size
      }
      if known.count == witnesses.count { break }
    }
    return known
  }

  /// What proves a second history is never to be lost: it is kept beside the ledger, durably.
  private func keepContradictions(_ answers: [CosigningReport.Answer]) throws {
    for proof in answers.compactMap(\.proof) { try keepContradiction(proof) }
  }

  func keepContradiction(_ note: String) throws {
    try Self.makeFolder("\(path)/contradictions")
    let bytes = Array(note.utf8)
    try DurableFile.write(
      bytes, to: "\(path)/contradictions/\(Digest.sha256(bytes).hex).checkpoint")
  }

  /// The last checkpoint with the cosignatures that are kept.
  ///
  /// - Throws: `Problem` with `notFound` when there is none.
  public func cosignedCheckpoint() async throws -> SignedNote {
    try await ledger.read { reader in
      guard let text = try reader.checkpoint(),
        let note = try reader.cosignedCheckpoint(size: Checkpoint(body: SignedNote(text).text).size)
      else { throw Problem(.notFound, "the ledger has no checkpoint yet") }
      return note
    }
  }
}
