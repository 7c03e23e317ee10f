import Model
import Reading

/// The forms in which other systems hand out attestations.
public enum AttestationForm: String, Sendable, CaseIterable {
  /// A Sigstore bundle with a DSSE envelope, as GitHub's attestations are.
  case sigstoreBundle = "sigstore-bundle"
  /// A collection of Witness in a DSSE envelope.
  case witness
  /// An attestation of Chainloop.
  case chainloop
  /// Provenance of Tekton Chains.
  case tektonChains = "tekton-chains"
  /// Any other in-toto statement in a DSSE envelope.
  case inToto = "in-toto"

  /// The form of an envelope's statement.
  static func of(_ statement: ForeignStatement) -> AttestationForm {
    let type = statement.predicateType
    if type.contains("witness.") && type.contains("/attestation-collection/") { return .witness }
    if type.hasPrefix("chainloop.dev/attestation/") { return .chainloop }
    let predicate = statement.predicate
    let build =
      predicate["buildType"]?.string ?? predicate["buildDefinition"]?["buildType"]?.string ?? ""
    if type.hasPrefix("https://slsa.dev/provenance/"), build.contains("tekton.dev/") {
      return .tektonChains
    }
    return .inToto
  }
}

/// Takes a file apart into attestations.
enum AttestationFile {
  /// So many attestations are taken from one file.
  private static let countLimit = 100

  /// The attestations in a file: one JSON value, or one a line.
  ///
  /// - Throws: `Problem` with `badInput`.
  static func attestations(_ bytes: [UInt8]) throws -> [(bytes: [UInt8], value: JSONValue)] {
    let lines = bytes.split(separator: 0x0a).filter { !$0.allSatisfy { $0 <= 0x20 } }
    let isLines =
      lines.count > 1
      && lines.allSatisfy { $0.first == 0x7b && ($0.last == 0x7d || $0.suffix(2) == [0x7d, 0x0d]) }
    guard lines.count <= countLimit || !isLines else {
      throw Problem(.badInput, "the file holds more than \(countLimit) attestations")
    }
    let parts = isLines ? lines.map { Array($0) } : [bytes]
    return try parts.enumerated().map { place, part in
      do {
        return (part, try JSONReader.read(part))
      } catch {
        throw Problem(
          .badInput, "attestation \(place + 1) cannot be read: \(error)")
      }
    }
  }

  /// Why a value is no attestation that could be taken; `nil` for one that may be.
  static func refusal(of value: JSONValue) -> Problem? {
    if value["profiles"]?.array != nil, value["platform"] != nil {
      return Problem(
        .notTrusted, "the file is a report in the Heimdall Data Format, which nobody has signed",
        advice: "It enters as a report of whoever collects it, under their own name:"
          + " pratique collect --format hdf FILE")
    }
    if value["signed"]?["_type"]?.string == "link" {
      return Problem(
        .badInput, "the file is an in-toto link in its old form, which names no subjects",
        advice: "Make the link as a statement in a DSSE envelope.")
    }
    return nil
  }
}
