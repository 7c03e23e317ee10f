import Attestation
import Model
import Packaging
import Reading

/// A vendor of a trust file: who delivers software without its source, and the keys that sign it.
struct TrustFileVendor {
  struct Key {
    let publicKey: PublicKey
    let signs: [TrustRoot.Vendor.Matter]
    let applications: [String]?
    let from: Instant?
    let to: Instant?
  }

  let id: String
  let keys: [Key]

  /// Reads a vendor; paths of keys go through `resolve`.
  init(_ node: YAMLNode, resolve: (String) -> String) throws {
    let fields = try FieldReader(node, "a vendor", known: ["id", "keys"])
    id = try TrustFile.identifier(fields.required("id"))
    keys = try fields.list("keys").map { try Self.key($0, resolve: resolve) }
    guard !keys.isEmpty else {
      throw ReadingError("a vendor needs a key: by nothing else is it known", at: node.position)
    }
  }

  private static func key(_ node: YAMLNode, resolve: (String) -> String) throws -> Key {
    let fields = try FieldReader(
      node, "a vendor's key", known: ["file", "signs", "applications", "from", "to"])
    let signs = try fields.list("signs").map { node in
      let word = try FieldReader.string(node)
      guard let matter = TrustRoot.Vendor.Matter(rawValue: word) else {
        let words = TrustRoot.Vendor.Matter.allCases.map(\.rawValue)
        throw ReadingError(
          "\"\(word)\" is nothing that a vendor signs; expected \(words.joined(separator: ", "))",
          at: node.position)
      }
      return matter
    }
    guard !signs.isEmpty else {
      throw ReadingError("a vendor's key needs \"signs\": what it may sign", at: node.position)
    }
    let key = Key(
      publicKey: try ArtifactDocuments.publicKey(resolve(fields.requiredString("file"))),
      signs: signs,
      applications: fields.node("applications") == nil ? nil : try fields.strings("applications"),
      from: try TrustFilePerson.instant(fields, "from"),
      to: try TrustFilePerson.instant(fields, "to"))
    if let from = key.from, let to = key.to, to <= from {
      throw ReadingError("the key ends before it begins to count", at: node.position)
    }
    return key
  }

  /// The vendor as a trust root has it; a key that is there already keeps the time from which it
  /// counts.
  func vendor(from: Instant, current: TrustRoot?) -> TrustRoot.Vendor {
    let known = current?.vendors?.first { $0.id == id }?.keys ?? []
    return TrustRoot.Vendor(
      id: id,
      keys: keys.map { key in
        TrustRoot.Vendor.Key(
          id: key.publicKey.id, algorithm: key.publicKey.algorithm,
          publicKey: Base64.encode(key.publicKey.encoded), signs: key.signs,
          applications: key.applications,
          validFrom: key.from ?? known.first { $0.id == key.publicKey.id }?.validFrom ?? from,
          validTo: key.to)
      })
  }
}
