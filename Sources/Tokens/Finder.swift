import Attestation
import CPKCS11
import Model

/// Finds a key's two halves on a token.
struct Finder {
  let module: Module
  let session: CK_SESSION_HANDLE
  let uri: TokenURI

  /// The one private key that the URI names.
  func privateKey() throws -> CK_OBJECT_HANDLE {
    let found = try find(Cryptoki.privateKeyClass, label: uri.object, id: uri.id)
    guard let key = found.first else {
      throw Problem(
        .notFound, "the token \(uri.tokenName) has no private key \(uri.keyName)",
        at: uri.modulePath)
    }
    guard found.count == 1 else {
      throw Problem(
        .badInput, "the token \(uri.tokenName) has several private keys \(uri.keyName)",
        at: uri.modulePath, advice: "Name the key by its id too: ;id=%01")
    }
    return key
  }

  /// The public half: the object of the same id, or of the same label where there is no id.
  func publicKey(of privateKey: CK_OBJECT_HANDLE) throws -> PublicKey {
    let id = try attribute(Cryptoki.idAttribute, of: privateKey)
    let found =
      id.isEmpty
      ? try find(Cryptoki.publicKeyClass, label: uri.object, id: nil)
      : try find(Cryptoki.publicKeyClass, label: nil, id: id)
    guard let half = found.first, found.count == 1 else {
      throw Problem(
        .notFound,
        "the token \(uri.tokenName) has \(found.count) public keys beside \(uri.keyName), not one",
        at: uri.modulePath, advice: "Keep the public key's object on the token, under the same id.")
    }
    let type = try attribute(Cryptoki.keyTypeAttribute, of: privateKey)
    let point = try attribute(Cryptoki.pointAttribute, of: half, isRequired: false)
    guard type.count == MemoryLayout<CK_ULONG>.size else { throw wrongKind }
    switch type.withUnsafeBytes({ $0.loadUnaligned(as: CK_ULONG.self) }) {
    case Cryptoki.edwardsKey:
      // PKCS #11 3.0 writes the point as it is; most modules wrap it into an OCTET STRING.
      let raw =
        point.count == 34 && point.starts(with: [0x04, 0x20]) ? point.dropFirst(2) : point[...]
      guard raw.count == 32 else { throw wrongKind }
      return .ed25519(Array(raw))
    case Cryptoki.ecKey:
      let raw = point.starts(with: [0x04, 0x41]) ? point.dropFirst(2) : point[...]
      guard let key = try? PublicKey(x963: Array(raw)) else { throw wrongKind }
      return key
    default: throw wrongKind
    }
  }

  private var wrongKind: Problem {
    Problem(
      .badInput,
      "the key \(uri.keyName) on the token \(uri.tokenName) is neither Ed25519 nor P-256",
      at: uri.modulePath)
  }

  private func find(_ sort: CK_ULONG, label: String?, id: [UInt8]?) throws -> [CK_OBJECT_HANDLE] {
    var template: [(CK_ATTRIBUTE_TYPE, [UInt8])] = [
      (Cryptoki.classAttribute, withUnsafeBytes(of: sort) { Array($0) }),
      (Cryptoki.tokenAttribute, [1]),
    ]
    if let label { template.append((Cryptoki.labelAttribute, Array(label.utf8))) }
    if let id { template.append((Cryptoki.idAttribute, id)) }
    let functions = module.functions.pointee
    try Self.withAttributes(template) { attributes in
      try module.check(
        functions.C_FindObjectsInit?(session, attributes.baseAddress, CK_ULONG(attributes.count)))
    }
    defer { _ = functions.C_FindObjectsFinal?(session) }
    var found = [CK_OBJECT_HANDLE](repeating: 0, count: 8)
    var count: CK_ULONG = 0
    try module.check(functions.C_FindObjects?(session, &found, CK_ULONG(found.count), &count))
    return Array(found.prefix(Int(min(count, CK_ULONG(found.count)))))
  }

  /// One attribute's bytes; none where the object does not have it.
  private func attribute(
    _ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE, isRequired: Bool = true
  ) throws -> [UInt8] {
    var value = [UInt8](repeating: 0, count: 1024)
    var length = CK_ULONG(0)
    let answer = value.withUnsafeMutableBytes { buffer in
      var attribute = CK_ATTRIBUTE(
        type: type, pValue: buffer.baseAddress, ulValueLen: CK_ULONG(buffer.count))
      let answer = module.functions.pointee.C_GetAttributeValue?(session, object, &attribute, 1)
      length = attribute.ulValueLen
      return answer
    }
    if !isRequired, answer != Cryptoki.ok { return [] }
    try module.check(answer)
    return Array(value.prefix(Int(min(length, CK_ULONG(value.count)))))
  }

  /// Lends the bytes of a template for as long as a call takes.
  private static func withAttributes<Value>(
    _ template: [(type: CK_ATTRIBUTE_TYPE, value: [UInt8])],
    _ body: (UnsafeMutableBufferPointer<CK_ATTRIBUTE>) throws -> Value
  ) rethrows -> Value {
    var bytes = template.flatMap(\.value)
    return try bytes.withUnsafeMutableBytes { buffer in
      var start = 0
      var attributes = template.map { part in
        defer { start += part.value.count }
        return CK_ATTRIBUTE(
          type: part.type, pValue: buffer.baseAddress.map { $0 + start },
          ulValueLen: CK_ULONG(part.value.count))
      }
      return try attributes.withUnsafeMutableBufferPointer { try body($0) }
    }
  }
}
