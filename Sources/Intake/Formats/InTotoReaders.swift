import Foundation
import Model
import Reading

/// Reads in-toto links (specification 0.9 and 1.0), alone or signed.
enum InTotoLinkReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let link = try root.optional("signed") ?? root
    let name = try link.requiredString("name")
    let keys = try root.elements("signatures").map { try $0.requiredString("keyid") }
    _ = try link.member("materials").members()
    let products = try link.member("products").members().flatMap { path, digests in
      try digests.members().map { "\(path) \($0.name):\(try $0.value.string())" }
    }
    var notes = [AttestationReader.unverified]
    if let code = try link.optional("byproducts")?.optional("return-value")?.json.integer,
      code != 0
    {
      notes.append("The command of the step \(name) ended with \(code).")
    }
    return IntakeReader.Parsed(
      content: .statement(
        ForeignStatement(type: "link of the step \(name)", subjects: products, keyIDs: keys)),
      notes: notes)
  }
}

/// Reads in-toto statements: alone, in DSSE envelopes, in Sigstore bundles, one or one a line.
/// Where the predicate is a report that is known, it is read, too.
enum AttestationReader {
  static let unverified = "Its signatures were not verified: reading a report verifies nothing."
  private static let payloadType = "application/vnd.in-toto+json"

  static func recognise(_ root: ReportNode) -> String? {
    if root.json.begins("_type", with: "https://in-toto.io/Statement/") {
      return "its \"_type\" is that of an in-toto statement"
    }
    if root.json.member("payloadType")?.string == payloadType {
      return "its \"payloadType\" is that of in-toto"
    }
    if root.json.member("dsseEnvelope") != nil { return "it is a Sigstore bundle of an envelope" }
    return nil
  }

  static func read(_ roots: [ReportNode]) throws -> IntakeReader.Parsed {
    var parsed = IntakeReader.Parsed(notes: [unverified])
    for root in roots { try add(root, to: &parsed) }
    return parsed
  }

  private static func add(_ root: ReportNode, to parsed: inout IntakeReader.Parsed) throws {
    let envelope = try root.optional("dsseEnvelope") ?? root
    guard envelope.has("payload") else { return try addStatement(root, [], to: &parsed) }
    let type = try envelope.requiredString("payloadType")
    guard type.isSame(as: payloadType) else {
      throw try envelope.member("payloadType").error("expected \(payloadType), found \(type)")
    }
    let signatures = try envelope.required("signatures")
    guard !signatures.isEmpty else { throw envelope.error("the envelope holds no signature") }
    for signature in signatures { _ = try signature.requiredString("sig") }
    let keys = try signatures.compactMap { try $0.string("keyid") }
    let payload = try envelope.member("payload")
    var text = try payload.string().replacing("-", with: "+").replacing("_", with: "/")
    while !text.utf8.count.isMultiple(of: 4) { text += "=" }
    guard let bytes = Data(base64Encoded: text) else { throw payload.error("it is not base64") }
    do {
      let statement = ReportNode(try JSONDocument.read(Array(bytes)).root)
      try addStatement(statement, keys, to: &parsed)
    } catch let error as ReadingError {
      throw payload.error("in the payload: \(error.description)")
    }
  }

  private static func addStatement(
    _ statement: ReportNode, _ keys: [String], to parsed: inout IntakeReader.Parsed
  ) throws {
    let type = try statement.requiredString("_type")
    guard type.hasPrefix("https://in-toto.io/Statement/") else {
      throw try statement.member("_type").error("\"\(type)\" is no in-toto statement")
    }
    let predicateType = try statement.requiredString("predicateType")
    var names: [String] = []
    for subject in try statement.required("subject") {
      let digests = try subject.member("digest").members()
      guard !digests.isEmpty else { throw subject.error("a subject without a digest") }
      for (algorithm, value) in digests {
        let isCommit = ["sha1", "gitCommit"].contains(algorithm)
        let hex = try value.string()
        parsed.subjects.append(
          StatedSubject(isCommit ? .commit : .artifact, isCommit ? hex : "\(algorithm):\(hex)"))
        names.append("\(try subject.string("name") ?? "-") \(algorithm):\(hex)")
      }
    }
    guard !names.isEmpty else { throw statement.error("it speaks of no subject") }
    parsed.contents.append(
      .statement(ForeignStatement(type: predicateType, subjects: names, keyIDs: keys)))
    try addPredicate(statement, to: &parsed)
  }

  /// A predicate that is a report of a known kind counts as that report.
  private static func addPredicate(
    _ statement: ReportNode, to parsed: inout IntakeReader.Parsed
  ) throws {
    guard let predicate = try statement.optional("predicate"), predicate.json.isObject else {
      return
    }
    let kinds = JSONKind.all.filter {
      $0.format != .inTotoAttestation && $0.recognise(predicate) != nil
    }
    guard kinds.count == 1, let kind = kinds.first else { return }
    let inner = try kind.read([predicate], nil)
    parsed.contents = inner.contents + parsed.contents
    parsed.tools += inner.tools
    parsed.notes += ["Its predicate is a \(kind.format.rawValue) report."] + inner.notes
    parsed.madeAt = parsed.madeAt ?? inner.madeAt
  }
}
