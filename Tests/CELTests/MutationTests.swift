import CEL
import Testing

/// Changed expressions: whatever they have become, there is a value or an error, and no crash.
@Suite struct MutationTests {
  /// A small generator, so that a failure can be seen again.
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let parts = [
    "(", ")", "[", "]", "{", "}", "?", ":", ".", ",", "'", "\"", "\\", "&&", "||", "==", "in ", "-",
    "!", "1", "0u", "1e9", "null", "x", ".all(x, ", ".map(y, ", "has(", "b'", "r'", "'''", "\u{0}",
    "é", "🐱", "9223372036854775808", ".?", "[?", "cel.bind(z, ", "`", "%", "// ",
  ]

  private static func mutated(_ source: String, _ random: inout Random) -> String {
    var scalars = Array(source.unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...scalars.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where place < scalars.count: scalars.remove(at: place)
      case 1:
        scalars.insert(
          contentsOf: parts.randomElement(using: &random)?.unicodeScalars ?? "x".unicodeScalars,
          at: place)
      case 2 where place < scalars.count:
        let end = min(scalars.count, place + Int.random(in: 1...20, using: &random))
        scalars.insert(contentsOf: Array(scalars[place..<end]), at: place)
      default: scalars.removeSubrange(place..<min(scalars.count, place + 5))
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  @Test(.enabled(if: VectorTests.isWanted)) func nothingCrashes() throws {
    let sources = try VectorTests.profile.flatMap { try VectorTests.cases($0) }.map(\.expr)
    var random = Random(state: 7)
    var environment = Environment()
    environment.limits.cost = 20_000
    var values = 0
    var failures = 0
    for _ in 0..<2_000 {
      let source = Self.mutated(sources.randomElement(using: &random) ?? "", &random)
      for isChecked in [true, false] {
        do throws(CELError) {
          _ = try Program(source, in: environment, isChecked: isChecked).evaluate()
          values += 1
        } catch {
          failures += 1
          #expect(error.line >= 1 && error.column >= 1 && !error.description.isEmpty)
        }
      }
    }
    #expect(values > 200 && failures > 200)
  }
}
