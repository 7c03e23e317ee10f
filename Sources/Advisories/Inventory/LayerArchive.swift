import Model
import Reading

/// The entries of a layer: a tar archive in the ustar, GNU or pax form, read from memory.
struct LayerArchive {
  enum Sort: Hashable {
    case file
    case hardLink(String)
    case other
  }

  struct Entry {
    /// The path without a leading slash or dot.
    let path: String
    let sort: Sort
    let content: Range<Int>
  }

  private let bytes: [UInt8]
  private var position = 0
  private static let block = 512
  /// Longest name or pax header that is read.
  private static let longest = 1 << 20

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func content(_ entry: Entry) -> [UInt8] { Array(bytes[entry.content]) }

  /// The next entry; `nil` after the last.
  ///
  /// - Throws: `Problem` with `badInput` for an archive that is cut off or is none.
  mutating func next() throws -> Entry? {
    var name: String?
    var link: String?
    var size: Int?
    while true {
      guard position < bytes.count else { return nil }
      guard position + Self.block <= bytes.count else { throw Self.cutOff() }
      let header = bytes[position..<(position + Self.block)]
      guard header.contains(where: { $0 != 0 }) else { return nil }
      try Self.check(header)
      let stated = try Self.number(header.field(124, 12))
      let length = size ?? stated
      let start = position + Self.block
      let (padded, isOver) = (length + Self.block - 1).addingReportingOverflow(start)
      guard !isOver, start + length <= bytes.count else { throw Self.cutOff() }
      position = min(bytes.count, start + (padded - start) / Self.block * Self.block)
      let content = start..<(start + length)
      let type = header[header.startIndex + 156]
      switch type {
      case 0x4c: name = try text(content)
      case 0x4b: link = try text(content)
      case 0x78: try pax(content, &name, &link, &size)
      case 0x67: continue
      default:
        let prefix = header.starts(ustar: 257) ? header.text(345, 155) : ""
        let short = header.text(0, 100)
        let path = name ?? (prefix.isEmpty ? short : "\(prefix)/\(short)")
        let sort: Sort =
          switch type {
          case 0, 0x30, 0x37: .file
          case 0x31: .hardLink(Self.plain(link ?? header.text(157, 100)))
          default: .other
          }
        return Entry(path: Self.plain(path), sort: sort, content: content)
      }
    }
  }

  private func text(_ range: Range<Int>) throws -> String {
    guard range.count <= Self.longest else { throw Self.cutOff() }
    return String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self)
  }

  private func pax(
    _ range: Range<Int>, _ name: inout String?, _ link: inout String?, _ size: inout Int?
  ) throws {
    guard range.count <= Self.longest else { throw Self.cutOff() }
    var rest = bytes[range]
    while let space = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
      length > space - rest.startIndex + 1, length <= rest.count
    {
      let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
      rest = rest.dropFirst(length)
      guard let equals = record.firstIndex(of: 0x3d) else { continue }
      let value = String(decoding: record[(equals + 1)...], as: UTF8.self)
      switch String(decoding: record[..<equals], as: UTF8.self) {
      case "path": name = value
      case "linkpath": link = value
      case "size":
        guard let number = Int(value), (0...(1 << 40)).contains(number) else { throw Self.cutOff() }
        size = number
      default: break
      }
    }
  }

  static func plain(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  private static func check(_ header: ArraySlice<UInt8>) throws {
    let stated = try number(header.field(148, 8))
    let sum = header.enumerated().reduce(0) {
      $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element))
    }
    guard sum == stated else {
      throw Problem(.badInput, "the layer is no tar archive: a header's checksum is wrong")
    }
  }

  /// Octal digits, or GNU's binary form for large sizes.
  private static func number(_ field: ArraySlice<UInt8>) throws -> Int {
    if let first = field.first, first == 0x80 {
      return try field.dropFirst().reduce(0) { sum, byte in
        guard sum < 1 << 40 else { throw cutOff() }
        return sum << 8 | Int(byte)
      }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    guard let number = digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    else { throw cutOff() }
    return number
  }

  private static func cutOff() -> Problem {
    Problem(.badInput, "the layer is no whole tar archive")
  }
}

extension ArraySlice<UInt8> {
  fileprivate func field(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
    self[(startIndex + offset)..<(startIndex + offset + count)]
  }

  fileprivate func text(_ offset: Int, _ count: Int) -> String {
    String(decoding: field(offset, count).prefix { $0 != 0 }, as: UTF8.self)
  }

  fileprivate func starts(ustar offset: Int) -> Bool {
    field(offset, 5).elementsEqual("ustar".utf8)
  }
}
