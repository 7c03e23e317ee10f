import Attestation
import Model
import Reading

/// Reads which offline keys replace a lost log key, from a trust file:
///
///     recovery: {threshold: 2, keys: [keys/recovery-1.pub, keys/recovery-2.pub, keys/recovery-3.pub]}
enum RecoveryReader {
  /// At most so many keys.
  private static let limit = 32

  /// - Parameter people: keys of people, none of which may be a recovery key too.
  static func read(
    _ node: YAMLNode, people: [PublicKey], resolve: (String) -> String
  ) throws -> TrustRoot.Recovery {
    let fields = try FieldReader(node, "recovery", known: ["threshold", "keys"])
    let list = try fields.required("keys")
    let nodes = try fields.list("keys")
    guard (1...limit).contains(nodes.count) else {
      throw ReadingError("recovery needs 1 to \(limit) \"keys\"", at: list.position)
    }
    var keys: [PublicKey] = []
    for element in nodes {
      let key = try InputFile.publicKey(resolve(FieldReader.string(element)))
      guard !keys.contains(key) else {
        throw ReadingError(
          "this recovery key stands twice; each must be another one", at: element.position)
      }
      guard !people.contains(key) else {
        throw ReadingError(
          "this is the key of a person; a recovery key may only sign recoveries",
          at: element.position)
      }
      keys.append(key)
    }
    _ = try fields.required("threshold")
    let threshold = try fields.integer("threshold", in: 1...keys.count) ?? keys.count
    return TrustRoot.Recovery(
      threshold: threshold, keys: keys.map { Base64.encode($0.encoded) })
  }
}
