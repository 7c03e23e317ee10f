/// Writes regular files into a ustar archive, one after the other; the same files give the same
/// bytes, and memory is flat.
public struct TarWriter {
  private let write: ([UInt8]) throws -> Void

  /// Takes the function that writes the archive's next bytes.
  public init(write: @escaping ([UInt8]) throws -> Void) { self.write = write }

  /// Adds a file.
  ///
  /// - Throws: `ReadingError` for a name that an archive of ours does not take; what writing throws.
  public func add(_ name: String, _ content: [UInt8]) throws {
    guard TarHeader.isName(name), content.count < 1 << 33 else {
      throw ReadingError("\"\(name)\" cannot be put into an archive")
    }
    try write(TarHeader(name: name, size: Int64(content.count)).bytes)
    try write(content)
    try write([UInt8](repeating: 0, count: TarReader.padding(Int64(content.count))))
  }

  /// Ends the archive with two empty blocks.
  public func finish() throws { try write([UInt8](repeating: 0, count: 2 * TarHeader.block)) }
}

/// Reads a ustar archive of regular files, strictly and with flat memory: links, devices, absolute
/// names, names with `..`, and anything after the end are refused.
public struct TarReader {
  private let read: (Int) throws -> [UInt8]
  private let limit: Int

  /// Takes the function that reads the archive's next so many bytes, fewer only at its end.
  ///
  /// - Parameter limit: the greatest size of one file.
  public init(limit: Int = 64 << 20, read: @escaping (Int) throws -> [UInt8]) {
    self.read = read
    self.limit = limit
  }

  static func padding(_ size: Int64) -> Int {
    Int((Int64(TarHeader.block) - size % Int64(TarHeader.block)) % Int64(TarHeader.block))
  }

  /// The next file; `nil` after the last one.
  ///
  /// - Throws: `ReadingError`, or what reading throws.
  public func next() throws -> (name: String, content: [UInt8])? {
    let block = try read(TarHeader.block)
    guard block.contains(where: { $0 != 0 }) else {
      try end(block)
      return nil
    }
    let header = try TarHeader(block)
    guard header.size <= Int64(limit) else {
      throw ReadingError("\(header.name) in the archive is larger than \(limit) bytes")
    }
    let content = try read(Int(header.size))
    let padding = try read(Self.padding(header.size))
    guard content.count == Int(header.size), padding.count == Self.padding(header.size) else {
      throw ReadingError("the archive is cut off in \(header.name)")
    }
    guard padding.allSatisfy({ $0 == 0 }) else {
      throw ReadingError("\(header.name) in the archive is followed by bytes that do not belong")
    }
    return (header.name, content)
  }

  private func end(_ first: [UInt8]) throws {
    guard first.count == TarHeader.block, try read(TarHeader.block) == first else {
      throw ReadingError("the archive does not end as it must")
    }
    // Some writers fill up with zeroes; anything else would be looked at by nobody.
    while true {
      let rest = try read(1 << 16)
      if rest.isEmpty { return }
      guard rest.allSatisfy({ $0 == 0 }) else {
        throw ReadingError("something follows after the end of the archive")
      }
    }
  }
}
