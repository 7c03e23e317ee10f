import CEL
import Expressions
import Foundation
import Reading
import Testing

@Suite struct LineProtocolTests {
  private func answer(_ line: String) throws -> JSONValue {
    try JSONReader.read(LineProtocol.answer(Array(line.utf8)))
  }

  @Test(
    "what cannot be answered is answered with an error, and keeps its id",
    arguments: [
      (#"{"id":1,"expr":"1 +"}"#, "1:4: "), (#"{"id":1,"expr":"1/0"}"#, "1:2: "),
      (#"{"id":1,"expr":"x"}"#, "x"), (#"{"id":1}"#, "expr"),
      (#"{"id":1,"expr":"1","exp":"2"}"#, "exp"), (#"{"id":1,"expr":3}"#, "expr"),
      (#"{"id":1,"expr":"x","bindings":{"x":{"t":"int","v":3}}}"#, "int"),
      (#"{"id":1,"expr":"x","bindings":{"x":{"t":"number","v":"3"}}}"#, "number"),
      (#"{"id":1,"expr":"x","typeEnv":[{"name":"x","type":"map("}]}"#, "type"),
      (#"{"id":1,"expr":"[].map(x, x)","disableMacros":true}"#, "macros"),
    ])
  func failure(_ line: String, _ words: String) throws {
    let found = try answer(line)
    #expect(found["id"] == .integer(1))
    #expect(found["value"] == nil)
    #expect(found["error"]?.string?.contains(words) == true, "\(found)")
  }

  @Test(
    "what is no question is answered without an id",
    arguments: [
      "", "{", "null", "[]", "\u{0}", #"{"expr":"1"}"#, #"{"id":1,"id":2,"expr":"1"}"#,
    ])
  func noQuestion(_ line: String) throws {
    let found = try answer(line)
    #expect(found["id"] == .null)
    #expect(found["error"]?.string?.isEmpty == false)
  }

  @Test("bytes that are no text, and a line that is too long") func bytes() throws {
    for line in [
      [0xff, 0xfe], Array(repeating: UInt8(ascii: "["), count: 100_000),
      Array(repeating: UInt8(ascii: " "), count: LineProtocol.length + 1),
    ] {
      #expect(try JSONReader.read(LineProtocol.answer(line))["error"] != nil)
    }
  }

  @Test("typed values come back as they went in") func typedValues() throws {
    var map = CELMap()
    map.insert(.int(1), .uint(.max))
    map.insert(.string("a"), .list([.bytes([0, 255]), .null, .bool(true)]))
    let values: [CELValue] = [
      .map(map), .int(.min), .double(-0.0), .double(.infinity), .double(.leastNonzeroMagnitude),
      .string("é\u{0}"),
      .optional(nil), .optional(.int(1)), .type("int"),
      .duration(CELDuration(nanoseconds: -1_500_000_001)),
      .timestamp(try #require(CELTimestamp(seconds: -1, nanoseconds: 5))),
    ]
    for value in values {
      let json = TypedValue.write(value)
      let again = try TypedValue.read(JSONReader.read(CanonicalJSON.write(json)))
      #expect(TypedValue.write(again) == json)
      #expect(again.typeName == value.typeName)
    }
  }

  @Test("lines are cut at their ends, and never held beyond the limit") func lines() {
    var splitter = LineSplitter(length: 4)
    #expect(splitter.lines(Array("ab\r\n\ncd".utf8)) == [Array("ab".utf8), []])
    #expect(splitter.lines(Array("e\n123456789".utf8)) == [Array("cde".utf8)])
    #expect(splitter.lines(Array("0\nx".utf8)) == [Array("12345".utf8)])
    #expect(splitter.rest() == Array("x".utf8))
    #expect(splitter.rest() == nil)
  }
}
