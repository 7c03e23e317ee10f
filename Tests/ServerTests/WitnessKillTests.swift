import Foundation
import Ledger
import Model
import Server
import TestKit
import Testing

/// A witness that is killed at any instant, while two histories of each log fight for it, never
/// cosigns both, and never goes back.
@Suite("A witness that is killed", .serialized)
struct KilledWitnessEndToEndSerial {
  /// What was cosigned: answered with 200, and verified.
  private struct Cosigned: Sendable {
    let log: Int
    let branch: Int
    let size: Int64
    let began: ContinuousClock.Instant
    let ended: ContinuousClock.Instant
  }

  private actor Book {
    private(set) var all: [Cosigned] = []

    func add(_ one: Cosigned) { all.append(one) }
  }

  @Test("at random instants: one history a log, and no size after a larger one")
  func anyInstant() async throws {
    let seed = UInt64.random(in: 0...999_999)
    print("witness kills: seed \(seed)")
    var random = Seeded(seed: seed)
    let wanted = 110
    let ward = try TemporaryFolder()
    let logs = try (0..<130).map {
      try LyingLog(origin: "ledger.example/\($0)", size: 60, forkAt: Int64($0 % 3))
    }
    var folder = try WitnessFolder.create(at: ward.file("w"), name: "witness.example/w")
    for log in logs { folder = try await folder.adding(log: log.noteKey) }
    let program = Program(try Repository.command(), directory: ward.path, outputIn: ward.path)
    let cosigned = Book()
    let key = folder.key
    var kills = 0
    var starts = 0
    while kills < wanted {
      starts += 1
      try #require(starts < wanted * 2, "the instants miss the witness")
      let serving = try program.start(["witness", "serve", "--witness", folder.path, "--port", "0"])
      let port = try await serving.port()
      // A log that was never cosigned, and two from before, each asked on both branches at once.
      let chosen =
        [starts % logs.count]
        + (1...2).map { _ in Int.random(in: 0..<starts, using: &random) % logs.count }
      let delay = Double.random(in: 5..<200, using: &random)
      await withTaskGroup(of: Void.self) { group in
        for index in chosen {
          for asker in 0..<3 {
            group.addTask {
              await Self.ask(logs[index], index, branch: asker % 2, port, key, cosigned)
            }
          }
        }
        group.addTask {
          try? await Task.sleep(for: .milliseconds(delay))
          serving.kill(SIGKILL)
        }
      }
      if try await serving.ending() == .signalled(SIGKILL) { kills += 1 }
    }
    let all = await cosigned.all
    print("witness kills: \(kills), \(all.count) cosignatures")
    #expect(all.count > wanted / 2, "too little was cosigned to show anything")
    for (index, log) in logs.enumerated() {
      let of = all.filter { $0.log == index }
      try Self.check(of, log, held: await folder.held(origin: log.noteKey.name)?.checkpoint)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/state")
    print("witness kills: \(left.filter { $0.hasSuffix(".part") }.count) cut writes are left")
    try await stopsInPeace(program, folder)
  }

  /// What was answered about one log belongs to one history, in ascending order, and is held still.
  private static func check(
    _ cosigned: [Cosigned], _ log: LyingLog, held: Checkpoint?
  ) throws {
    for one in cosigned {
      for other in cosigned where other.size >= one.size {
        let isConsistent =
          one.branch == other.branch
          || log.root(one.size, branch: 0) == log.root(one.size, branch: 1)
        #expect(isConsistent, "two histories of \(log.noteKey.name) were cosigned")
        #expect(
          other.size == one.size || other.ended >= one.began,
          "\(log.noteKey.name) went back to \(one.size)")
      }
    }
    guard let largest = cosigned.max(by: { $0.size < $1.size }) else { return }
    let held = try #require(held)
    #expect(held.size >= largest.size)
    let branches = (0..<2).filter { log.root(held.size, branch: $0) == held.root }
    #expect(
      branches.contains {
        log.root(largest.size, branch: $0) == log.root(largest.size, branch: largest.branch)
      })
  }

  /// Asks for one cosignature after the other until the witness is gone.
  private static func ask(
    _ log: LyingLog, _ index: Int, branch: Int, _ port: Int, _ key: NoteKey,
    _ cosigned: Book
  ) async {
    let exchange = HTTPExchange.live()
    var old = await cosigned.all.filter { $0.log == index }.map(\.size).max() ?? 0
    for _ in 0..<50 {
      let size = min(log.size, old + Int64.random(in: 0...4))
      guard let body = try? log.request(from: old, to: size, branch: branch) else { return }
      let began = ContinuousClock.now
      guard
        let answer = try? await exchange.send(
          .post("http://127.0.0.1:\(port)/add-checkpoint", body: body, timeoutMilliseconds: 2000))
      else { return }
      let text = String(decoding: answer.body, as: UTF8.self)
      switch answer.status {
      case 200:
        guard
          let note = try? log.note(size, branch: branch).adding(signatureLines: text, of: [key]),
          (try? note.verify(with: [key])) != nil
        else {
          Issue.record("an answer with 200 holds no cosignature")
          return
        }
        let one = Cosigned(
          log: index, branch: branch, size: size, began: began, ended: ContinuousClock.now)
        await cosigned.add(one)
        old = size
      case 409: old = Int64(text.dropLast()) ?? 0
      case 422: return
      default:
        Issue.record("status \(answer.status): \(text)")
        return
      }
    }
  }

  /// SIGTERM ends it with 0, what a killed one left is gone, and its log is JSON without secrets.
  private func stopsInPeace(_ program: Program, _ folder: WitnessFolder) async throws {
    let serving = try program.start(["witness", "serve", "--witness", folder.path, "--port", "0"])
    let port = try await serving.port()
    let answer = try await HTTPExchange.live().send(.get("http://127.0.0.1:\(port)/health"))
    #expect(answer.status == 200 && answer.contentType == "text/plain")
    serving.kill(SIGTERM)
    #expect(try await serving.ending() == .exited(0))
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/state")
    #expect(!left.contains { $0.hasSuffix(".part") })
    let lines = serving.errorOutput.split(separator: "\n")
    #expect(lines.contains { $0.contains("\"url.path\":\"/health\"") })
    let secret = try Program.read("\(folder.path)/key.pem").split(separator: "\n")[1]
    for line in lines {
      #expect(line.hasPrefix("{") && line.hasSuffix("}") && line.contains("\"@timestamp\""))
      #expect(!line.contains(secret))
    }
  }
}
