import Foundation

/// Compressors of the system, loaded as the library loads what expands.
extension Packed {
  private static func find<Function>(_ library: String, _ name: String, _: Function.Type)
    -> Function
  {
    guard let handle = dlopen(library, RTLD_NOW), let symbol = dlsym(handle, name) else {
      preconditionFailure("\(library) has no \(name)")
    }
    return unsafeBitCast(symbol, to: Function.self)
  }

  private typealias Pointer = UnsafeMutableRawPointer

  /// Deflate (RFC 1951), without zlib's own first two bytes and last four.
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    let compress = find(
      "libz.so.1", "compress2",
      (@convention(c) (Pointer?, Pointer, UnsafeRawPointer?, UInt, Int32) -> Int32).self)
    var size = UInt(bytes.count + 1024)
    var out = [UInt8](repeating: 0, count: Int(size))
    let status = out.withUnsafeMutableBytes { out in
      bytes.withUnsafeBytes { compress(out.baseAddress, &size, $0.baseAddress, UInt($0.count), 9) }
    }
    precondition(status == 0)
    return Array(out[2..<Int(size) - 4])
  }

  /// The sum and the size behind gzip's content.
  static func trailer(_ bytes: [UInt8]) -> [UInt8] {
    let sum = find(
      "libz.so.1", "crc32", (@convention(c) (UInt, UnsafeRawPointer?, UInt32) -> UInt).self)
    let check = bytes.withUnsafeBytes { sum(0, $0.baseAddress, UInt32($0.count)) }
    return [UInt(check), UInt(bytes.count)].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
  }

  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    let compress = find(
      "libzstd.so.1", "ZSTD_compress",
      (@convention(c) (Pointer?, Int, UnsafeRawPointer?, Int, Int32) -> Int).self)
    var out = [UInt8](repeating: 0, count: bytes.count + 1024)
    let size = out.withUnsafeMutableBytes { out in
      bytes.withUnsafeBytes { compress(out.baseAddress, out.count, $0.baseAddress, $0.count, 3) }
    }
    return Array(out[..<size])
  }

  static func bzip2(_ bytes: [UInt8]) -> [UInt8] {
    let compress = find(
      "libbz2.so.1.0", "BZ2_bzBuffToBuffCompress",
      (@convention(c) (Pointer?, Pointer, Pointer?, UInt32, Int32, Int32, Int32) -> Int32).self)
    var size = UInt32(bytes.count + 1024)
    var out = [UInt8](repeating: 0, count: Int(size))
    var input = bytes
    let status = out.withUnsafeMutableBytes { out in
      input.withUnsafeMutableBytes {
        compress(out.baseAddress, &size, $0.baseAddress, UInt32($0.count), 9, 0, 0)
      }
    }
    precondition(status == 0)
    return Array(out[..<Int(size)])
  }

  static func xz(_ bytes: [UInt8]) -> [UInt8] {
    let compress = find(
      "liblzma.so.5", "lzma_easy_buffer_encode",
      (@convention(c) (
        UInt32, Int32, Pointer?, UnsafeRawPointer?, Int, Pointer?, Pointer, Int
      ) -> Int32).self)
    var size = 0
    var out = [UInt8](repeating: 0, count: bytes.count + 1024)
    let status = out.withUnsafeMutableBytes { out in
      bytes.withUnsafeBytes {
        compress(3, 4, nil, $0.baseAddress, $0.count, out.baseAddress, &size, out.count)
      }
    }
    precondition(status == 0)
    return Array(out[..<size])
  }
}
