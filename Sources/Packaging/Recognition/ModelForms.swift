import Reading

/// Models for machine learning whose form a few bytes do not show.
enum ModelForms {
  private static let headerLimit: UInt64 = 100 << 20

  /// safetensors: a length, a JSON header, and just as many bytes as the header's tensors have.
  static func isSafetensors(_ file: ArtifactBytes, head: [UInt8]) -> Bool {
    let length = head.number(at: 0, 8)
    guard head.count > 8, head[8] == 0x7b, length >= 2, length <= headerLimit,
      Int64(length) + 8 <= file.size,
      let bytes = try? file.read(at: 8, Int(length)), let header = try? JSONReader.read(bytes),
      let tensors = header.object?.members
    else { return false }
    var end: Int64 = 0
    for tensor in tensors where tensor.name != "__metadata__" {
      guard let offsets = tensor.value["data_offsets"]?.array, offsets.count == 2,
        let from = offsets[0].integer, let to = offsets[1].integer, from >= 0, to >= from,
        tensor.value["dtype"]?.string != nil
      else { return false }
      end = max(end, to)
    }
    return end == file.size - 8 - Int64(length)
  }

  /// ONNX: a protocol buffer `ModelProto`, whose fields go through to the file's very end, with an
  /// IR version and a graph.
  static func isONNX(_ file: ArtifactBytes, head: [UInt8]) throws -> Bool {
    guard head.first == 0x08 else { return false }
    var place: Int64 = 0
    var fields: Set<UInt64> = []
    var count = 0
    while place < file.size {
      count += 1
      guard count <= 10_000 else { return false }
      let bytes = try file.read(at: place, 20)
      guard let (key, keyLength) = varint(bytes, 0) else { return false }
      guard known.contains(key >> 3) else { return false }
      fields.insert(key >> 3)
      guard let (value, valueLength) = varint(bytes, keyLength) else { return false }
      switch key & 7 {
      case 0: place += Int64(keyLength + valueLength)
      case 2:
        guard value <= UInt64(file.size) else { return false }
        place += Int64(keyLength + valueLength) + Int64(value)
      default: return false
      }
    }
    return place == file.size && fields.isSuperset(of: [1, 7])
  }

  /// The fields of `ModelProto`.
  private static let known: Set<UInt64> = [1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]

  private static func varint(_ bytes: [UInt8], _ start: Int) -> (value: UInt64, length: Int)? {
    var value: UInt64 = 0
    for (place, byte) in bytes.dropFirst(start).prefix(9).enumerated() {
      value |= UInt64(byte & 0x7f) << UInt64(7 * place)
      if byte & 0x80 == 0 { return (value, place + 1) }
    }
    return nil
  }
}
