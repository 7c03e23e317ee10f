/// One statement and its values, which are only ever sent beside it, in binary.
struct SQLCommand {
  let sql: String
  let values: [SQLValue]

  init(_ sql: String, _ values: [SQLValue] = []) {
    self.sql = sql
    self.values = values
  }
}

/// A value as PostgreSQL takes it in binary. The statement casts each parameter to exactly this
/// type, so that the server reads the bytes as what they are.
enum SQLValue {
  /// `int8`
  case integer(Int64)
  /// `text`
  case text(String)
  /// `bytea`
  case bytes([UInt8])
  /// `int8[]`
  case integers([Int64])
  /// `text[]`
  case texts([String?])
  /// `bytea[]`
  case byteses([[UInt8]?])

  /// The bytes that are sent.
  func encode(into buffer: inout [UInt8]) {
    switch self {
    case .integer(let value): buffer.append(bigEndian: value)
    case .text(let text): buffer.append(contentsOf: text.utf8)
    case .bytes(let bytes): buffer.append(contentsOf: bytes)
    case .integers(let values):
      Self.array(values, element: 20, into: &buffer) { value, buffer in
        buffer.append(bigEndian: Int32(8))
        buffer.append(bigEndian: value)
      }
    case .texts(let values):
      Self.array(values, element: 25, into: &buffer) { $1.append(counted: $0?.utf8) }
    case .byteses(let values):
      Self.array(values, element: 17, into: &buffer) { $1.append(counted: $0) }
    }
  }

  /// An array of one dimension: dimensions, whether some are null, the elements' type, how many,
  /// the first index, and each element with its length.
  private static func array<Value>(
    _ values: [Value], element: Int32, into buffer: inout [UInt8],
    _ encode: (Value, inout [UInt8]) -> Void
  ) {
    buffer.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
    buffer.append(bigEndian: Int32(1))
    buffer.append(bigEndian: element)
    guard !values.isEmpty else { return }
    buffer.append(bigEndian: Int32(values.count))
    buffer.append(bigEndian: Int32(1))
    for value in values { encode(value, &buffer) }
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(counted bytes: (some Collection<UInt8>)?) {
    guard let bytes else { return append(bigEndian: Int32(-1)) }
    append(bigEndian: Int32(bytes.count))
    append(contentsOf: bytes)
  }
}
