import Reading

/// A report whose content was recognised and not yet read.
struct OpenedReport {
  let format: ReportFormat
  /// What in the content shows it.
  let reasons: [String]
  private let content: Content

  private enum Content {
    case json(ReportNode, JSONKind)
    case lines([ReportNode], JSONKind)
    case mapped(ReportNode, ReportMapping)
    case xml(XMLStream, XMLKind)
    case text([UInt8], TextKind)
  }

  init(
    _ input: inout ReportInput, declared: ReportFormat?, mapping: ReportMapping?
  ) throws {
    guard !input.first.isEmpty else { throw ReadingError("the report is empty") }
    let isXML = Self.isXML(input.first)
    if let declared { try Self.checkSort(of: declared, isXML: isXML) }
    if isXML {
      let stream = try XMLStream(parts: input.parts())
      let kind = try Recognition.one(
        XMLKind.all.map { ($0.format, $0, $0.recognise(stream.root)) }, declared: declared,
        otherwise: "<\(stream.root.name)>", wanted: { XMLKind.roots(of: $0) })
      self.init(kind.format, kind.reasons, .xml(stream, kind.kind))
      return
    }
    let bytes = try input.all(limit: ReadingLimits.report.bytes)
    if let (kind, reason) = TextKind.recognise(bytes) {
      if let declared, declared != kind.format {
        throw Recognition.other(declared, kind.format)
      }
      self.init(kind.format, [reason], .text(bytes, kind))
      return
    }
    if let declared, TextKind.all.contains(where: { $0.format == declared }) {
      throw ReadingError("the content has no form of a \(declared.rawValue) report")
    }
    self = try Self.json(bytes, declared, mapping)
  }

  private init(_ format: ReportFormat, _ reasons: [String], _ content: Content) {
    self.format = format
    self.reasons = reasons
    self.content = content
  }

  private static func json(
    _ bytes: [UInt8], _ declared: ReportFormat?, _ mapping: ReportMapping?
  ) throws -> OpenedReport {
    let (root, lines) = try values(bytes)
    if let mapping {
      guard declared ?? .custom == .custom else {
        throw ReadingError("a mapping is given, and the format is declared as another")
      }
      return OpenedReport(
        .custom, ["the mapping \"\(mapping.name)\" is declared"], .mapped(root, mapping))
    }
    if declared == .custom { throw ReadingError("a custom report needs a mapping") }
    if let declared, let kind = JSONKind.all.first(where: { $0.format == declared }) {
      if root.json.isArray, !kind.mayBeList { throw root.wrong("an object") }
      if root.json.isArray, root.json.elements.isEmpty, kind.mayBeEmpty {
        return OpenedReport(
          declared, ["it is declared, and the list is empty"], .json(root, kind))
      }
    }
    let found = try Recognition.one(
      JSONKind.all.map { ($0.format, $0, $0.recognise(root)) }, declared: declared,
      otherwise: Recognition.outline(root), wanted: nil)
    if let lines {
      guard found.kind.mayBeLines else {
        throw ReadingError("several values stand one after another; expected one")
      }
      return OpenedReport(
        found.format, found.reasons + ["one value a line"],
        .lines(lines.map(ReportNode.init), found.kind))
    }
    return OpenedReport(found.format, found.reasons, .json(root, found.kind))
  }

  /// The first value, and all of them where they stand one a line.
  private static func values(_ bytes: [UInt8]) throws -> (ReportNode, [JSONNode]?) {
    do {
      return (ReportNode(try JSONDocument.read(bytes).root), nil)
    } catch {
      guard let lines = try JSONLines.read(bytes) else { throw error }
      return (ReportNode(lines[0]), lines)
    }
  }

  /// Reads what was recognised.
  func read(_ subject: ExpectedSubject?) throws -> IntakeReader.Parsed {
    switch content {
    case .json(let root, let kind): return try kind.read([root], subject)
    case .lines(let roots, let kind): return try kind.read(roots, subject)
    case .mapped(let root, let mapping): return try mapping.read(root)
    case .xml(var stream, let kind):
      if subject != nil {
        throw ReadingError("\(format.rawValue) reports cannot say which image they are about")
      }
      return try kind.read(&stream)
    case .text(let bytes, let kind): return try kind.read(bytes)
    }
  }

  private static func checkSort(of declared: ReportFormat, isXML: Bool) throws {
    let takesXML = XMLKind.all.contains { $0.format == declared }
    let takesJSON = declared == .custom || JSONKind.all.contains { $0.format == declared }
    if isXML, !takesXML { throw ReadingError("expected \(takesJSON ? "JSON" : "text"), found XML") }
    if !isXML, takesXML, !takesJSON { throw ReadingError("expected XML, found something else") }
  }

  /// Whether the content begins as XML does.
  static func isXML(_ bytes: [UInt8]) -> Bool {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    if bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) { return true }
    let first = bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0).first {
      ![0x20, 0x0a, 0x0d, 0x09].contains($0)
    }
    return first == 0x3c
  }
}

/// Several JSON values, one a line.
enum JSONLines {
  /// The values; `nil` when the text is one value, or none.
  static func read(_ bytes: [UInt8]) throws -> [JSONNode]? {
    guard bytes.first == 0x7b, let end = bytes.firstIndex(of: 0x0a) else { return nil }
    let isMore = bytes[end...].contains { ![0x20, 0x0a, 0x0d, 0x09].contains($0) }
    guard isMore, let first = try? JSONDocument.read(Array(bytes[..<end])) else { return nil }
    var nodes = [first.root]
    for line in bytes[(end + 1)...].split(separator: 0x0a) {
      guard line.contains(where: { $0 != 0x20 && $0 != 0x0d && $0 != 0x09 }) else { continue }
      do {
        nodes.append(try JSONDocument.read(Array(line)).root)
      } catch let error as ReadingError {
        throw ReadingError(
          "\(error.message), in value \(nodes.count + 1)",
          at: error.position.map { Position(line: nodes.count + 1, column: $0.column) })
      }
    }
    return nodes
  }
}
