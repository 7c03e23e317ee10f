/// DICOM files, made element by element.
enum DICOMSample {
  private static func short(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
  private static func long(_ value: Int) -> [UInt8] {
    short(value & 0xffff) + short(value >> 16 & 0xffff)
  }

  /// An element; without a representation in the implicit form.
  static func text(_ group: Int, _ element: Int, _ representation: String?, _ value: String)
    -> [UInt8]
  {
    var bytes = Array(value.utf8)
    if bytes.count % 2 == 1 { bytes.append(0x20) }
    let tag = short(group) + short(element)
    guard let representation else { return tag + long(bytes.count) + bytes }
    if ["UN", "UT", "OB", "UC"].contains(representation) {
      return tag + Array(representation.utf8) + [0, 0] + long(bytes.count) + bytes
    }
    return tag + Array(representation.utf8) + short(bytes.count) + bytes
  }

  /// An element with the big end first.
  static func bigText(_ group: Int, _ element: Int, _ representation: String, _ value: String)
    -> [UInt8]
  {
    let bytes = Array((value.utf8.count % 2 == 1 ? value + " " : value).utf8)
    func big(_ value: Int) -> [UInt8] { short(value).reversed() }
    return big(group) + big(element) + Array(representation.utf8) + big(bytes.count) + bytes
  }

  /// Pixels in two pieces.
  static let pixels: [UInt8] =
    [0xe0, 0x7f, 0x10, 0x00] + Array("OB".utf8) + [0, 0, 0xff, 0xff, 0xff, 0xff]
    + [0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]
    + [0xfe, 0xff, 0x00, 0xe0, 4, 0, 0, 0, 1, 2, 3, 4]
    + [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]

  /// A sequence and its one item, both of undefined length.
  static func sequence(_ group: Int, _ element: Int, _ item: [[UInt8]]) -> [UInt8] {
    let open: [UInt8] = [0xff, 0xff, 0xff, 0xff]
    let head = short(group) + short(element) + Array("SQ".utf8) + [0, 0]
    let begin: [UInt8] = [0xfe, 0xff, 0x00, 0xe0]
    let end: [UInt8] = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
    return head + open + begin + open + item.flatMap { $0 } + end
  }

  static func file(_ elements: [[UInt8]], syntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
    [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + text(2, 0x10, "UI", syntax.count % 2 == 1 ? syntax + "\0" : syntax)
      + elements.flatMap { $0 }
  }
}

/// Archives, made without other programs.
enum Packed {
  /// gzip with stored blocks.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let piece = rest.prefix(0xffff)
      rest = rest.dropFirst(piece.count)
      let count = piece.count
      out += [
        rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), ~UInt8(count & 255),
        ~UInt8(count >> 8),
      ]
      out += piece
    } while !rest.isEmpty
    return out + trailer(bytes)
  }

  static func tar(
    _ name: String, _ bytes: [UInt8], magic: String = "ustar", folder: String = ""
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ place: Int) {
      for (index, byte) in text.utf8.enumerated() { header[place + index] = byte }
    }
    put(name, 0)
    let size = String(bytes.count, radix: 8)
    put(String(repeating: "0", count: 11 - size.count) + size, 124)
    put("0", 156)
    put(magic, 257)
    put(folder, 345)
    put("        ", 148)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0", 148)
    let padding = [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    return header + bytes + padding + [UInt8](repeating: 0, count: 1024)
  }

  static func zip(
    _ name: String, _ bytes: [UInt8], method: Int = 0, comment: String = "", flags: Int = 0
  ) -> [UInt8] {
    func short(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    func long(_ value: Int) -> [UInt8] { short(value & 0xffff) + short(value >> 16 & 0xffff) }
    let sizes = long(0) + long(bytes.count) + long(bytes.count)
    let local =
      [0x50, 0x4b, 3, 4] + short(20) + short(flags) + short(method) + long(0) + sizes
      + short(name.utf8.count)
      + short(0) + Array(name.utf8) + bytes
    let central =
      [0x50, 0x4b, 1, 2] + short(20) + short(20) + short(flags) + short(method) + long(0) + sizes
      + short(name.utf8.count) + short(0) + short(0) + short(0) + short(0) + long(0) + long(0)
      + Array(name.utf8)
    let end =
      [0x50, 0x4b, 5, 6] + short(0) + short(0) + short(1) + short(1) + long(central.count)
      + long(local.count) + short(comment.utf8.count) + Array(comment.utf8)
    return local + central + end
  }
}
