import CEL
import Reading

/// The line protocol: each line a question as JSON, each answer a line of JSON with its `id`.
///
/// No line ends the conversation: one that cannot be read is answered with an error.
public enum LineProtocol {
  /// The greatest length of a line in bytes.
  public static let length = 4 << 20

  private static let limits = ReadingLimits(bytes: length, depth: 512, values: 1_000_000)

  /// The answer to one line, without the end of the line.
  public static func answer(_ line: [UInt8]) -> [UInt8] {
    var id = JSONValue.null
    do {
      guard line.count <= length else {
        throw ReadingError("the line has more than \(length) bytes")
      }
      let json = try JSONReader.read(line, limits: limits)
      guard let object = json.object else { throw ReadingError("a question is an object") }
      id = object["id"] ?? .null
      guard id != .null else { throw ReadingError("a question needs an \"id\"") }
      return try text(id, "value", VectorLine(object).answer())
    } catch let error as CELError {
      return failure(id, "\(error.line):\(error.column): \(error.message)")
    } catch let error as ReadingError {
      return failure(id, error.description)
    } catch {
      return failure(id, "\(error)")
    }
  }

  private static func failure(_ id: JSONValue, _ sentence: String) -> [UInt8] {
    // The id comes back as it was read, unless it is a number that JSON readers do not agree on.
    (try? text(id, "error", .string(sentence)))
      ?? (try? text(.null, "error", .string(sentence))) ?? Array(#"{"error":"","id":null}"#.utf8)
  }

  private static func text(_ id: JSONValue, _ name: String, _ value: JSONValue) throws -> [UInt8] {
    try CanonicalJSON.write(.object(["id": id, name: value]))
  }
}
