import Reading
import Testing

@Suite("YAML")
struct YAMLTests {
  private func read(_ text: String) throws -> YAMLNode { try YAMLReader.read(Array(text.utf8)) }

  @Test("keeps places, and reads scalars by the core schema")
  func scalars() throws {
    let node = try read("a: 1\nb: 'yes'\nc: yes\nd: 1.5\ne: 012\nf:\ng: [true, ~]\nh: 1.2.3\n")
    #expect(node["a"]?.json == .integer(1))
    #expect(node["b"]?.json == .string("yes"))
    #expect(node["c"]?.json == .string("yes"))
    #expect(node["d"]?.json == .number(1.5))
    #expect(node["e"]?.json == .string("012"))
    #expect(node["f"]?.json == .null)
    #expect(node["g"]?.json == .array([.bool(true), .null]))
    #expect(node["h"]?.json == .string("1.2.3"))
    #expect(node["c"]?.position == Position(line: 3, column: 4))
  }

  @Test(
    "refuses with its place",
    arguments: [
      ("a: 1\na: 2\n", "stands twice"), ("a: &x 1\nb: *x\n", "anchors"),
      ("a: [1\n", "not well-formed"),
      ("a: 1\n---\nb: 2\n", "expected one document"), ("", "empty"),
      ("a: *nothing\n", "undefined alias"),
      ("? [a]\n: 1\n", "key must be a text"), ("a:\n\t- 1\n", "not well-formed"),
    ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: ReadingError.self) { try read(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("an alias bomb and deep nesting end at once")
  func bombs() {
    var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1..<12 {
      let references = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      bomb += "a\(level): &a\(level) [\(references)]\n"
    }
    #expect(throws: ReadingError.self) { try read(bomb) }
    #expect(throws: ReadingError.self) { try read(String(repeating: "[", count: 50_000)) }
    #expect(throws: ReadingError.self) {
      try read((0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
    }
  }

  @Test("an unknown key is told with the nearest word")
  func nearest() throws {
    let node = try read("name: x\ntimout: 3\n")
    let error = #expect(throws: ReadingError.self) {
      try FieldReader(node, "a step", known: ["name", "timeout", "retries"])
    }
    #expect(
      error?.description == "2:1: \"timout\" is not a key of a step; did you mean \"timeout\"?")
  }

  @Test("fields are typed")
  func fields() throws {
    let reader = try FieldReader(
      read("a: 5\nb: true\nc: [x, y]\nd: text\ne: {k: v}\n"), "a thing",
      known: ["a", "b", "c", "d", "e", "f"])
    #expect(try reader.integer("a", in: 0...9) == 5)
    #expect(try reader.bool("b") == true)
    #expect(try reader.strings("c") == ["x", "y"])
    #expect(try reader.string("d") == "text")
    #expect(try reader.mapping("e").map(\.key) == ["k"])
    #expect(try reader.string("f") == nil)
    #expect(throws: ReadingError.self) { try reader.integer("a", in: 6...9) }
    #expect(throws: ReadingError.self) { try reader.string("a") }
    #expect(throws: ReadingError.self) { try reader.requiredString("f") }
    #expect(throws: ReadingError.self) { try reader.choice("d", of: ["test", "tent"]) }
  }
}
