import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Where a server listens, and what it puts up with.
public struct HTTPListener: Sendable {
  /// Address or host name; the loopback address unless somebody says otherwise, since there is no
  /// TLS here: whoever is to be served from afar is served through a proxy that has it.
  public var host = "127.0.0.1"
  /// Port; 0 for any that is free.
  public var port = 0
  /// A connection on which nothing happens for so many milliseconds is closed.
  public var idleMilliseconds: Int64 = 30_000
  /// A body must be there after so many milliseconds.
  public var bodyMilliseconds: Int64 = 10_000
  /// So many connections are open at once; others wait.
  public var maximumConnections = 512

  /// Listens on the loopback address.
  public init() {}

  /// Serves until SIGTERM or SIGINT comes; requests that have begun are answered before it returns.
  ///
  /// - Parameter onListening: is told the port as soon as requests are taken.
  func serve(
    _ router: Router<BasicRequestContext>, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void
  ) async throws {
    var configuration = ApplicationConfiguration(address: .hostname(host, port: port))
    configuration.availableConnectionsDelegate = MaximumAvailableConnections(maximumConnections)
    let application = Application(
      router: router,
      server: .http1(
        configuration: .init(
          idleTimeout: .milliseconds(idleMilliseconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
      configuration: configuration,
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
      logger: logger)
    let group = ServiceGroup(
      configuration: .init(
        services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }
}

extension Request {
  /// The whole body.
  ///
  /// - Throws: `HTTPError` with 413 beyond the limit, 408 when it is not there in time.
  func bytes(limit: Int, milliseconds: Int64) async throws -> [UInt8] {
    let body = body
    return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      group.addTask {
        do {
          return Array(try await body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
          throw HTTPError(.contentTooLarge, message: "the body is larger than \(limit) bytes")
        }
      }
      group.addTask {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let bytes = first else {
        throw HTTPError(.requestTimeout, message: "the body did not come in time")
      }
      return bytes
    }
  }
}
