/// How the versions of an ecosystem are ordered: each by its own published rules.
public enum VersionOrder: String, Sendable, CaseIterable {
  /// Debian Policy, section 5.6.12.
  case dpkg
  /// RPM's version comparison, with tilde and caret.
  case rpm
  /// Alpine's package versions.
  case apk
  /// Python's version specifiers (PEP 440).
  case python
  /// Semantic Versioning 2.0.0: npm, Go, crates, Swift packages.
  case semantic
  /// Maven's version order specification.
  case maven
  /// RubyGems' versions.
  case gem

  /// Compares two versions: negative when the first is older, zero when they are equal.
  ///
  /// - Returns: `nil` when one of them is no version of this ecosystem: nobody may then say that it
  ///   is not affected.
  public func compare(_ left: String, _ right: String) -> Int? {
    guard left.utf8.count <= Self.limit, right.utf8.count <= Self.limit else { return nil }
    switch self {
    case .dpkg: return compared(DebianVersion(left), DebianVersion(right)) { $0.compare($1) }
    case .rpm: return compared(RPMVersion(left), RPMVersion(right)) { $0.compare($1) }
    case .apk: return compared(APKVersion(left), APKVersion(right)) { $0.compare($1) }
    case .python: return compared(PythonVersion(left), PythonVersion(right)) { $0.compare($1) }
    case .semantic:
      return compared(SemanticVersion(left), SemanticVersion(right)) { $0.compare($1) }
    case .maven: return compared(MavenVersion(left), MavenVersion(right)) { $0.compare($1) }
    case .gem: return compared(GemVersion(left), GemVersion(right)) { $0.compare($1) }
    }
  }

  /// Versions with more bytes are none.
  static let limit = 256

  private func compared<Version>(
    _ left: Version?, _ right: Version?, _ compare: (Version, Version) -> Int
  ) -> Int? {
    guard let left, let right else { return nil }
    return compare(left, right)
  }
}

/// Comparing digits of any length, and other bytes.
enum Digits {
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }

  /// Compares two runs of digits as numbers; an empty one is zero.
  static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    let first = left.drop { $0 == 0x30 }
    let second = right.drop { $0 == 0x30 }
    if first.count != second.count { return first.count < second.count ? -1 : 1 }
    return bytes(first, second)
  }

  /// Compares byte by byte; a beginning of the other comes first.
  static func bytes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    if left.lexicographicallyPrecedes(right) { return -1 }
    return right.lexicographicallyPrecedes(left) ? 1 : 0
  }

  /// Whether all bytes are digits, and there is one.
  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy(isDigit)
  }
}
