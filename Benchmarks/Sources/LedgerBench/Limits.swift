import Attestation
import Crypto
import Foundation
import GRDB

/// What the machine can do at best: the same work on inputs of the same sizes, and nothing else.
struct Limits {
  /// Mean bytes of an envelope and of a leaf.
  let envelope: Int
  let leaf: Int

  /// Takes the mean sizes of a ledger's first entries.
  init(ledger path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    func mean(_ sql: String) throws -> Int {
      Int(try queue.read { try Double.fetchOne($0, sql: sql) } ?? 0)
    }
    envelope = try mean("SELECT AVG(LENGTH(envelope)) FROM payload WHERE entry BETWEEN 1 AND 10000")
    leaf = try mean("SELECT AVG(LENGTH(leaf)) FROM entry WHERE \"index\" BETWEEN 1 AND 10000")
  }

  /// Seconds, and processor seconds, for the SHA-256 of so many entries: salted payload, leaf, and one interior node each.
  func hashes(_ count: Int, threads: Int) -> String {
    let sizes = [20 + 32 + envelope, 1 + leaf, 65]
    return Self.time(threads: threads) {
      // Other bytes each time, as they come from a ledger: what is hashed is not in the first cache.
      let input = [UInt8](repeating: 7, count: 1 << 20)
      input.withUnsafeBytes { input in
        var place = 0
        for _ in 0..<count / threads {
          for size in sizes {
            if place + size > input.count { place = 0 }
            var hasher = SHA256()
            hasher.update(
              bufferPointer: UnsafeRawBufferPointer(rebasing: input[place..<place + size]))
            Self.keep(hasher.finalize())
            place += size
          }
        }
      }
    }
  }

  /// Seconds, and processor seconds, for so many Ed25519 verifications of messages as long as a statement.
  func signatures(_ count: Int, threads: Int) throws -> String {
    let key = Curve25519.Signing.PrivateKey()
    let messages = (0..<64).map { number in
      [UInt8](repeating: UInt8(number), count: envelope * 3 / 4 - 150)
    }
    let signatures = try messages.map { try key.signature(for: $0) }
    return Self.time(threads: threads) {
      for number in 0..<count / threads {
        let isValid = key.publicKey.isValidSignature(
          signatures[number % 64], for: messages[number % 64])
        precondition(isValid)
      }
    }
  }

  @inline(never)
  private static func keep(_ digest: SHA256Digest) {}

  private static func time(threads: Int, _ work: @escaping @Sendable () -> Void) -> String {
    let clock = ContinuousClock()
    let begun = clock.now
    let before = Usage.now.processor
    DispatchQueue.concurrentPerform(iterations: threads) { _ in work() }
    return "\(begun.duration(to: clock.now) / .seconds(1)) \(Usage.now.processor - before)"
  }
}

/// What this process has used.
struct Usage {
  /// Seconds of processor time.
  let processor: Double
  /// The most memory it ever held, in KiB.
  let memory: Int

  static var now: Usage {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Usage(
      processor: seconds(usage.ru_utime) + seconds(usage.ru_stime), memory: usage.ru_maxrss)
  }
}
