import Blobs
import Foundation
import Model
import Reading

/// Small files of a run, written whole or not at all.
enum RunFolder {
  static func write(_ value: some Encodable, to path: String) throws {
    try DurableFile.write(CanonicalJSON.write(value), to: path)
  }

  static func read<Value: Decodable>(_ path: String) throws -> Value {
    do {
      return try JSONReader.read(InputFile.read(path)).decode()
    } catch let error as ReadingError {
      throw Problem(.badInput, "the file of a run cannot be read: \(error)", at: path)
    }
  }
}

extension LedgerHome {
  /// The folder of a run.
  func runPath(_ run: String) -> String { "\(path)/runs/\(run)" }
}
