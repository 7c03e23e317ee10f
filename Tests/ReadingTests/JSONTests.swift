import Reading
import Testing

@Suite("JSON")
struct JSONTests {
  private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

  private func canonical(_ text: String) throws -> String {
    String(decoding: try CanonicalJSON.write(read(text)), as: UTF8.self)
  }

  @Test(
    "refuses with line and column",
    arguments: [
      (#"{"a":1,"a":2}"#, "1:8: the name \"a\" stands twice"),
      (#"{"a":1,"\u0061":2}"#, "stands twice"),
      ("[1,\n 2,]", "2:4: expected a value"),
      ("", "1:1: the text ends where a value is expected"),
      ("{", "expected a name"), ("[1", "expected ',' or ']'"), ("01", "must not begin with 0"),
      ("1.", "expected a digit"), ("-", "expected a digit"), ("1e999", "too large"),
      ("9223372036854775808", "does not fit"), ("\"\u{1}\"", "control character"),
      (#""\ud800""#, "high surrogate"), (#""\udc00""#, "low surrogate"),
      (#""\x""#, "unknown escape"),
      (#""\u12""#, "four hexadecimal"), (#""\u+123""#, "four hexadecimal"),
      ("\"abc", "inside a string"),
      ("nul", "expected a value"), ("1 2", "end of the text"), ("'a'", "expected a value"),
      ("{a:1}", "expected a name"), (#"{"a" 1}"#, "expected ':'"), ("NaN", "expected a value"),
    ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: ReadingError.self) { try read(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("refuses invalid UTF-8, depth and size")
  func limits() {
    #expect(throws: ReadingError.self) { try JSONReader.read([0x22, 0xff, 0x22]) }
    #expect(throws: ReadingError.self) { try JSONReader.read([0x22, 0xc0, 0x80, 0x22]) }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ReadingError.self) { try read(deep) }
    let tiny = ReadingLimits(bytes: 3, depth: 1, values: 2)
    #expect(throws: ReadingError.self) { try JSONReader.read(Array("[1,2]".utf8), limits: tiny) }
    #expect(throws: ReadingError.self) { try JSONReader.read(Array("[[]".utf8), limits: tiny) }
  }

  @Test("names are compared byte by byte, not by canonical equivalence")
  func canonicalEquivalence() throws {
    let value = try read("{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{e9}"] == .integer(1))
    #expect(value["e\u{301}"] == .integer(2))
  }

  @Test("large objects find their members and their duplicates")
  func largeObjects() throws {
    let members = (0..<500).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let value = try read("{\(members)}")
    #expect(value["k499"] == .integer(499))
    #expect(throws: ReadingError.self) { try read("{\(members),\"k3\":0}") }
  }

  @Test(
    "writes the canonical form of RFC 8785",
    arguments: [
      (
        #"{"b":[1, 2.50, true, null],"a":"\u20ac\/\n"}"#,
        "{\"a\":\"€/\\n\",\"b\":[1,2.5,true,null]}"
      ),
      (
        #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#,
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
      ),
      (#""\u0000\u001f\"\\""#, #""\u0000\u001f\"\\""#),
      ("333333333.33333329", "333333333.3333333"), ("1E30", "1e+30"), ("4.50", "4.5"),
      ("2e-3", "0.002"), ("0.000000000000000000000000001", "1e-27"), ("-0.0", "0"),
      ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
      ("123456789012345680000.0", "123456789012345680000"), ("1e21", "1e+21"),
      ("0.000001", "0.000001"), ("1e-7", "1e-7"), ("9007199254740991", "9007199254740991"),
    ])
  func canonicalForm(text: String, expected: String) throws {
    #expect(try canonical(text) == expected)
  }

  @Test("refuses integers that other readers would change")
  func unsafeIntegers() {
    #expect(throws: ReadingError.self) { try canonical("9007199254740992") }
    #expect(throws: ReadingError.self) { try canonical("-9223372036854775808") }
  }

  @Test("mutated texts never crash, and what is read reads back")
  func mutations() throws {
    let seed = Array(
      #"{"a":[1,2.5e3,"x\u00e9\n",{"b":null}],"c":{"d":true,"e":"\ud83d\ude00"}}"#.utf8)
    var generator = SplitMix64(state: 42)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
        }
      }
      guard let value = try? JSONReader.read(bytes) else { continue }
      accepted += 1
      let written = try CanonicalJSON.write(value)
      #expect(try CanonicalJSON.write(JSONReader.read(written)) == written)
    }
    #expect(accepted > 100)
  }

  struct Sample: Codable, Equatable {
    struct Inner: Codable, Equatable { let names: [String]; let count: Int?;  }
    let inner: [Inner]
    let ratio: Double
    let flag: Bool
    let size: UInt8
    let map: [String: Int]
  }

  @Test("encodes and decodes Codable values")
  func codable() throws {
    let sample = Sample(
      inner: [.init(names: ["a"], count: nil), .init(names: [], count: 3)], ratio: 0.5, flag: true,
      size: 255, map: ["k": 1])
    let bytes = try CanonicalJSON.write(sample)
    #expect(try JSONReader.read(bytes).decode(Sample.self) == sample)
    let wrong = try read(#"{"inner":[{"names":[1]}],"ratio":1,"flag":true,"size":256,"map":{}}"#)
    let error = #expect(throws: ReadingError.self) { try wrong.decode(Sample.self) }
    #expect(error?.pointer == "/inner/0/names/0")
  }
}

/// A generator with a seed, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
