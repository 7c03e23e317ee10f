import Model
import Reading

/// The bytes of a report, at once or in parts; their digest is of the bytes that were read.
public struct ReportInput: ~Copyable {
  /// The first bytes; all of them where they came at once.
  var first: [UInt8]
  private var isWhole: Bool
  private let next: () throws -> [UInt8]
  private var whole: Digest?
  private let stream: DigestingSource?

  /// A report that lies in memory.
  public init(_ bytes: [UInt8]) {
    first = bytes
    isWhole = true
    next = { [] }
    stream = nil
  }

  /// A report that comes in parts.
  ///
  /// - Parameter next: the next bytes; none at the end.
  public init(parts next: @escaping () throws -> [UInt8]) throws {
    let stream = DigestingSource(next)
    self.stream = stream
    self.next = { try stream.next() }
    first = try stream.next()
    isWhole = false
  }

  /// All bytes, for formats that are read as a whole.
  ///
  /// - Throws: `ReadingError` beyond the limit.
  mutating func all(limit: Int) throws -> [UInt8] {
    while !isWhole {
      let more = try next()
      if more.isEmpty { isWhole = true }
      guard first.count + more.count <= limit else {
        throw ReadingError("the report has more than the \(limit) bytes allowed")
      }
      first.append(contentsOf: more)
    }
    return first
  }

  /// The first bytes and then the rest, for formats that are read as they come.
  mutating func parts() -> () throws -> [UInt8] {
    let beginning = first
    first = []
    let next = isWhole ? { [] } : self.next
    if isWhole { whole = .sha256(beginning) }
    var isBegun = false
    return {
      if isBegun { return try next() }
      isBegun = true
      return beginning
    }
  }

  /// SHA-256 of all bytes; asked for when all were read.
  func digest() throws -> Digest {
    if let stream { return try stream.finish() }
    return whole ?? .sha256(first)
  }
}

/// Hashes parts on their way.
private final class DigestingSource {
  private var hasher: Digest.Stream? = Digest.Stream()
  private let source: () throws -> [UInt8]
  private var digest: Digest?

  init(_ source: @escaping () throws -> [UInt8]) { self.source = source }

  func next() throws -> [UInt8] {
    let bytes = try source()
    bytes.withUnsafeBytes { hasher?.update($0) }
    return bytes
  }

  func finish() throws -> Digest {
    if let digest { return digest }
    while !(try next()).isEmpty {}
    guard let hasher = hasher.take() else { throw ReadingError("the digest was taken twice") }
    let digest = hasher.finalize()
    self.digest = digest
    return digest
  }
}
