/// A length of time in nanoseconds, at most about 292 years either way (the definition's int64).
public struct CELDuration: Sendable, Hashable, Comparable {
  /// Nanoseconds, negative for backwards.
  public let nanoseconds: Int64

  /// A length of time.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// From seconds and nanoseconds; nil when that does not fit.
  public init?(seconds: Int64, nanoseconds: Int64) {
    let (product, over) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !over else { return nil }
    let (sum, overSum) = product.addingReportingOverflow(nanoseconds)
    guard !overSum else { return nil }
    self.nanoseconds = sum
  }

  /// Shorter before longer.
  public static func < (left: CELDuration, right: CELDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Seconds with a fraction and an `s`, as `string()` gives.
  public var text: String {
    let whole = nanoseconds.magnitude / 1_000_000_000
    let rest = nanoseconds.magnitude % 1_000_000_000
    return (nanoseconds < 0 ? "-" : "") + "\(whole)" + Fraction.text(Int(rest)) + "s"
  }

  /// From a text such as `1h30m`, `1.5s` or `-3ms`; nil when it is not one or does not fit.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    if rest.elementsEqual("0".utf8) {
      self.init(nanoseconds: 0)
      return
    }
    guard !rest.isEmpty, rest.count <= 200 else { return nil }
    var total: UInt64 = 0
    while !rest.isEmpty {
      guard let part = CELDuration.part(&rest) else { return nil }
      let (sum, over) = total.addingReportingOverflow(part)
      guard !over else { return nil }
      total = sum
    }
    let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
    guard total <= limit else { return nil }
    self.init(nanoseconds: isNegative ? Int64(truncatingIfNeeded: 0 &- total) : Int64(total))
  }

  /// One number with its unit, in nanoseconds.
  private static func part(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    rest = rest.dropFirst(digits.count)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      rest = rest.dropFirst(fraction.count)
    }
    guard !digits.isEmpty || !fraction.isEmpty else { return nil }
    let unit = rest.prefix { !($0 >= 0x30 && $0 <= 0x39) && $0 != UInt8(ascii: ".") }
    rest = rest.dropFirst(unit.count)
    guard let scale = scales[String(decoding: unit, as: UTF8.self)] else { return nil }
    guard let whole = UInt64(digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self))
    else { return nil }
    let (product, over) = whole.multipliedReportingOverflow(by: scale)
    guard !over else { return nil }
    // Fifteen digits of fraction are below a nanosecond for every unit.
    var below: UInt64 = 0
    var divisor: UInt64 = 1
    for digit in fraction.prefix(15) {
      below = below * 10 + UInt64(digit - 0x30)
      divisor *= 10
    }
    let wide = below.multipliedFullWidth(by: scale)
    let (sum, overSum) = product.addingReportingOverflow(divisor.dividingFullWidth(wide).quotient)
    return overSum ? nil : sum
  }

  private static let scales: [String: UInt64] = [
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
    "m": 60_000_000_000, "h": 3_600_000_000_000,
  ]
}

/// The fraction of a second in texts.
enum Fraction {
  /// A point and the digits without trailing zeros, or nothing.
  static func text(_ nanoseconds: Int) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits = Array(String(nanoseconds).utf8)
    digits.insert(contentsOf: Array(repeating: 0x30, count: 9 - digits.count), at: 0)
    while digits.last == 0x30 { digits.removeLast() }
    return "." + String(decoding: digits, as: UTF8.self)
  }
}
