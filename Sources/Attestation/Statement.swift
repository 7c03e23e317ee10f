public import Model
public import Reading

/// An in-toto statement, version 1: this predicate is true of these subjects.
public struct Statement: Hashable, Sendable {
  private static let type = "https://in-toto.io/Statement/v1"

  /// What it speaks of; at least one.
  public let subjects: [Subject]
  /// What sort of predicate it is, a URI.
  public let predicateType: String
  /// What is true.
  public let predicate: JSONValue

  /// States a predicate of subjects.
  ///
  /// - Throws: `ReadingError` without a subject.
  public init(subjects: [Subject], predicateType: String, predicate: JSONValue) throws {
    guard !subjects.isEmpty else { throw ReadingError("a statement needs at least one subject") }
    self.subjects = subjects
    self.predicateType = predicateType
    self.predicate = predicate
  }

  /// States a piece of evidence.
  ///
  /// - Throws: `ReadingError` without a subject, or when the predicate cannot be written.
  public init(_ evidence: Evidence) throws {
    try self.init(
      subjects: evidence.subjects, predicateType: evidence.kind.predicateType,
      predicate: JSONValue(encoding: evidence.predicate))
  }

  /// Reads a statement's JSON form, strictly; fields that it does not know are ignored, as in-toto
  /// Attestation v1 asks.
  ///
  /// - Throws: `ReadingError`.
  public init(json bytes: [UInt8]) throws {
    let value = try JSONReader.read(bytes)
    guard value["_type"]?.string == Self.type else {
      throw ReadingError("expected \"_type\" as \(Self.type)", pointer: "/_type")
    }
    guard let type = value["predicateType"]?.string, type.utf8.contains(0x3a) else {
      throw ReadingError("expected \"predicateType\" as a URI", pointer: "/predicateType")
    }
    guard let list = value["subject"], case .array = list else {
      throw ReadingError("expected \"subject\" as a list", pointer: "/subject")
    }
    try self.init(
      subjects: list.decode([Subject].self), predicateType: type,
      predicate: value["predicate"] ?? .object(JSONObject()))
  }

  /// The statement's canonical JSON form (RFC 8785): the bytes that are signed.
  public func json() throws -> [UInt8] {
    try CanonicalJSON.write(
      JSONValue.object([
        "_type": .string(Self.type), "predicateType": .string(predicateType),
        "subject": JSONValue(encoding: subjects), "predicate": predicate,
      ]))
  }

  /// The canonical JSON bytes of a value (RFC 8785).
  public static func canonical(_ value: some Encodable) throws -> [UInt8] {
    try CanonicalJSON.write(value)
  }

  /// The predicate as a value of this program's own.
  ///
  /// - Throws: `ReadingError` with a JSON pointer below the predicate.
  public func predicate<Value: Decodable>(as type: Value.Type) throws -> Value {
    try predicate.decode(type)
  }
}
