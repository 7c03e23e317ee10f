import CZlib
import Model

/// The gzip form (RFC 1952), through the system's zlib: any `gunzip` reads what is written here.
public enum Gzip {
  /// Bytes that are taken out of zlib at once.
  private static let step = 1 << 16

  /// Compresses into one member without a name or a time, so that equal contents have equal forms.
  ///
  /// - Throws: `Problem` with `inputOutput` when there is no memory for it.
  public static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    guard pratique_gzip_begin(&stream, Z_DEFAULT_COMPRESSION) == Z_OK else {
      throw Problem(.inputOutput, "there is no memory for compressing")
    }
    defer { deflateEnd(&stream) }
    return try run(&stream, over: bytes, limit: .max) { stream, isLast in
      let status = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
      return status == Z_STREAM_END
        ? .ended : status == Z_OK || status == Z_BUF_ERROR ? .more : .bad
    }
  }

  /// Expands one member that ends where the bytes end.
  ///
  /// - Parameter limit: what comes out may have so many bytes; of more than that, none is kept.
  /// - Throws: `Problem` with `ledgerDamaged` for anything else than one whole member, or beyond the
  ///   limit.
  public static func expand(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
    var stream = z_stream()
    guard pratique_gunzip_begin(&stream) == Z_OK else {
      throw Problem(.inputOutput, "there is no memory for expanding")
    }
    defer { inflateEnd(&stream) }
    return try run(&stream, over: bytes, limit: limit) { stream, _ in
      let status = inflate(&stream, Z_NO_FLUSH)
      return status == Z_STREAM_END
        ? .ended : status == Z_OK || status == Z_BUF_ERROR ? .more : .bad
    }
  }

  private enum Progress { case more, ended, bad }

  /// Leads all bytes through a stream, in pieces that zlib's 32-bit counters can hold.
  private static func run(
    _ stream: inout z_stream, over bytes: [UInt8], limit: Int,
    _ advance: (inout z_stream, _ isLast: Bool) -> Progress
  ) throws -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: step)
    var position = 0
    repeat {
      let piece = min(bytes.count - position, 1 << 30)
      let isLast = position + piece == bytes.count
      var isEnded = false
      var rest = 0
      try bytes.withUnsafeBufferPointer { source in
        // zlib reads only, but its field is not declared so.
        stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
        stream.avail_in = UInt32(piece)
        repeat {
          let (progress, count) = buffer.withUnsafeMutableBufferPointer { target in
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            let progress = advance(&stream, isLast)
            return (progress, target.count - Int(stream.avail_out))
          }
          guard progress != .bad else {
            throw Problem(.ledgerDamaged, "the content is not in the gzip form, or is cut off")
          }
          guard result.count + count <= limit else {
            throw Problem(.ledgerDamaged, "the content expands to more than \(limit) bytes")
          }
          result += buffer[..<count]
          isEnded = progress == .ended
        } while !isEnded && (stream.avail_in > 0 || stream.avail_out == 0)
        rest = Int(stream.avail_in)
      }
      position += piece
      if isEnded {
        guard rest == 0, position == bytes.count else {
          throw Problem(.ledgerDamaged, "something follows the end of the gzip form")
        }
        return result
      }
    } while position < bytes.count
    throw Problem(.ledgerDamaged, "the content is not in the gzip form, or is cut off")
  }
}
