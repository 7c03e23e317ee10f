/// A generator that gives the same numbers every time (SplitMix64).
public struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  /// Begins at a seed; a failing test names it.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// `bytes` with one to three bytes removed, changed, copied or swapped.
  public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      let other = bytes[Int.random(in: 0..<bytes.count, using: &self)]
      switch Int.random(in: 0..<4, using: &self) {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 2: bytes.insert(other, at: place)
      default: bytes[place] = other
      }
    }
    return bytes
  }
}
