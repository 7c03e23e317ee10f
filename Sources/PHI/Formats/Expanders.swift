import CZlib
import Foundation
import Reading

/// Turns compressed bytes, which come in pieces, into what they were.
protocol Expander: AnyObject {
  /// Takes compressed bytes and gives what comes out of them, in pieces.
  ///
  /// - Throws: `ReadingError` for what is damaged, and what `emit` throws.
  func add(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws
  /// Ends the content.
  ///
  /// - Throws: `ReadingError` when it is cut off.
  func end() throws
}

extension Expander {
  /// Bytes that are taken out at once.
  static var pieceSize: Int { 1 << 17 }
}

/// gzip (RFC 1952) and deflate (RFC 1951), through the system's zlib.
final class ZlibExpander: Expander {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let isGzip: Bool
  private var isDone = false

  /// - Throws: `ReadingError` when zlib cannot begin.
  init(isGzip: Bool) throws {
    self.isGzip = isGzip
    stream.initialize(to: z_stream())
    guard
      inflateInit2_(
        stream, isGzip ? 31 : -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw ReadingError("zlib could not begin") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func add(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if isDone {
        // What stands behind deflate is not its own; behind gzip, another member or padding.
        if !isGzip || rest.allSatisfy({ $0 == 0 }) { return }
        guard rest.first == 0x1f else {
          throw ReadingError("something stands behind the compressed content")
        }
        inflateReset(stream)
        isDone = false
      }
      rest = try step(rest, emit)
    }
  }

  /// Takes from the bytes until they are used up or a member ends; gives what is left.
  private func step(
    _ bytes: ArraySlice<UInt8>, _ emit: ([UInt8]) throws -> Void
  ) throws -> ArraySlice<UInt8> {
    // zlib reads only, but its field is not declared so.
    var input = Array(bytes)
    return try input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      while true {
        var status = Z_OK
        let out = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { out, count in
          stream.pointee.next_out = out.baseAddress
          stream.pointee.avail_out = UInt32(out.count)
          status = inflate(stream, Z_NO_FLUSH)
          count = out.count - Int(stream.pointee.avail_out)
        }
        if !out.isEmpty { try emit(out) }
        if status == Z_STREAM_END {
          isDone = true
          return bytes.suffix(Int(stream.pointee.avail_in))
        }
        guard status == Z_OK || status == Z_BUF_ERROR else {
          throw ReadingError("the compressed content is damaged")
        }
        if stream.pointee.avail_in == 0, out.count < Self.pieceSize { return [] }
        if status == Z_BUF_ERROR, out.isEmpty { return [] }
      }
    }
  }

  func end() throws {
    guard isDone else { throw ReadingError("the compressed content is cut off") }
  }
}

/// A library of the system that is loaded when it is first asked for, so that the program starts
/// without it.
struct SystemLibrary {
  private let handle: UnsafeMutableRawPointer

  /// `nil` when it is not on this machine.
  init?(_ names: [String]) {
    for name in names {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        self.handle = handle
        return
      }
    }
    return nil
  }

  func find<Function>(_ name: String, _ type: Function.Type = Function.self) -> Function? {
    dlsym(handle, name).map { unsafeBitCast($0, to: type) }
  }
}
