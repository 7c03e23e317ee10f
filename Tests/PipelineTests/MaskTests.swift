import Foundation
import Model
import Testing

@testable import Pipeline

@Suite("Masking secrets")
struct MaskTests {
  private static let secret = "s3cr/t+val~ue é\"x"
  private static let multiline = "first line of key\nsecond line of key\n--"

  private func mask(_ bytes: [UInt8], parts: Int, secrets: [String]) -> [UInt8] {
    mask(bytes, parts: parts, SecretMask(secrets: secrets.map { Array($0.utf8) }))
  }

  private func mask(_ bytes: [UInt8], parts: Int, _ mask: SecretMask) -> [UInt8] {
    var stream = SecretMask.Stream(mask)
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: parts) {
      output += stream.take(Array(bytes[start..<min(start + parts, bytes.count)]))
    }
    return output + stream.finish()
  }

  private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  private static let hexadecimal = secret.utf8.map {
    ($0 < 16 ? "0" : "") + String($0, radix: 16)
  }.joined()

  static let forms: [String] = [
    secret, base64(secret), base64("user:" + secret + "@host"), base64("ab" + secret),
    base64("a" + secret + "zz"),
    base64(secret).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""),
    "s3cr%2Ft%2Bval~ue%20%C3%A9%22x", "s3cr%2ft%2bval~ue%20%c3%a9%22x",
    "s3cr/t+val~ue é\\\"x", hexadecimal, hexadecimal.uppercased(),
  ]

  @Test("every form is masked, however the writes are split", arguments: forms)
  func form(text: String) {
    let line = "before \(text) after \(text)\n"
    let masker = SecretMask(secrets: [Array(Self.secret.utf8)])
    for parts in 1...60 {
      let output = String(
        decoding: mask(Array(line.utf8), parts: parts, masker), as: UTF8.self)
      #expect(output.hasPrefix("before ") && output.contains(" after ") && output.hasSuffix("\n"))
      #expect(output.contains("***"))
      // Whatever is left of the form is at most the three characters that its neighbours share.
      let rest = output.replacing("before", with: "").replacing("after", with: "")
        .replacing("***", with: "").filter { $0 != " " && $0 != "\n" }
      let shared = text.hasPrefix(Self.base64("user:").prefix(6)) ? 34 : 12
      #expect(rest.count <= shared, "\(output)")
    }
  }

  @Test("the whole of a secret goes, once for secrets side by side")
  func exact() {
    let output = mask(Array("a hunter22hunter22 b hunter2 c".utf8), parts: 4, secrets: ["hunter22"])
    #expect(String(decoding: output, as: UTF8.self) == "a *** b hunter2 c")
  }

  @Test("each line of a secret of several lines is masked", arguments: 1...40)
  func lines(parts: Int) {
    let text = "x\n  first line of key\n  second line of key\n -- \n"
    let output = mask(Array(text.utf8), parts: parts, secrets: [Self.multiline])
    #expect(String(decoding: output, as: UTF8.self) == "x\n  ***\n  ***\n -- \n")
  }

  @Test("secrets that overlap leave nothing of either")
  func overlap() {
    let output = mask(
      Array("..abcdefgh.. abcd efgh cdefgh".utf8), parts: 3, secrets: ["abcdef", "cdefgh", "abcd"])
    #expect(String(decoding: output, as: UTF8.self) == "..***.. *** efgh ***")
  }

  @Test("without secrets bytes pass through as they are, invalid ones too")
  func empty() {
    let bytes: [UInt8] = [0xff, 0x00, 0x41]
    #expect(mask(bytes, parts: 1, secrets: []) == bytes)
    #expect(mask(bytes, parts: 1, secrets: ["long enough"]) == bytes)
  }

  @Test("random texts: what comes out never holds a secret, and everything else stays")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      let secret = String((0..<6).map { _ in "ab".randomElement(using: &generator) ?? "a" })
      let text = String((0..<120).map { _ in "ab-".randomElement(using: &generator) ?? "a" })
      let parts = Int.random(in: 1...20, using: &generator)
      let output = String(
        decoding: mask(Array(text.utf8), parts: parts, secrets: [secret]), as: UTF8.self)
      #expect(!output.contains(secret))
      // The same without streaming: each byte that lies in an occurrence is taken out.
      let bytes = Array(text.utf8)
      let needle = Array(secret.utf8)
      var isMasked = [Bool](repeating: false, count: bytes.count)
      for start in 0...(bytes.count - needle.count)
      where Array(bytes[start..<(start + needle.count)]) == needle {
        for place in start..<(start + needle.count) { isMasked[place] = true }
      }
      let kept = bytes.indices.filter { !isMasked[$0] }.map { bytes[$0] }
      #expect(output.replacing("***", with: "") == String(decoding: kept, as: UTF8.self))
    }
  }
}

@Suite("A step's log")
struct LogWriterTests {
  @Test("is cut at its limit, and keeps its last lines")
  func limit() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let log = LogWriter(path: path, mask: SecretMask(secrets: []), phi: .blind, limit: 1_000)
    for number in 0..<5_000 { try log.line("line \(number)") }
    let file = try #require(try log.finish())
    let bytes = try Array(Data(contentsOf: URL(filePath: path)))
    #expect(file.digest == .sha256(bytes))
    #expect(file.bytes == Int64(bytes.count))
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("[the log is cut after 1000 bytes]\n"))
    #expect(bytes.count < 1_100)
    #expect(log.lastLines().count == 20)
    #expect(log.lastLines().last == "line 4999")
  }

  @Test("control characters do not reach the terminal with the last lines")
  func control() throws {
    let log = LogWriter(path: "/dev/null", mask: SecretMask(secrets: []), phi: .blind, limit: 1_000)
    try log.line("a\u{1b}[31mred\u{7}\tb")
    _ = try log.finish()
    #expect(log.lastLines() == ["a[31mred\tb"])
  }
}
