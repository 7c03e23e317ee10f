import Attestation
import Imports
public import Model
import Timestamps

/// What was imported, or would be.
public struct ImportedFiles: Sendable, Encodable {
  /// One attestation.
  public struct One: Sendable, Encodable {
    /// The file that it was in.
    public let file: String
    /// What it is, and what was verified.
    public let attestation: ImportedAttestation
    /// What it counts for.
    public let subjects: [Subject]
    /// Its entry; `nil` when it was only looked at.
    public var entry: RecordedEvidence?
  }

  /// The attestations in the order of the files.
  public var attestations: [One]
}

extension LedgerHome {
  /// Verifies attestations of other systems by the foreign signers that the trust root pins, and
  /// records them, signed with the machine's key: all of them or nothing.
  ///
  /// - Parameters:
  ///   - subjects: what they shall count for; each must speak of one of them.
  ///   - isRecorded: `false` to look only.
  /// - Throws: `Problem` with `notTrusted` or `badInput` that says what does not hold, or that a
  ///   statement was imported before.
  public func importAttestations(
    _ paths: [String], application: String, run: String?, subjects: [Subject], isRecorded: Bool,
    time: TimeSource
  ) async throws -> ImportedFiles {
    guard !subjects.isEmpty else {
      throw Problem(
        .badInput, "an import needs what it shall count for",
        advice: "Name it with --release, --commit or --subject.")
    }
    for (what, name) in [("an application's name", application), ("a run's id", run ?? "run")]
    where !Actor.isIdentifier(name) {
      throw Problem(.badInput, "\"\(name)\" is not \(what)")
    }
    let now = time.now()
    let importing = try await attestationImport()
    let expected = AttestationImport.Expectation(
      application: application, subjects: subjects, run: run ?? RunJourney.newID(now), time: now)
    var found: [ImportedFiles.One] = []
    var contents: [[UInt8]] = []
    for path in paths {
      do {
        for one in try await importing.verify(InputFile.read(path), expecting: expected) {
          try await refuseReplay(one.attestation, one.subjects)
          guard !found.contains(where: { $0.attestation.statement == one.attestation.statement })
          else { throw Problem(.badInput, "the same statement stands in another file, too") }
          found.append(.init(file: path, attestation: one.attestation, subjects: one.subjects))
          contents.append(one.bytes)
        }
      } catch let problem as Problem where problem.location == nil {
        throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
      }
    }
    guard isRecorded else { return ImportedFiles(attestations: found) }
    let recorder = try await recorder(role: .pipeline, time: time)
    for content in contents { _ = try await keep(report: content, at: "attestation") }
    let entries = try await recorder.record(
      found.map {
        Evidence(kind: .importedAttestation, subjects: $0.subjects, predicate: $0.attestation)
      })
    await keepHighest()
    for place in found.indices { found[place].entry = entries[place] }
    return ImportedFiles(attestations: found)
  }

  /// The pinned file of foreign signers.
  private func attestationImport() async throws -> AttestationImport {
    guard let pinned = try await trustRoot().foreignSigners else {
      throw Problem(
        .notTrusted, "the trust root pins no file of foreign signers: nobody else is believed",
        at: path, advice: "Name one in the trust file, foreign-signers, and change the trust root.")
    }
    guard let bytes = try await blobs.get(pinned) else {
      throw Problem(
        .judgingFailed, "the pinned file of foreign signers \(pinned) is not in the blob store",
        at: path)
    }
    return try AttestationImport(pinned: bytes) { response, stamped, chain in
      guard let root = chain.last else {
        throw Problem(.judgingFailed, "a time-stamping authority has no certificate")
      }
      let verified = try await TimestampToken(granted: response).verify(
        stamps: stamped, roots: TimestampRoots(pem: root),
        certificates: chain.joined(separator: "\n"))
      return (verified.time, verified.authority)
    }
  }

  /// The same statement counts once, in whatever file and with whatever signatures it comes.
  private func refuseReplay(
    _ attestation: ImportedAttestation, _ subjects: [Subject]
  ) async throws {
    for digest in subjects.flatMap(\.digests) {
      for (_, statement) in try await statements(on: digest, kinds: [.importedAttestation]) {
        let known = try statement.predicate(as: ImportedAttestation.self)
        guard
          known.statement != attestation.statement || known.application != attestation.application
        else {
          throw Problem(
            .badInput, "the statement was imported before, at \(known.time)",
            advice: "An attestation is recorded once; the first entry counts.")
        }
      }
    }
  }
}
