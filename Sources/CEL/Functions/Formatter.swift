/// `format`: `%s`, `%d`, `%f`, `%e`, `%b`, `%o`, `%x`, `%X` and `%%`.
enum Formatter {
  /// The most digits after the point that a form may ask for.
  static let maximumPrecision = 1_000

  static func format(
    _ form: String, _ arguments: [CELValue], _ frame: inout Frame
  ) throws(Fault) -> String {
    let bytes = Array(form.utf8)
    try frame.charge(bytes.count / 10)
    var output: [UInt8] = []
    var place = 0
    var used = 0
    while place < bytes.count {
      let here = bytes[place]
      place += 1
      guard here == UInt8(ascii: "%") else {
        output.append(here)
        continue
      }
      if bytes[safe: place] == UInt8(ascii: "%") {
        output.append(here)
        place += 1
        continue
      }
      let precision = try precision(bytes, &place)
      guard let clause = bytes[safe: place] else {
        throw Fault("formatting clause is not complete")
      }
      place += 1
      guard used < arguments.count else {
        throw Fault("formatting argument \(used) is out of range")
      }
      let text = try Formatter.text(arguments[used], clause, precision, &frame)
      used += 1
      try frame.charge(1 + text.utf8.count / 10)
      output += Array(text.utf8)
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func precision(_ bytes: [UInt8], _ place: inout Int) throws(Fault) -> Int? {
    guard bytes[safe: place] == UInt8(ascii: ".") else { return nil }
    place += 1
    var number = 0
    let start = place
    while let digit = bytes[safe: place], Lexer.isDigit(digit) {
      number = number * 10 + Int(digit - 0x30)
      place += 1
      guard number <= maximumPrecision else { throw Fault("formatting precision is too large") }
    }
    guard place > start else { throw Fault("formatting precision has no digits") }
    return number
  }

  private static func text(
    _ value: CELValue, _ clause: UInt8, _ precision: Int?, _ frame: inout Frame
  ) throws(Fault) -> String {
    switch clause {
    case UInt8(ascii: "s"): return try shown(value, &frame, 0)
    case UInt8(ascii: "d"):
      switch value {
      case .int(let number): return String(number)
      case .uint(let number): return String(number)
      case .double(let number): return DoubleText.plain(number)
      default: throw wrong(value, "decimal", "numbers")
      }
    case UInt8(ascii: "f"):
      return DoubleText.fixed(try number(value, "fixed-point"), precision ?? 6)
    case UInt8(ascii: "e"):
      return DoubleText.scientific(try number(value, "scientific"), precision ?? 6)
    case UInt8(ascii: "b"):
      if case .bool(let truth) = value { return truth ? "1" : "0" }
      return try whole(value, "binary", radix: 2)
    case UInt8(ascii: "o"): return try whole(value, "octal", radix: 8)
    case UInt8(ascii: "x"): return try hexadecimal(value, isUpper: false, &frame)
    case UInt8(ascii: "X"): return try hexadecimal(value, isUpper: true, &frame)
    default:
      let name = clause < 0x80 ? String(UnicodeScalar(clause)) : "?"
      throw Fault("unrecognized formatting clause \"\(name)\"")
    }
  }

  private static func wrong(_ value: CELValue, _ clause: String, _ wanted: String) -> Fault {
    Fault("the \(clause) clause is for \(wanted), was given '\(value.typeName)'")
  }

  private static func number(_ value: CELValue, _ clause: String) throws(Fault) -> Double {
    switch value {
    case .double(let number): number
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    default: throw wrong(value, clause, "numbers")
    }
  }

  private static func whole(
    _ value: CELValue, _ clause: String, radix: Int
  ) throws(Fault) -> String {
    switch value {
    case .int(let number): String(number, radix: radix)
    case .uint(let number): String(number, radix: radix)
    default: throw wrong(value, clause, "integers")
    }
  }

  private static func hexadecimal(
    _ value: CELValue, isUpper: Bool, _ frame: inout Frame
  ) throws(Fault) -> String {
    let bytes: [UInt8]
    switch value {
    case .int(let number): return String(number, radix: 16, uppercase: isUpper)
    case .uint(let number): return String(number, radix: 16, uppercase: isUpper)
    case .string(let text): bytes = Array(text.utf8)
    case .bytes(let all): bytes = all
    default: throw wrong(value, "hexadecimal", "integers, strings and bytes")
    }
    try frame.charge(bytes.count / 10)
    return bytes.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: isUpper)
    }.joined()
  }

  /// `%s` of any value.
  private static func shown(
    _ value: CELValue, _ frame: inout Frame, _ depth: Int
  ) throws(Fault) -> String {
    try frame.charge(1)
    guard depth < Equality.maximumDepth else {
      throw Fault(.depth, "the value is nested too deeply to format")
    }
    switch value {
    case .null: return "null"
    case .bool(let truth): return truth ? "true" : "false"
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return DoubleText.shortest(number)
    case .string(let text):
      try frame.charge(text.utf8.count / 10)
      return text
    case .bytes(let bytes):
      try frame.charge(bytes.count / 10)
      return String(decoding: bytes, as: UTF8.self)
    case .type(let name): return name
    case .timestamp(let moment): return moment.text
    case .duration(let length): return length.text
    case .list(let list):
      var parts: [String] = []
      for element in list { parts.append(try shown(element, &frame, depth + 1)) }
      return try bracketed("[", parts, "]", &frame)
    case .map(let map):
      var parts: [(key: String, value: String)] = []
      for entry in map.entries {
        let key = try shown(entry.key, &frame, depth + 1)
        parts.append((key, try shown(entry.value, &frame, depth + 1)))
      }
      parts.sort { Text.order($0.key, $1.key) == .less }
      return try bracketed("{", parts.map { "\($0.key): \($0.value)" }, "}", &frame)
    case .optional:
      throw Fault("the string clause is not for optional values")
    }
  }

  private static func bracketed(
    _ open: String, _ parts: [String], _ close: String, _ frame: inout Frame
  ) throws(Fault) -> String {
    try frame.charge(parts.reduce(0) { $0 + $1.utf8.count } / 10)
    return open + parts.joined(separator: ", ") + close
  }
}
