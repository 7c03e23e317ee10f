import Model

extension RunJourney {
  /// An id that sorts by time: `20261123-113000-123-4f2a9c`.
  static func newID(_ time: Instant) -> String {
    let digits = time.description.filter { $0.isNumber }
    let random = String(UInt32.random(in: .min ... .max), radix: 16)
    return "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))-\(digits.suffix(3))-\(random)"
  }
}
