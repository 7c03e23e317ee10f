/// One of the two places in an environment that a release can run in.
public enum Slot: String, Sendable, Codable, CaseIterable, Hashable {
  case blue, green

  /// The other place.
  public var other: Slot { self == .blue ? .green : .blue }
}

/// How requests are shared between the slots.
public struct Traffic: Sendable, Codable, Hashable {
  /// The part that the green slot takes, in percent; the blue slot takes the rest.
  public let greenPercent: Int
  /// A healthy slot that takes over at once, by itself, when the other stops answering.
  public let standby: Slot?
  /// Whether any slot takes requests at all.
  public let isOpen: Bool

  /// No slot takes requests.
  public static let closed = Traffic(greenPercent: 0, standby: nil, isOpen: false)

  /// All requests go to one slot; the other stands by when `isOtherStandby` is true.
  public static func all(to slot: Slot, isOtherStandby: Bool = false) -> Traffic {
    Traffic(
      greenPercent: slot == .green ? 100 : 0, standby: isOtherStandby ? slot.other : nil,
      isOpen: true)
  }

  /// The slots that may receive requests: those with a share, and the one that stands by.
  public var slots: [Slot] {
    guard isOpen else { return [] }
    return Slot.allCases.filter { share(of: $0) > 0 || standby == $0 }
  }

  /// The percentage that a slot takes.
  public func share(of slot: Slot) -> Int {
    guard isOpen else { return 0 }
    return slot == .green ? greenPercent : 100 - greenPercent
  }
}
