import Model
import Reading
import Testing

/// The schema of changes of the log key says what the program writes.
@Suite("Schema of log keys")
struct LogKeySchemaTests {
  private let key = "o.ledger+01234567+" + String(repeating: "A", count: 44)

  private func change(
    _ reason: LogKeyChange.Reason, trusted: LedgerPosition? = nil
  ) throws -> JSONValue {
    let after = LedgerPosition(origin: "o.ledger", size: 5, root: .sha256([1]))
    return try JSONValue(
      encoding: LogKeyChange(
        oldKey: key, newKey: key, reason: reason, explanation: "why", after: after,
        trusted: trusted, time: Instant(milliseconds: 0)))
  }

  @Test("changes of all sorts are as the schema says, and others are not")
  func forms() throws {
    let schema = try SchemaCheck("evidence/log-key")
    let trusted = LedgerPosition(origin: "o.ledger", size: 3, root: .sha256([2]))
    for reason in LogKeyChange.Reason.allCases {
      let value = try change(reason, trusted: reason == .stolen ? trusted : nil)
      #expect(try schema.faults(value) == [])
      #expect(schema.unnamed(value) == [])
    }
    guard case .object(let object) = try change(.rotation) else { return }
    for (name, value) in [
      ("oldKey", JSONValue.string("o.ledger")), ("reason", .string("mislaid")),
      ("firstSize", .integer(0)), ("after", .integer(5)), ("explanation", .string("")),
    ] {
      var changed = object
      changed[name] = value
      #expect(try !schema.faults(.object(changed)).isEmpty, "\(name)")
    }
  }
}
