import Foundation
import PHI
import TestKit
import Testing

/// What `make fuzz` starts from, and what it has found: looked at again in each test run.
@Suite("The corpus of hostile contents")
struct PHICorpusTests {
  private static let folder = Repository.root.appending(path: "Fuzz/corpus/phi")

  @Test("Each content is looked at to its end, and in pieces as in whole")
  func corpus() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(names.count >= 20)
    for name in names.sorted() {
      // The first byte chooses the setting; see Fuzz/Sources/PHIFuzz.
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name))).dropFirst()
      for setting in [nil, PHISetting.clinical, .source] {
        let report = FileScan(setting: setting, today: "2026-11-23").scan(
          Array(bytes), name: name)
        #expect(report.files == 1)
        let whole = PHIScanner.findings(in: Array(bytes), setting: setting)
        var pieces: [PHIFinding] = []
        withoutActuallyEscaping({ pieces.append($0) }) { tell in
          var scanner = PHIScanner(setting: setting, tell: tell)
          for byte in bytes { scanner.add([byte]) }
          scanner.end()
        }
        #expect(whole == pieces, "\(name)")
      }
    }
  }
}
