import Model

/// Reads C2SP `tlog-policy`, strictly: what is not understood is an error with its line and column.
struct TrustPolicyReader {
  /// A policy file has at most so many bytes.
  private static let maximumBytes = 1 << 20
  /// At most so many logs, witnesses and groups each; the standard asks for 32.
  private static let maximumEach = 256

  let file: String?
  /// Whether a log may stand under several names with one key, as one that opened a recovery epoch.
  let allowsRenamedLogs: Bool
  private(set) var logs: [TrustPolicy.Log] = []
  private(set) var witnesses: [TrustPolicy.Witness] = []
  private(set) var groups: [TrustPolicy.Group] = []
  private(set) var quorum: TrustPolicy.Quorum?
  /// Names that are defined, and the line of each.
  private var defined: [TrustPolicy.Name: Int] = [:]
  /// Names that are a member of a group already, and the line of that group.
  private var members: [TrustPolicy.Name: Int] = [:]
  private var line = 0

  init(file: String?, allowsRenamedLogs: Bool = false) {
    self.file = file
    self.allowsRenamedLogs = allowsRenamedLogs
  }

  /// A word and the column where it begins, counted from one in bytes.
  private struct Word {
    let bytes: ArraySlice<UInt8>
    let column: Int
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var name: TrustPolicy.Name { TrustPolicy.Name(bytes: bytes) }
    func isWord(_ word: String) -> Bool { bytes.elementsEqual(word.utf8) }
  }

  mutating func read(_ bytes: [UInt8]) throws {
    guard bytes.count <= Self.maximumBytes else {
      throw Problem(.badInput, "a trust policy is not larger than a mebibyte", at: file)
    }
    for content in bytes.split(separator: LineText.lineFeed, omittingEmptySubsequences: false) {
      line += 1
      if content.startIndex == bytes.endIndex { break }
      if let place = content.firstIndex(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7f }) {
        throw problem(
          "a control character stands here; only spaces and tabs may stand between words",
          column: place - content.startIndex + 1)
      }
      guard content.endIndex < bytes.endIndex else {
        throw problem(
          "the last line is not ended by a line feed; the file may have been cut off",
          column: content.count + 1)
      }
      let words = Self.words(content)
      guard let keyword = words.first, keyword.bytes.first != UInt8(ascii: "#") else { continue }
      switch keyword.text {
      case "log": try readLog(words)
      case "witness": try readWitness(words)
      case "group": try readGroup(words)
      case "quorum": try readQuorum(words)
      default:
        throw problem(
          "a line begins with log, witness, group, quorum or #, not with \"\(keyword.text)\"",
          column: keyword.column)
      }
    }
  }

  private static func words(_ line: ArraySlice<UInt8>) -> [Word] {
    line.split { $0 == 0x20 || $0 == 0x09 }.map {
      Word(bytes: $0, column: $0.startIndex - line.startIndex + 1)
    }
  }

  private func problem(_ message: String, column: Int) -> Problem {
    let place = "\(line):\(column)"
    return Problem(.badInput, message, at: file.map { "\($0):\(place)" } ?? "line \(place)")
  }

  private func check(_ words: [Word], count: ClosedRange<Int>, form: String) throws {
    guard !count.contains(words.count) else { return }
    let column = words.count > count.upperBound ? words[count.upperBound].column : words[0].column
    throw problem("the line has the form: \(form)", column: column)
  }

  private func key(_ word: Word, of algorithms: [NoteAlgorithm], what: String) throws -> NoteKey {
    let key: NoteKey
    do {
      guard let text = String(validating: word.bytes, as: UTF8.self) else {
        throw Problem(.badInput, "the verifier key is not valid UTF-8")
      }
      key = try NoteKey(text)
    } catch let error as Problem {
      throw problem(error.message, column: word.column)
    }
    guard algorithms.contains(key.algorithm) else {
      throw problem("\(key.algorithm.name) is no key type of a \(what)", column: word.column)
    }
    let isRenamed =
      allowsRenamedLogs && what == "log" && !logs.contains { LineText.same($0.key.name, key.name) }
    let others = (isRenamed ? [] : logs.map(\.key)) + witnesses.map(\.key)
    guard !others.contains(where: { $0.publicKey == key.publicKey }) else {
      throw problem(
        "this key stands in the file already, under whatever name: each log and each witness has"
          + " a key of its own", column: word.column)
    }
    return key
  }

  private mutating func readLog(_ words: [Word]) throws {
    try check(words, count: 2...3, form: "log VKEY [URL]")
    try checkCount(logs.count, of: "logs")
    let key = try key(
      words[1], of: [.ed25519, .ecdsaP256, .mlDSA44Cosignature], what: "log")
    logs.append(TrustPolicy.Log(key: key, url: words.count > 2 ? words[2].text : nil))
  }

  private mutating func readWitness(_ words: [Word]) throws {
    try check(words, count: 3...4, form: "witness NAME VKEY [URL]")
    try checkCount(witnesses.count, of: "witnesses")
    let name = try define(words[1])
    let key = try key(words[2], of: [.ed25519Cosignature, .mlDSA44Cosignature], what: "witness")
    witnesses.append(
      TrustPolicy.Witness(name: name, key: key, url: words.count > 3 ? words[3].text : nil))
  }

  private mutating func readGroup(_ words: [Word]) throws {
    try check(words, count: 4...Int.max, form: "group NAME all|any|NUMBER MEMBER...")
    try checkCount(groups.count, of: "groups")
    let names = words.dropFirst(3)
    for word in names {
      guard !word.isWord("none"), defined[word.name] != nil else {
        throw problem(
          "no line before this one defines \"\(word.text)\"", column: word.column)
      }
      if let place = members.updateValue(line, forKey: word.name) {
        throw problem(
          "\"\(word.text)\" is a member of a group already (line \(place)): it would count twice",
          column: word.column)
      }
    }
    let threshold: Int64?
    switch words[2].text {
    case "all": threshold = Int64(names.count)
    case "any": threshold = 1
    default: threshold = LineText.decimal(words[2].bytes)
    }
    guard let threshold, threshold >= 1, threshold <= names.count else {
      throw problem(
        "the group needs all, any or a number from 1 to \(names.count), which is how many members"
          + " it has", column: words[2].column)
    }
    groups.append(
      TrustPolicy.Group(
        name: try define(words[1]), threshold: Int(threshold), members: names.map(\.name)))
  }

  private mutating func readQuorum(_ words: [Word]) throws {
    try check(words, count: 2...2, form: "quorum NAME")
    guard quorum == nil else {
      throw problem("there is a line \"quorum\" already", column: words[0].column)
    }
    if words[1].isWord("none") {
      quorum = TrustPolicy.Quorum.none
    } else if defined[words[1].name] != nil {
      quorum = .of(words[1].name)
    } else {
      throw problem("no line before this one defines \"\(words[1].text)\"", column: words[1].column)
    }
  }

  private mutating func define(_ word: Word) throws -> TrustPolicy.Name {
    guard !word.isWord("none") else {
      throw problem("\"none\" means no witness at all and names nothing else", column: word.column)
    }
    if let place = defined.updateValue(line, forKey: word.name) {
      throw problem("\"\(word.text)\" is defined already (line \(place))", column: word.column)
    }
    return word.name
  }

  private func checkCount(_ count: Int, of what: String) throws {
    guard count < Self.maximumEach else {
      throw problem("more than \(Self.maximumEach) \(what)", column: 1)
    }
  }
}
