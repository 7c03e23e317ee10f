import Foundation
public import Model
import Reading

/// The data that a scanner judges by, as it lies on disk.
public enum ScannerFeed {
  /// Reads the state of Trivy's vulnerability database.
  ///
  /// - Parameters:
  ///   - cacheFolder: what Trivy was given as `--cache-dir`; the database lies in its `db`.
  ///   - isExample: whether it is an example feed, made for a demonstration.
  /// - Throws: `Problem` when the database or its description is missing, empty or unreadable: a
  ///   scan that rests on an unknown feed proves nothing.
  public static func trivy(cacheFolder: String, isExample: Bool) throws -> ReportSource.Feed {
    let folder = URL(fileURLWithPath: cacheFolder).appendingPathComponent("db")
    let description = folder.appendingPathComponent("metadata.json")
    let metadata = try read(description)
    let updatedAt = try updateTime(metadata, source: description.path)
    let digest = try digest(of: folder.appendingPathComponent("trivy.db"))
    return ReportSource.Feed(
      name: "trivy-db", digest: digest, updatedAt: updatedAt, isExample: isExample)
  }

  /// Reads when the database was last renewed, from the bytes of its `metadata.json`.
  ///
  /// - Throws: `Problem` with `badInput`.
  public static func updateTime(_ metadata: [UInt8], source: String) throws -> Instant {
    do {
      let root = ReportNode(try JSONDocument.read(metadata, limits: .configuration).root)
      let version = try root.member("Version")
      guard version.json.integer == 2 else {
        throw version.error("expected a database of version 2")
      }
      let text = try root.requiredString("UpdatedAt")
      guard let instant = Instant(text), instant.milliseconds > 0 else {
        throw try root.member("UpdatedAt").error("expected a time such as 2026-11-23T11:30:00Z")
      }
      return instant
    } catch let error as ReadingError {
      throw Problem(
        .badInput, "the scanner's feed cannot be dated: \(error)", at: source,
        advice: "Download the database again; an undated feed proves nothing.")
    }
  }

  private static func read(_ file: URL) throws -> [UInt8] {
    do { return Array(try Data(contentsOf: file)) } catch { throw missing(file) }
  }

  private static func digest(of file: URL) throws -> Digest {
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw missing(file) }
    defer { try? handle.close() }
    var stream = Digest.Stream()
    do {
      while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
        part.withUnsafeBytes { stream.update($0) }
      }
    } catch { throw missing(file) }
    guard stream.byteCount > 0 else { throw missing(file) }
    return stream.finalize()
  }

  private static func missing(_ file: URL) -> Problem {
    Problem(
      .notFound, "the scanner's feed is missing, empty or unreadable", at: file.path,
      advice: "Download the vulnerability database before the scan: trivy image --download-db-only."
    )
  }
}
