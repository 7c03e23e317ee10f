import Reading

/// Contents that are held whole.
extension ContentScan {
  func whole(_ format: ContentFormat) throws {
    let content = takeBuffer()
    if format == .gzip {
      var pending: [UInt8]? = content
      return try gunzip {
        defer { pending = nil }
        return pending ?? []
      }
    }
    if format == .zip { return try zip(content) }
    if format == .dicom { return try dicom(content) }
    // As text first: what the structure does not show is looked at too.
    var scanner = PHIScanner(setting: setting) { [prefix, file, log] finding in
      log.hits.append(PHIHit(file: file, place: prefix.isEmpty ? nil : prefix, finding: finding))
    }
    scanner.add(content)
    scanner.end()
    let isClinical = scanner.isClinical
    switch format {
    case .sql: sql(content)
    case .json: try json(content, isClinical: isClinical)
    case .xml: try xml(content, isClinical: isClinical)
    case .separated: separated(content, isClinical: isClinical)
    case .hl7: try hl7(content)
    case .x12: try x12(content)
    default: break
    }
  }

  /// Expands gzip (RFC 1952), member after member, and looks at what comes out.
  func gunzip(_ next: @escaping () throws -> [UInt8]) throws {
    guard let inner = inner("gzip", setting: setting) else { return }
    var compressed = 0
    var inflate = Inflate {
      let piece = try next()
      compressed += piece.count
      return piece
    } emit: { [self] bytes in
      try count(expanded: bytes.count, from: compressed)
      try inner.add(bytes)
    }
    repeat {
      guard try inflate.byte() == 0x1f, try inflate.byte() == 0x8b, try inflate.byte() == 8 else {
        throw ReadingError("the compressed content is damaged")
      }
      let flags = try inflate.byte()
      for _ in 0..<6 { _ = try inflate.byte() }
      if flags & 4 != 0 {
        let length = Int(try inflate.byte()) | Int(try inflate.byte()) << 8
        for _ in 0..<length { _ = try inflate.byte() }
      }
      if flags & 8 != 0 { while try inflate.byte() != 0 {} }
      if flags & 16 != 0 { while try inflate.byte() != 0 {} }
      if flags & 2 != 0 { for _ in 0..<2 { _ = try inflate.byte() } }
      try inflate.run()
      for _ in 0..<8 { _ = try inflate.byte() }
    } while try inflate.hasMore()
    try inner.end()
  }

  /// Looks at the members of a ZIP archive, by its directory at the end.
  func zip(_ content: [UInt8]) throws {
    func short(_ at: Int) -> Int { Int(content[at]) | Int(content[at + 1]) << 8 }
    func long(_ at: Int) -> Int { short(at) | short(at + 2) << 16 }
    var end = content.count - 22
    let least = max(0, content.count - 22 - 65_535)
    while end >= least, !content[end...].starts(with: [0x50, 0x4b, 5, 6]) { end -= 1 }
    guard end >= least, end >= 0 else {
      throw ReadingError("the ZIP archive has no directory at its end")
    }
    var place = long(end + 16)
    for _ in 0..<short(end + 10) {
      guard place + 46 <= content.count, content[place...].starts(with: [0x50, 0x4b, 1, 2]) else {
        throw ReadingError("the ZIP archive's directory is damaged")
      }
      let (method, size, length) = (short(place + 10), long(place + 20), short(place + 28))
      let isLocked = content[place + 8] & 1 == 1
      let local = long(place + 42)
      guard place + 46 + length <= content.count, local + 30 <= content.count else {
        throw ReadingError("the ZIP archive's directory is damaged")
      }
      let name = String(decoding: content[place + 46..<place + 46 + length], as: UTF8.self)
      let start = local + 30 + short(local + 26) + short(local + 28)
      place += 46 + length + short(place + 30) + short(place + 32)
      guard start + size <= content.count else {
        throw ReadingError("\(name) in the ZIP archive says that it is longer than the archive")
      }
      look(at: name)
      guard let inner = inner(name, setting: setting) else { return }
      do {
        if isLocked {
          inner.refuse("it is locked with a password")
        } else if method == 0 {
          try inner.add(Array(content[start..<start + size]))
          try inner.end()
        } else if method == 8 {
          var pending: [UInt8]? = Array(content[start..<start + size])
          var inflate = Inflate {
            defer { pending = nil }
            return pending ?? []
          } emit: { [self] bytes in
            try count(expanded: bytes.count, from: content.count)
            try inner.add(bytes)
          }
          try inflate.run()
          try inner.end()
        } else {
          inner.refuse("its compression (ZIP method \(method)) is not read")
        }
      } catch let error as ReadingError {
        inner.refuse(error.description)
      }
    }
  }

  /// Looks at a name in an archive or of a file, in which words stand between low lines.
  func look(at name: String) {
    let text = name.utf8.map { $0 == 0x5f ? 0x3d : $0 }
    for finding in PHIScanner.findings(in: text, setting: .source) {
      log.hits.append(PHIHit(file: file, place: prefix + "name", finding: finding))
    }
  }
}

/// A tar archive that comes in pieces.
final class TarPieces {
  private let outer: ContentScan
  private var header: [UInt8] = []
  private var inner: ContentScan?
  private var left = 0
  private var padding = 0
  private var longName: [UInt8]?
  private var isLongName = false

  init(_ outer: ContentScan) { self.outer = outer }

  func add(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if left > 0 {
        let piece = rest.prefix(left)
        left -= piece.count
        rest = rest.dropFirst(piece.count)
        if isLongName {
          if (longName?.count ?? 0) < 4096 { longName = (longName ?? []) + piece }
        } else {
          try member { try inner?.add(Array(piece)) }
        }
        if left == 0 { try close() }
      } else if padding > 0 {
        let piece = rest.prefix(padding)
        padding -= piece.count
        rest = rest.dropFirst(piece.count)
      } else {
        let piece = rest.prefix(512 - header.count)
        header += piece
        rest = rest.dropFirst(piece.count)
        if header.count == 512 { try open() }
      }
    }
  }

  func end() throws {
    guard left == 0, header.isEmpty || header.allSatisfy({ $0 == 0 }) else {
      throw ReadingError("the archive is cut off")
    }
  }

  private func open() throws {
    defer { header = [] }
    guard header.contains(where: { $0 != 0 }) else { return }
    let digits = header[124..<136].filter(Checks.isDigit)
    guard header[124] & 0x80 == 0, let size = Int(String(decoding: digits, as: UTF8.self), radix: 8)
    else {
      throw ReadingError("the archive has a header with a size that is not read")
    }
    left = size
    padding = (512 - size % 512) % 512
    let sort = header[156]
    isLongName = sort == UInt8(ascii: "L")
    if isLongName {
      longName = []
    } else {
      let own = String(decoding: header[0..<100].prefix { $0 != 0 }, as: UTF8.self)
      let name = longName.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } ?? own
      longName = nil
      outer.look(at: name)
      inner =
        sort == 0x30 || sort == 0 || sort == UInt8(ascii: "x") || sort == UInt8(ascii: "g")
        ? outer.inner(name, setting: outer.setting) : nil
    }
    if left == 0 { try close() }
  }

  private func close() throws {
    try member { try inner?.end() }
    inner = nil
    isLongName = false
  }

  /// A member that cannot be read is refused by name; those behind it are looked at.
  private func member(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch let error as ReadingError {
      inner?.refuse(error.description)
      inner = nil
    }
  }
}
