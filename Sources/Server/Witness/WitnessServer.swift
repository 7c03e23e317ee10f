public import Logging
public import Model

/// The witness as a service.
public enum WitnessServer {
  /// Serves a witness until SIGTERM or SIGINT comes.
  ///
  /// - Parameter onListening: is told the port as soon as requests are taken.
  /// - Throws: `Problem` when it cannot begin.
  public static func serve(
    _ folder: WitnessFolder, on listener: HTTPListener, time: TimeSource, logger: Logger,
    onListening: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let harness = try await WitnessHarness(
      folder, time: time, bodyMilliseconds: listener.bodyMilliseconds)
    try await listener.serve(harness.router(), logger: logger, onListening: onListening)
  }
}
