/// `int`, `uint`, `double`, `bool`, `string`, `bytes`, `type`, `dyn`.
enum ConversionFunctions {
  static let all: [String: Implementation] = [
    "dyn": { (_, values) throws(Fault) in values[0] },
    "type": { (_, values) throws(Fault) in .type(values[0].typeName) },
    "int": { (_, values) throws(Fault) in .int(try int(values[0])) },
    "uint": { (_, values) throws(Fault) in .uint(try uint(values[0])) },
    "double": { (_, values) throws(Fault) in .double(try double(values[0])) },
    "bool": { (_, values) throws(Fault) in .bool(try bool(values[0])) },
    "string": { (frame, values) throws(Fault) in .string(try string(values[0], &frame)) },
    "bytes": { (frame, values) throws(Fault) in .bytes(try bytes(values[0], &frame)) },
  ]

  private static let outOfRange = Fault("the value is out of range")

  private static func int(_ value: CELValue) throws(Fault) -> Int64 {
    switch value {
    case .int(let number): return number
    case .uint(let number):
      guard let found = Int64(exactly: number) else { throw outOfRange }
      return found
    case .double(let number):
      guard let found = Numbers.int(number) else { throw outOfRange }
      return found
    case .string(let text):
      guard let found = Int64(text) else { throw cannotConvert(value, "int") }
      return found
    case .timestamp(let moment): return moment.seconds
    default: throw Fault.noOverload
    }
  }

  private static func uint(_ value: CELValue) throws(Fault) -> UInt64 {
    switch value {
    case .uint(let number): return number
    case .int(let number):
      guard let found = UInt64(exactly: number) else { throw outOfRange }
      return found
    case .double(let number):
      guard let found = Numbers.uint(number) else { throw outOfRange }
      return found
    case .string(let text):
      guard text.utf8.first != UInt8(ascii: "-"), let found = UInt64(text) else {
        throw cannotConvert(value, "uint")
      }
      return found
    default: throw Fault.noOverload
    }
  }

  private static func double(_ value: CELValue) throws(Fault) -> Double {
    switch value {
    case .double(let number): return number
    case .int(let number): return Double(number)
    case .uint(let number): return Double(number)
    case .string(let text):
      guard let found = DoubleText.parse(text) else { throw cannotConvert(value, "double") }
      return found
    default: throw Fault.noOverload
    }
  }

  private static func bool(_ value: CELValue) throws(Fault) -> Bool {
    switch value {
    case .bool(let truth): return truth
    case .string(let text):
      switch text {
      case "1", "t", "true", "TRUE", "True": return true
      case "0", "f", "false", "FALSE", "False": return false
      default: throw cannotConvert(value, "bool")
      }
    default: throw Fault.noOverload
    }
  }

  private static func string(_ value: CELValue, _ frame: inout Frame) throws(Fault) -> String {
    switch value {
    case .string(let text): return text
    case .bool(let truth): return truth ? "true" : "false"
    case .int(let number): return String(number)
    case .uint(let number): return String(number)
    case .double(let number): return DoubleText.shortest(number)
    case .timestamp(let moment): return moment.text
    case .duration(let length): return length.text
    case .bytes(let bytes):
      try frame.charge(bytes.count / 10)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Fault("the bytes are not valid UTF-8")
      }
      return text
    default: throw Fault.noOverload
    }
  }

  private static func bytes(_ value: CELValue, _ frame: inout Frame) throws(Fault) -> [UInt8] {
    switch value {
    case .bytes(let bytes): return bytes
    case .string(let text):
      try frame.charge(text.utf8.count / 10)
      return Array(text.utf8)
    default: throw Fault.noOverload
    }
  }

  private static func cannotConvert(_ value: CELValue, _ type: String) -> Fault {
    Fault("cannot convert \(Shown.text(value)) to '\(type)'")
  }
}
