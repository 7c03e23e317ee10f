import Ledger
import Model

/// Payloads that go in the transaction that records it.
struct PayloadErasure: Sendable {
  /// The entries whose payloads go.
  let payloads: [Int64]
  /// What is to be removed outside of the store; the index of the erasure is not known yet.
  let remnants: [Remnant]

  /// Looks, behind the lock, whether all payloads are there.
  ///
  /// - Throws: `Problem` with `busy`.
  func check(on session: Session) throws {
    let answer = try session.run([
      SQLCommand(
        "SELECT entry FROM payload WHERE entry = ANY ($1::int8[])", [.integers(payloads)])
    ])[0]
    let there = Set(try answer.integers())
    if let gone = payloads.first(where: { !there.contains($0) }) {
      throw Problem(.busy, "the payload of entry \(gone) is gone already")
    }
  }

  /// The statements that remove payloads and what only they said.
  static func removal(of payloads: [Int64]) -> [SQLCommand] {
    [
      SQLCommand("DELETE FROM payload WHERE entry = ANY ($1::int8[])", [.integers(payloads)]),
      SQLCommand(
        """
        UPDATE entry_index SET application = NULL, environment = NULL, run = NULL, controls = NULL
        WHERE entry = ANY ($1::int8[])
        """, [.integers(payloads)]),
    ]
  }

  /// The same, and what is left to be removed outside of the store.
  func commands(recordedAt index: Int64) -> [SQLCommand] {
    let all = [Remnant(.pages, erasure: index)] + remnants
    return Self.removal(of: payloads) + [
      SQLCommand(
        """
        INSERT INTO remnant (erasure, sort, name)
        SELECT $1::int8, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING
        """,
        [
          .integer(index), .texts(all.map(\.sort.rawValue)), .texts(all.map(\.name)),
        ])
    ]
  }
}
