import Reading

/// Looks at one content, whatever its form, which is told by its first bytes.
struct ContentScan {
  /// The file's path.
  let file: String
  let setting: PHISetting?
  var result = FileScan.Result()

  init(file: String, setting: PHISetting?) {
    self.file = file
    self.setting = setting
  }

  /// Reads to the end; `next` gives at most so many bytes, none at the end.
  mutating func read(_ next: (Int) throws -> [UInt8]) throws {
    let file = file
    var hits: [PHIHit] = []
    var bytes = 0
    try withoutActuallyEscaping({ hits.append(PHIHit(file: file, place: nil, finding: $0)) }) {
      tell in
      var scanner = PHIScanner(setting: setting, tell: tell)
      while true {
        let piece = try next(1 << 18)
        if piece.isEmpty { break }
        bytes += piece.count
        scanner.add(piece)
      }
      scanner.end()
    }
    result.bytes += bytes
    result.hits += hits
  }
}
