import Foundation
import FoundationXML
import Reading
import TestKit
import Testing

@Suite("XML")
struct XMLTests {
  private func events(_ bytes: [UInt8], _ limits: ReadingLimits = .report) throws -> [XMLEvent] {
    var reader = try XMLReader(bytes, limits: limits)
    var events: [XMLEvent] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  private func events(_ text: String) throws -> [XMLEvent] { try events(Array(text.utf8)) }

  @Test("Events come in order, references resolved")
  func reads() throws {
    let text = """
      <?xml version="1.0" encoding="UTF-8" standalone='yes'?>
      <!-- a comment -->
      <a x="1&lt;&#65;&#x42;\t2" y='"'><b/>t&amp;u<![CDATA[<&]]></a >
      <?target data?>
      """
    let found = try events(text)
    #expect(
      found == [
        .start("a", [.init(name: "x", value: "1<AB 2"), .init(name: "y", value: "\"")]),
        .start("b", []), .end("b"), .text("t&u"), .text("<&"), .end("a"),
      ])
  }

  @Test("Line ends become one line feed, written ones stay")
  func lineEnds() throws {
    #expect(
      try events("<a>1\r\n2\r3&#13;\r\n4</a>") == [
        .start("a", []), .text("1\n2\n3\r\n4"), .end("a"),
      ])
    #expect(try events("<a>1\r\n2\r</a>")[1] == .text("1\n2\n"))
  }

  @Test(
    "What is not well-formed is refused with its place",
    arguments: [
      ("", "1:1", "no element"),
      ("<a>", "1:4", "ends inside <a>"),
      ("<a>\n<b></a>", "2:4", "expected </b>"),
      ("<a/><b/>", "1:5", "second element"),
      ("<a/>x", "1:5", "inside an element"),
      ("<a x='1' x='2'/>", "1:15", "twice"),
      ("<a x='1'y='2'/>", "1:9", "white space"),
      ("<a x=1/>", "1:6", "quotes"),
      ("<a x='<'/>", "1:7", "must not stand"),
      ("<a>]]></a>", "1:4", "]]>"),
      ("<a>&nbsp;</a>", "1:4", "not a reference"),
      ("<a>&#0;</a>", "1:4", "not a reference"),
      ("<a>&#xD800;</a>", "1:4", "not a reference"),
      ("<a>& b</a>", "1:4", "without ';'"),
      ("<a>\u{1}</a>", "1:4", "not allow"),
      ("<a>\u{ffff}</a>", "1:4", "not allow"),
      ("<a><!-- -- --></a>", "1:11", "comment"),
      ("<a><![CDATA[x</a>", "1:4", "CDATA"),
      ("<1/>", "1:2", "a name"),
      (" <?xml version='1.0'?><a/>", "1:2", "very beginning"),
      ("<?xml version='1.1'?><a/>", "1:20", "1.1"),
      ("<?xml encoding='UTF-8'?><a/>", "1:25", "no version"),
      ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "1:1", "DOCTYPE"),
      ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "1:1", "DOCTYPE"),
    ])
  func refuses(text: String, place: String, reason: String) throws {
    let error = #expect(throws: ReadingError.self) { try events(text) }
    #expect(error?.position?.description == place)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("Encodings are taken as declared, and contradictions refused")
  func encodings() throws {
    let declared = Array("<?xml version='1.0' encoding='ISO-8859-15'?><a>".utf8)
    let end = Array("</a>".utf8)
    #expect(try events(declared + [0xa4, 0xe9] + end)[1] == .text("€é"))
    let latin1 = Array("<?xml version='1.0' encoding='iso-8859-1'?><a>".utf8)
    #expect(try events(latin1 + [0xa4] + end)[1] == .text("¤"))
    let plain = Array("<a>".utf8)
    #expect(throws: ReadingError.self) { try events(plain + [0xe9] + end) }
    let wide = Array("<?xml version='1.0' encoding='UTF-16'?><a>é😀</a>".utf16)
    #expect(
      try events([0xff, 0xfe] + wide.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })[1]
        == .text("é😀"))
    #expect(
      try events([0xfe, 0xff] + wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })[1]
        == .text("é😀"))
    #expect(throws: ReadingError.self) {
      try events([0xef, 0xbb, 0xbf] + declared + end)
    }
    #expect(throws: ReadingError.self) {
      try events("<?xml version='1.0' encoding='EBCDIC'?><a/>")
    }
    #expect(throws: ReadingError.self) { try events("<?xml version='1.0' encoding='UTF-16'?><a/>") }
  }

  @Test("Limits are kept: bytes, depth, values")
  func limits() throws {
    let limits = ReadingLimits(bytes: 40, depth: 3, values: 5)
    #expect(try events(Array("<a><b><c/></b></a>".utf8), limits).count == 6)
    #expect(throws: ReadingError.self) {
      try events(Array("<a><b><c><d/></c></b></a>".utf8), limits)
    }
    #expect(throws: ReadingError.self) {
      try events(Array("<a b='' c='' d='' e='' f=''/>".utf8), limits)
    }
    #expect(throws: ReadingError.self) {
      try events(Array(repeating: 0x20, count: 41), limits)
    }
  }

  @Test("Whatever is taken, another parser takes too")
  func agreesWithAnotherParser() throws {
    let seeds = [
      "<?xml version=\"1.0\"?><a x='1' y=\"2\"><b>t&amp;u</b><!-- c --><![CDATA[d]]><c/></a>",
      "<testsuite name='é'><testcase name='&#233;'/>\r\n<?p i?></testsuite>",
    ]
    var generator = Seeded(seed: 20_261_123)
    var taken = 0
    for seed in seeds {
      let original = Array(seed.utf8)
      for _ in 0..<4000 {
        let bytes = generator.mutated(original)
        guard (try? events(bytes)) != nil else { continue }
        taken += 1
        #expect(XMLParser(data: Data(bytes)).parse(), "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(taken > 500)
  }

  @Test("A document in parts of any size says the same, at the same places")
  func parts() throws {
    let head = "<?xml version='1.0' encoding='ISO-8859-15'?>"
    let body = "\n<a x='1&lt;' y='\t'><b>t&amp;\r\nü€</b><!-- c -->\n<![CDATA[d]\r]]><c\n/></a>\n"
    let utf8 = Array(body.utf8)
    let latin = Array(head.utf8) + body.unicodeScalars.map { $0 == "€" ? 0xa4 : UInt8($0.value) }
    var utf16: [UInt8] = [0xff, 0xfe]
    for unit in body.utf16 { utf16 += [UInt8(unit & 0xff), UInt8(unit >> 8)] }
    for bytes in [utf8, latin, utf16] {
      let whole = try joined(events(bytes))
      for size in [1, 2, 3, 7, 64] {
        var rest = bytes[...]
        var reader = try XMLReader(parts: {
          defer { rest = rest.dropFirst(size) }
          return Array(rest.prefix(size))
        })
        var events: [XMLEvent] = []
        while let event = try reader.next() { events.append(event) }
        #expect(joined(events) == whole, "parts of \(size)")
      }
    }
  }

  private func joined(_ events: [XMLEvent]) -> [XMLEvent] {
    events.reduce(into: []) { joined, event in
      if case .text(let text) = event, case .text(let before)? = joined.last {
        joined[joined.count - 1] = .text(before + text)
      } else {
        joined.append(event)
      }
    }
  }

  @Test(
    "A document type is passed over where that is asked for, and never with declarations of its own",
    arguments: [
      ("<!DOCTYPE a SYSTEM 'x.dtd'><a/>", nil), ("<!DOCTYPE a PUBLIC \"p\" 'x>'><a/>", nil),
      ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "declarations of its own"),
      ("<!DOCTYPE a SYSTEM 'x'", "ends inside a DOCTYPE"),
      ("<a><!DOCTYPE a></a>", "must stand once"),
      ("<!DOCTYPE a><!DOCTYPE a><a/>", "must stand once"),
    ] as [(String, String?)])
  func documentTypes(text: String, reason: String?) throws {
    func read(_ type: XMLDocumentType) throws {
      var rest = Array(text.utf8)
      var reader = try XMLReader(
        parts: {
          defer { rest = [] }
          return rest
        }, document: type)
      while try reader.next() != nil {}
    }
    #expect(throws: ReadingError.self) { try read(.refused) }
    if let reason {
      let error = #expect(throws: ReadingError.self) { try read(.external) }
      #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    } else {
      try read(.external)
    }
  }

  @Test("A document cut off at any byte is refused")
  func cutOff() throws {
    let bytes = Array(
      "<?xml version='1.0'?>\n<a x='1'><b>t&amp;</b><!-- c --><![CDATA[d]]></a>".utf8)
    #expect(try events(bytes).count > 0)
    for count in 0..<bytes.count {
      #expect(throws: ReadingError.self) { try events(Array(bytes.prefix(count))) }
    }
  }
}
