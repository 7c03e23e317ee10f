import Attestation
import Foundation
import Intake
import Model
import Packaging

/// What lies beside an artifact: signatures, bills of materials, and other reports.
struct ArtifactDocuments {
  let home: LedgerHome

  /// The greatest content that is verified by its own bytes.
  private static let contentLimit = 1 << 30

  /// A public key in PEM, as OpenSSH's line, or as minisign and signify write it.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  static func publicKey(_ path: String) throws -> PublicKey {
    let text = String(decoding: try InputFile.read(path), as: UTF8.self)
    return try MinisignSignature.publicKey(text) ?? InputFile.publicKey(path)
  }

  /// Verifies a detached signature, and keeps its bytes.
  ///
  /// - Parameters:
  ///   - path: the signature's file.
  ///   - content: the file that is signed.
  ///   - digests: the digests under which the content is known.
  /// - Throws: `Problem` with `notTrusted` when none of the keys made it.
  func signature(
    _ path: String, of content: String, digests: Set<Digest>, keys: [PublicKey]
  ) async throws -> ArtifactRecord.Signature {
    let bytes = try InputFile.read(path)
    let signature: DetachedSignature
    do {
      signature = try DetachedSignature(bytes)
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
    let made = try signature.keys(among: keys, digests: digests) {
      let data: Data
      do {
        data = try Data(contentsOf: URL(fileURLWithPath: content), options: .mappedIfSafe)
      } catch {
        throw Problem(.badInput, "what is signed is no file that can be read", at: content)
      }
      guard data.count <= Self.contentLimit else {
        throw Problem(
          .badInput, "the signed file is larger than 1 GiB", at: content,
          advice: "Let a statement (DSSE) about its digest be signed instead.")
      }
      // The bytes that were hashed are the bytes that are verified.
      guard digests.contains(.sha256(data)) else {
        throw Problem(.badInput, "the file changed while it was read", at: content)
      }
      return Array(data)
    }
    guard let key = made.first else {
      throw Problem(
        .notTrusted,
        "no key that may sign it made this \(signature.form) signature"
          + " of \(URL(fileURLWithPath: content).lastPathComponent)", at: path)
    }
    return ArtifactRecord.Signature(
      form: signature.form, key: key.id, digest: try await home.keep(report: bytes, at: path))
  }

  /// A bill of materials as evidence; its bytes are kept.
  func inventory(
    _ path: String, of subjects: [Subject], application: String, run: String, time: Instant
  ) async throws -> Evidence {
    let read = try await report(
      path, of: subjects, application: application, run: run, time: time)
    return Evidence(
      kind: .inventory, subjects: subjects,
      predicate: try read.report.inventoryResult(step: read.step))
  }

  /// A report, kept, with the step behind it; one that says that it is about something else than the
  /// subjects is refused.
  func report(
    _ path: String, of subjects: [Subject], application: String, run: String, time: Instant
  ) async throws -> (report: IntakeReport, step: ReportingStep) {
    var options = CollectingOptions()
    options.subjects = subjects
    let report = try ReportCollecting.read(path, options).report
    let bytes = try InputFile.read(path)
    guard try await home.keep(report: bytes, at: path) == report.digest else {
      throw Problem(.badInput, "the report changed while it was read", at: path)
    }
    return (
      report,
      try ReportCollecting.step(
        of: report, path, application: application, run: run, time: time)
    )
  }
}
