import Foundation
public import Logging
import Model
import Reading

/// What a server says of itself: one JSON object a line in Elastic Common Schema names, to standard
/// error. Bodies, keys and headers never go into it.
public struct ServerLog: LogHandler {
  /// Values that every line of this logger carries.
  public var metadata: Logger.Metadata = [:]
  /// Less than this is not written.
  public var logLevel = Logger.Level.info
  /// Not used: there are no values that come from the task.
  public var metadataProvider: Logger.MetadataProvider?
  private let name: String
  private let time: TimeSource
  private let write: @Sendable (String) -> Void

  /// A logger with a name, as a server gets it.
  ///
  /// - Parameter write: takes a line without its end; standard error when left out.
  public static func logger(
    _ name: String, write: @escaping @Sendable (String) -> Void = ServerLog.toStandardError
  ) -> Logger {
    var logger = Logger(label: name) { _ in
      ServerLog(name: name, time: .system, write: write)
    }
    logger.logLevel = .info
    return logger
  }

  /// Writes a line to standard error in one call, so that lines of several threads do not mix.
  public static let toStandardError: @Sendable (String) -> Void = { line in
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }

  private init(name: String, time: TimeSource, write: @escaping @Sendable (String) -> Void) {
    self.name = name
    self.time = time
    self.write = write
  }

  /// A value that every line carries.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line.
  public func log(event: LogEvent) {
    var object: JSONObject = [
      "@timestamp": .string(time.now().description),
      "log.level": .string(event.level.rawValue), "message": .string("\(event.message)"),
      "log.logger": .string(name), "ecs.version": .string("8.11"),
    ]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
    where object[key] == nil {
      object[key] = .string("\(value)")
    }
    guard let bytes = try? CanonicalJSON.write(JSONValue.object(object)) else { return }
    write(String(decoding: bytes, as: UTF8.self))
  }
}
