public import Model
import Processes

/// What a run may have left behind when the program itself was killed.
public enum Leftovers {
  /// Ends every process and container of a run, and removes its networks.
  ///
  /// - Returns: how many were ended.
  @discardableResult
  public static func end(
    run: String, environment: [String: String], usesContainers: Bool,
    commands: CommandRunner
  ) async -> Int {
    let processes = await RunCookie(value: run).endLeftovers()
    guard usesContainers else { return processes }
    let podman = Podman(commands: commands, run: run, callerEnvironment: environment)
    return processes + (await podman.endLeftovers())
  }
}
