/// Runs of bytes, compared eight at a time.
enum ByteRun {
  /// Whether two runs hold the same bytes.
  @inline(__always)
  static func isSame(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard left.count == right.count else { return false }
    guard let one = left.baseAddress, let other = right.baseAddress else { return true }
    let (first, second) = (UnsafeRawPointer(one), UnsafeRawPointer(other))
    var place = 0
    while place + 8 <= left.count {
      let isSame =
        first.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        == second.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      guard isSame else { return false }
      place += 8
    }
    while place < left.count {
      guard left[place] == right[place] else { return false }
      place += 1
    }
    return true
  }
}
