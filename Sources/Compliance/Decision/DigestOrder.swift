import Model

/// Many digests in the order in which sets of them are signed, each once.
///
/// They are told apart by a number of their beginnings, and looked at in full only where that agrees.
enum DigestOrder {
  private struct Key {
    let beginning: UInt64
    let place: Int
  }

  static func once(_ digests: [Digest]) -> [Digest] {
    let keys = digests.indices.map { Key(beginning: beginning(digests[$0]), place: $0) }
      .sorted { left, right in
        left.beginning == right.beginning
          ? digests[left.place] < digests[right.place] : left.beginning < right.beginning
      }
    var once: [Digest] = []
    once.reserveCapacity(digests.count)
    for key in keys where once.last != digests[key.place] { once.append(digests[key.place]) }
    return once
  }

  /// The algorithm's place in the order of their names, and fifteen hexadecimal digits.
  private static func beginning(_ digest: Digest) -> UInt64 {
    let rank: UInt64 =
      switch digest.algorithm {
      case .gitCommit: 0
      case .sha256: 1
      case .sha512: 2
      }
    return digest.hex.utf8.prefix(15).reduce(rank) { number, digit in
      number << 4 | UInt64(digit < 0x3a ? digit - 0x30 : digit - 0x57)
    }
  }
}
