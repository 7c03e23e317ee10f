import Blobs
import Foundation
import Glibc
import Model

/// The load balancer of one environment, bound to the loopback address.
///
/// It outlives this program. Its configuration and map on disk are written before it is told, so
/// that it comes up with the wanted sharing when it is started again.
struct Haproxy: Sendable {
  let configuration: HaproxyConfiguration
  /// The environment's own folder.
  let folder: String
  let runner: CommandRunner
  let environment: [String: String]

  private static let answerTime: Int64 = 5000

  /// Which haproxy answers on the socket.
  struct Running: Hashable, Sendable {
    let process: Int32
    let description: String
    /// Which start it is: counts of different starts do not compare.
    let epoch: String
  }

  /// What answers on the admin socket; `nil` when nothing does.
  func running() async throws -> Running? {
    guard let text = try? await command("show info") else { return nil }
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        values[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    guard let process = values["Pid"].flatMap(Int32.init) else {
      throw Problem(.inputOutput, "what answers on the admin socket is not haproxy", at: folder)
    }
    return Running(
      process: process, description: values["description"] ?? "",
      epoch: "\(process)-\(values["Start_time_sec"] ?? "")")
  }

  /// Shares requests so: on disk first, then in the running haproxy, which is started when it is
  /// not there. Returns once haproxy finds every slot that has a share ready.
  func setTraffic(_ traffic: Traffic) async throws {
    try DurableFile.write(
      Array(configuration.map(traffic).utf8), to: path(HaproxyConfiguration.map))
    try DurableFile.write(
      Array(configuration.text(traffic).utf8), to: path(HaproxyConfiguration.file))
    let found = try await running()
    if found?.description == configuration.description {
      try await tell(traffic)
    } else {
      try await start(replacing: found)
    }
    try await waitUntilUp(traffic)
  }

  /// The order matters: a slot is opened before it gets a share, and closed after it lost it.
  private func tell(_ traffic: Traffic) async throws {
    let wanted = traffic.slots
    for slot in wanted {
      try await silent("set server to-\(slot.rawValue)/\(slot.rawValue) state ready")
    }
    try await waitUntilUp(traffic)
    let share = traffic.share(of: .green)
    try await silent(
      "set map \(HaproxyConfiguration.map) \(HaproxyConfiguration.key) \(share)")
    for slot in Slot.allCases where !wanted.contains(slot) {
      try await silent("set server to-\(slot.rawValue)/\(slot.rawValue) state maint")
    }
  }

  private func start(replacing old: Running?) async throws {
    var arguments = [
      "-D", "-C", folder, "-f", HaproxyConfiguration.file, "-p", HaproxyConfiguration.process,
    ]
    if let old {
      // The new process takes the listening socket over, so that no connection is refused.
      arguments += ["-x", HaproxyConfiguration.socket, "-sf", String(old.process)]
    }
    let result = try await runner.run(
      Command("haproxy", arguments, environment: environment, directory: folder))
    guard result.status.isSuccess else {
      let words = String(decoding: result.errorOutput, as: UTF8.self)
        .split(separator: "\n").filter { $0.contains("[ALERT]") }.joined(separator: " ")
      throw Problem(
        .stepFailed, "haproxy could not be started: \(words)", at: path(HaproxyConfiguration.file),
        advice: "is port \(configuration.front) of 127.0.0.1 in use?")
    }
    for _ in 0..<50 {
      if try await running()?.description == configuration.description { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Problem(.stepFailed, "haproxy was started and does not answer", at: folder)
  }

  private func waitUntilUp(_ traffic: Traffic) async throws {
    let slots = Slot.allCases.filter { traffic.share(of: $0) > 0 }
    guard !slots.isEmpty else { return }
    let interval = configuration.health.intervalMilliseconds
    let time = 2 * interval + configuration.health.timeoutMilliseconds + 2000
    for _ in 0..<max(1, time / 50) {
      let statistics = try await statistics()
      if slots.allSatisfy(statistics.isUp) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    let names = slots.map(\.rawValue).joined(separator: ", ")
    throw Problem(.stepFailed, "haproxy does not find \(names) ready", at: folder)
  }

  /// How requests are shared now; `nil` when haproxy is not there.
  func traffic() async throws -> Traffic? {
    guard try await running() != nil else { return nil }
    let answer = try await command(
      "get map \(HaproxyConfiguration.map) \(HaproxyConfiguration.key)")
    guard let value = answer.firstMatch(of: /value="(\d+)"/)?.1, let share = Int(value),
      (0...100).contains(share)
    else {
      throw Problem(.inputOutput, "haproxy does not say how requests are shared", at: folder)
    }
    let statistics = try await statistics()
    let open = Slot.allCases.filter { !statistics.isClosed($0) }
    guard !open.isEmpty else { return .closed }
    let standby = open.first { $0 == .green ? share == 0 : share == 100 }
    return Traffic(greenPercent: share, standby: standby, isOpen: true)
  }

  /// Waits until a slot answers no request; false when the time was over before.
  func drain(_ slot: Slot, milliseconds: Int64) async throws -> Bool {
    for _ in 0...max(1, milliseconds / 50) {
      // A request is seen a moment after it was taken: two empty looks one after another count.
      if try await statistics().open(slot) == 0 {
        try await Task.sleep(for: .milliseconds(50))
        if try await statistics().open(slot) == 0 { return true }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  /// Counts so far; `nil` when haproxy is not there.
  func count() async throws -> RequestCount? {
    guard let running = try await running() else { return nil }
    return try await statistics().count(epoch: running.epoch)
  }

  /// Ends haproxy, if it is the one of this folder that answers.
  func stop() async throws {
    guard let running = try await running() else { return }
    kill(running.process, SIGTERM)
    for _ in 0..<100 {
      if kill(running.process, 0) != 0 { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    kill(running.process, SIGKILL)
  }

  private func statistics() async throws -> HaproxyStatistics {
    try HaproxyStatistics(await command("show stat"))
  }

  /// A command that answers with nothing when it was done.
  private func silent(_ text: String) async throws {
    let answer = try await command(text).trimmingCharacters(in: .whitespacesAndNewlines)
    guard answer.isEmpty else {
      throw Problem(.stepFailed, "haproxy answered to \"\(text)\": \(answer)", at: folder)
    }
  }

  private func command(_ text: String) async throws -> String {
    let answer = try await LoopbackSocket.ask(
      .unix(folder: folder, name: HaproxyConfiguration.socket), Array((text + "\n").utf8),
      timeoutMilliseconds: Self.answerTime)
    return String(decoding: answer, as: UTF8.self)
  }

  private func path(_ name: String) -> String { folder + "/" + name }
}
