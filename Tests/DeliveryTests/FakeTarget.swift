import Delivery
import Foundation
import Model
import Synchronization

/// The process was killed: nothing after it runs.
struct Killed: Error {}

/// How a version behaves.
enum Behaviour: Sendable {
  case good
  /// It is never ready.
  case neverReady
  /// It cannot be staged.
  case notStaged
  /// It is ready until it takes requests.
  case turnsUnready
  /// It answers requests with errors.
  case failsRequests
}

/// A clock that moves only when somebody waits.
final class ManualTime: Sendable {
  private let milliseconds = Mutex<Int64>(1_700_000_000_000)

  var source: TimeSource {
    TimeSource(name: "test") { [self] in Instant(milliseconds: milliseconds.withLock { $0 }) }
  }

  func pause(_ time: Int64) { milliseconds.withLock { $0 += time } }
}

/// A target in memory, which complains of whatever would cost a request.
final class FakeTarget: Sendable {
  struct State {
    var slots: [Slot: (release: Release, rollout: String, isRunning: Bool)] = [:]
    var traffic = Traffic.closed
    var behaviours: [String: Behaviour] = [:]
    var operations: [String] = []
    var violations: [String] = []
    var requests: Int64 = 0
    /// After so many effects the process is killed.
    var lives = Int.max
    /// Whether it dies before the effect, or right after.
    var diesBefore = false
  }

  let state = Mutex(State())
  let canShareTraffic: Bool

  init(canShareTraffic: Bool = true) { self.canShareTraffic = canShareTraffic }

  func behave(_ version: String, _ behaviour: Behaviour) {
    state.withLock { $0.behaviours[version] = behaviour }
  }

  /// The process dies at that effect, counted from 1.
  func die(at effect: Int, before: Bool) {
    state.withLock {
      $0.lives = effect
      $0.diesBefore = before
    }
  }

  func live() { state.withLock { $0.lives = .max } }

  var operations: [String] { state.withLock { $0.operations } }
  var violations: [String] { state.withLock { $0.violations } }

  /// The versions that run, by slot, and who takes requests.
  var summary: String {
    state.withLock { state in
      Slot.allCases.map { slot in
        let share = state.traffic.share(of: slot)
        guard let content = state.slots[slot] else { return "\(slot): -" }
        return "\(slot): \(content.release.version) \(content.isRunning ? "runs" : "stopped")"
          + (canShareTraffic ? " \(share)%" : "")
      }.joined(separator: ", ")
    }
  }

  /// Does an effect, unless the process dies before it; or dies after it.
  private func effect(_ name: String, _ body: (inout State) throws -> Void) throws {
    try state.withLock { state in
      state.lives -= 1
      if state.lives == 0, state.diesBefore { throw Killed() }
      state.operations.append(name)
      try body(&state)
      if state.lives == 0 { throw Killed() }
    }
  }

  private static func refuseIfServing(_ slot: Slot, _ verb: String, _ state: inout State) {
    if state.traffic.share(of: slot) > 0 {
      state.violations.append("\(verb) \(slot) while it serves")
    }
  }

  private func health(_ slot: Slot) -> Health {
    state.withLock { state in
      guard let content = state.slots[slot], content.isRunning else { return .unhealthy("down") }
      switch state.behaviours[content.release.version] ?? .good {
      case .good, .notStaged, .failsRequests: return .healthy
      case .neverReady: return .unhealthy("status 503")
      case .turnsUnready:
        return state.traffic.share(of: slot) > 0 ? .unhealthy("status 503") : .healthy
      }
    }
  }

  var target: Target {
    Target(
      abilities: .init(canShareTraffic: canShareTraffic),
      check: { [self] workload, salt in
        _ = canShareTraffic
        return TargetPlan(
          specification: Digest.sha256(Array((salt + workload.release.version).utf8)),
          translations: ["one pod runs"])
      },
      observe: { [self] in
        state.withLock { state in
          TargetObservation(
            slots: Slot.allCases.map { slot in
              guard let content = state.slots[slot] else {
                return SlotObservation(slot: slot, state: .absent)
              }
              return SlotObservation(
                slot: slot, state: content.isRunning ? .running : .stopped,
                image: content.release.image.digests.first,
                imageConfig: content.release.imageConfig, rollout: content.rollout,
                version: content.release.version)
            }, traffic: state.traffic)
        }
      },
      stage: { [self] workload, slot in
        try effect("stage \(workload.release.version) \(slot)") { state in
          Self.refuseIfServing(slot, "staged", &state)
          if case .notStaged = state.behaviours[workload.release.version] {
            throw Problem(.stepFailed, "no such image")
          }
          state.slots[slot] = (workload.release, workload.rollout, true)
        }
      },
      start: { [self] slot in
        try effect("start \(slot)") {
          guard $0.slots[slot] != nil else { throw Problem(.notFound, "\(slot) is empty") }
          $0.slots[slot]?.isRunning = true
        }
      },
      probe: { [self] in health($0) },
      setTraffic: { [self] traffic in
        try effect("traffic \(traffic.greenPercent) \(traffic.standby?.rawValue ?? "-")") { state in
          for slot in Slot.allCases where traffic.share(of: slot) > 0 {
            if state.slots[slot]?.isRunning != true {
              state.violations.append("requests go to \(slot), which does not run")
            }
          }
          state.traffic = traffic
        }
      },
      drain: { [self] slot in
        try effect("drain \(slot)") { Self.refuseIfServing(slot, "drained", &$0) }
        return true
      },
      stop: { [self] slot in
        try effect("stop \(slot)") { state in
          if canShareTraffic { Self.refuseIfServing(slot, "stopped", &state) }
          state.slots[slot]?.isRunning = false
        }
      },
      remove: { [self] slot in
        try effect("remove \(slot)") { state in
          if canShareTraffic { Self.refuseIfServing(slot, "removed", &state) }
          state.slots[slot] = nil
        }
      },
      count: { [self] in
        guard canShareTraffic else { return nil }
        return state.withLock { state in
          state.requests += 50
          let slot: Slot = state.traffic.greenPercent == 100 ? .green : .blue
          var errors: Int64 = 0
          if let version = state.slots[slot]?.release.version,
            case .failsRequests = state.behaviours[version]
          {
            errors = state.requests
          }
          return RequestCount(
            epoch: "1", served: state.requests, lost: 0, serverErrors: errors,
            slots: [slot.rawValue: .init(answers: state.requests, serverErrors: errors)])
        }
      })
  }
}
