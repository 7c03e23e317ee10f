import Foundation
import Synchronization

/// Finds secrets in bytes that arrive in parts, in each form in which a program may print them,
/// and puts `***` in their place.
///
/// All forms of all secrets are looked for at once (Aho and Corasick, 1975), so that the cost does
/// not grow with their number, and a secret that is split over any number of parts is found.
struct SecretMask: Sendable {
  /// Secrets shorter than this are not masked: they would mask ordinary words.
  static let leastLength = 4

  /// Next state by state and byte; empty when there is nothing to look for.
  private let next: [Int32]
  /// Length of the longest form that ends in a state.
  private let matched: [Int32]
  /// How much of some form a state has seen.
  private let depth: [Int32]

  init(secrets: [[UInt8]]) {
    let forms = Set(secrets.flatMap(Self.forms))
    guard !forms.isEmpty else {
      (next, matched, depth) = ([], [], [])
      return
    }
    var next = [Int32](repeating: 0, count: 256)
    var matched: [Int32] = [0]
    var depth: [Int32] = [0]
    for form in forms {
      var state = 0
      for byte in form {
        let place = state * 256 + Int(byte)
        if next[place] == 0 {
          next[place] = Int32(matched.count)
          matched.append(0)
          depth.append(depth[state] + 1)
          next.append(contentsOf: repeatElement(0, count: 256))
        }
        state = Int(next[place])
      }
      matched[state] = Int32(form.count)
    }
    var failure = [Int](repeating: 0, count: matched.count)
    var queue = (0..<256).compactMap { next[$0] == 0 ? nil : Int(next[$0]) }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      matched[state] = max(matched[state], matched[failure[state]])
      for byte in 0..<256 {
        let child = Int(next[state * 256 + byte])
        let fallback = next[failure[state] * 256 + byte]
        if child == 0 {
          next[state * 256 + byte] = fallback
        } else {
          failure[child] = Int(fallback)
          queue.append(child)
        }
      }
    }
    (self.next, self.matched, self.depth) = (next, matched, depth)
  }

  /// Goes on by one byte.
  ///
  /// - Returns: whether some form ends with it.
  func advance(_ state: inout Int, _ byte: UInt8) -> Bool {
    guard !next.isEmpty else { return false }
    state = Int(next[state * 256 + Int(byte)])
    return matched[state] > 0
  }

  /// Whether there is nothing to mask.
  var isEmpty: Bool { next.isEmpty }

  /// A text with its secrets masked.
  func masked(_ text: String) -> String {
    if isEmpty { return text }
    var stream = Stream(self)
    return String(decoding: stream.take(Array(text.utf8)) + stream.finish(), as: UTF8.self)
  }

  /// Masks bytes that arrive in parts: what could still become a secret is kept back.
  struct Stream {
    private let mask: SecretMask
    private var state = 0
    private var pending: [UInt8] = []
    private var isSecret: [Bool] = []
    private var endsMasked = false

    init(_ mask: SecretMask) { self.mask = mask }

    /// Takes the next bytes and gives those that are decided.
    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
      if mask.isEmpty { return bytes }
      pending.reserveCapacity(pending.count + bytes.count)
      for byte in bytes {
        pending.append(byte)
        isSecret.append(false)
        state = Int(mask.next[state * 256 + Int(byte)])
        let length = Int(mask.matched[state])
        if length > 0 {
          for place in (pending.count - length)..<pending.count { isSecret[place] = true }
        }
      }
      return emit(keeping: Int(mask.depth[state]))
    }

    /// Gives what was kept back.
    mutating func finish() -> [UInt8] {
      state = 0
      return emit(keeping: 0)
    }

    private mutating func emit(keeping kept: Int) -> [UInt8] {
      let count = pending.count - kept
      var output: [UInt8] = []
      output.reserveCapacity(count)
      for place in 0..<max(0, count) {
        if !isSecret[place] { output.append(pending[place]) }
        if isSecret[place], !endsMasked { output.append(contentsOf: [0x2a, 0x2a, 0x2a]) }
        endsMasked = isSecret[place]
      }
      pending.removeFirst(max(0, count))
      isSecret.removeFirst(max(0, count))
      return output
    }
  }

  /// The forms of a secret: as it is, each of its lines, and each of those in base64 (at every
  /// place that it can have in a longer text), percent-encoded, escaped for JSON, hexadecimal.
  private static func forms(_ secret: [UInt8]) -> [[UInt8]] {
    let lines = secret.split { $0 == 0x0a || $0 == 0x0d }.map { Array($0) }
    let parts = ([secret] + (lines.count > 1 ? lines : [])).filter { $0.count >= leastLength }
    return parts.flatMap { part -> [[UInt8]] in
      [part, percentEncoded(part, upper: true), percentEncoded(part, upper: false), escaped(part)]
        + base64(part) + hexadecimal(part)
    }.filter { $0.count >= leastLength }
  }

  /// A text in base64 has three forms, by where it begins in a group of three bytes; the
  /// characters at its ends that depend on its neighbours are left out.
  private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
    (0..<3).flatMap { offset -> [[UInt8]] in
      let padded = Data([UInt8](repeating: 0, count: offset) + bytes)
      let text = Array(padded.base64EncodedString().utf8)
      let start = (offset * 8 + 5) / 6
      let end = (offset + bytes.count) * 8 / 6
      guard start < end else { return [] }
      let standard = Array(text[start..<end])
      let safe = standard.map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 }
      return [standard, safe]
    }
  }

  private static func percentEncoded(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
    let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: [byte]
      default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x22, 0x5c: [0x5c, byte]
      case 0x0a: [0x5c, 0x6e]
      case 0x0d: [0x5c, 0x72]
      case 0x09: [0x5c, 0x74]
      default: [byte]
      }
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> [[UInt8]] {
    let lower = bytes.flatMap {
      Array((String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)).utf8)
    }
    return [lower, lower.map { (0x61...0x66).contains($0) ? $0 - 0x20 : $0 }]
  }
}
