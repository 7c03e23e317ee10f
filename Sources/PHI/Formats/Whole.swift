import Reading

/// Contents that are held whole.
extension ContentScan {
  func whole(_ format: ContentFormat, _ content: [UInt8]) throws {
    if format == .zip { try zip(content) } else { try dicom(content) }
  }

  /// Looks at the members of a ZIP archive, by its directory at the end.
  private func zip(_ content: [UInt8]) throws {
    func short(_ at: Int) -> Int { Int(content[at]) | Int(content[at + 1]) << 8 }
    func long(_ at: Int) -> Int { short(at) | short(at + 2) << 16 }
    var end = content.count - 22
    let least = max(0, content.count - 22 - 65_535)
    while end >= least, !content[end...].starts(with: [0x50, 0x4b, 5, 6]) { end -= 1 }
    guard end >= least, end >= 0 else {
      throw ReadingError("the ZIP archive has no directory at its end")
    }
    // What the archive's own comment says.
    if end + 22 < content.count {
      nested("comment", Array(content[(end + 22)...]), setting: setting)
    }
    var place = long(end + 16)
    for _ in 0..<short(end + 10) {
      guard place + 46 <= content.count, content[place...].starts(with: [0x50, 0x4b, 1, 2]) else {
        throw ReadingError("the ZIP archive's directory is damaged")
      }
      let (size, length) = (long(place + 20), short(place + 28))
      let (extra, comment) = (short(place + 30), short(place + 32))
      let local = long(place + 42)
      guard place + 46 + length + extra + comment <= content.count, local + 30 <= content.count
      else { throw ReadingError("the ZIP archive's directory is damaged") }
      let name = String(decoding: content[place + 46..<place + 46 + length], as: UTF8.self)
      let start = local + 30 + short(local + 26) + short(local + 28)
      guard start + size <= content.count else {
        throw ReadingError("\(name) in the ZIP archive says that it is longer than the archive")
      }
      look(at: name)
      if comment > 0 {
        let begin = place + 46 + length + extra
        nested("comment", Array(content[begin..<begin + comment]), setting: setting)
      }
      guard let inner = inner(name, setting: setting) else { return }
      let isLocked = content[place + 8] & 1 == 1
      inner.guarded {
        try member(
          inner, method: isLocked ? -1 : short(place + 10), Array(content[start..<start + size]))
      }
      place += 46 + length + extra + comment
    }
  }

  /// Looks at one member's bytes, which are packed by a method of ZIP.
  private func member(_ inner: ContentScan, method: Int, _ bytes: [UInt8]) throws {
    let expander: any Expander
    switch method {
    case -1: return inner.refuse("it is locked with a password")
    case 0:
      try inner.add(bytes)
      return try inner.end()
    case 8: expander = try ZlibExpander(isGzip: false)
    case 12: expander = try BlockExpander(.bzip2)
    case 93: expander = try ZstdExpander()
    case 95: expander = try BlockExpander(.xz)
    default: return inner.refuse("its compression (ZIP method \(method)) is not read")
    }
    try expander.add(bytes) { piece in
      try log.count(expanded: piece.count)
      try inner.add(piece)
    }
    try expander.end()
    try inner.end()
  }
}
