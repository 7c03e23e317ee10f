public import CEL
import Foundation

/// Named time zones from the machine's database: for asking a question by hand. A gate never has
/// them, since its answer must be the same on another machine and in another year.
public enum ZoneNames {
  /// Seconds east of UTC in a zone at a moment, or nil for an unknown zone.
  public static let ofThisMachine: Environment.TimeZones = { zone, seconds in
    TimeZone(identifier: zone)?
      .secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
  }
}
