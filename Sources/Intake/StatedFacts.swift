public import Model

/// When a report says that it was made. One without a time zone could be of any, so it is a span.
public struct StatedTime: Hashable, Sendable {
  /// The earliest moment that is meant.
  public let earliest: Instant
  /// The latest moment that is meant.
  public let latest: Instant

  /// One moment.
  public init(_ instant: Instant) {
    earliest = instant
    latest = instant
  }

  private init(local instant: Instant) {
    // Time zones lie between UTC-12 and UTC+14.
    earliest = instant.advanced(byMilliseconds: -14 * 3_600_000)
    latest = instant.advanced(byMilliseconds: 12 * 3_600_000)
  }

  /// Reads the ways in which tools write a time: RFC 3339, the same with a blank for the T, with an
  /// offset without a colon, or without a zone.
  ///
  /// - Returns: `nil` for what is no time; many tools write a remark or nothing there.
  public init?(_ text: String) {
    var text = text.replacing(",", with: ".", maxReplacements: 1)
    if text.count == 10 { text += "T00:00:00" }
    let parts = text.split(separator: " ")
    if parts.count >= 2, parts[0].count == 10 {
      text = "\(parts[0])T\(parts[1...].joined())"
    }
    if text.hasSuffix("UTC") { text = "\(text.dropLast(3))Z" }
    if let instant = Instant(text) {
      // Some tools write the zero of their language's time where they have none.
      guard instant.milliseconds > 0 else { return nil }
      self.init(instant)
      return
    }
    // An offset without its colon.
    let tail = text.suffix(5)
    if tail.count == 5, tail.first == "+" || tail.first == "-",
      let instant = Instant("\(text.dropLast(2)):\(text.suffix(2))")
    {
      self.init(instant)
      return
    }
    guard let instant = Instant("\(text)Z") ?? Instant("\(text.prefix(19))Z") else { return nil }
    self.init(local: instant)
  }

  /// A moment by seconds or milliseconds since 1970, told apart by their size.
  init?(epoch number: Double) {
    guard number.isFinite, number > 100_000_000, number < 100_000_000_000_000 else { return nil }
    self.init(
      Instant(milliseconds: Int64(number < 100_000_000_000 ? number * 1000 : number)))
  }
}

/// What a report says it is about.
public struct StatedSubject: Hashable, Sendable {
  /// The sorts of things that reports name.
  public enum Sort: String, Sendable, Codable {
    /// An image by the digest of its configuration.
    case imageConfig = "image-config"
    /// An image by the digest of its manifest.
    case imageManifest = "image-manifest"
    /// A commit by its id.
    case commit
    /// Any artifact by digest.
    case artifact
  }

  /// What sort of thing.
  public let sort: Sort
  /// Its digest, `algorithm:hex`; a commit's is its bare id.
  public let value: String

  /// Names a thing.
  public init(_ sort: Sort, _ value: String) {
    self.sort = sort
    self.value = value
  }
}
