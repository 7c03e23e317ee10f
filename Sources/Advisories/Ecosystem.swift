/// Where a package comes from, by the words of the OSV schema: a family, and for distributions the
/// release, such as `Debian:12`.
public struct Ecosystem: Hashable, Sendable, CustomStringConvertible {
  /// The families whose versions can be ordered here.
  public enum Family: String, Sendable, CaseIterable {
    case debian = "Debian"
    case ubuntu = "Ubuntu"
    case alpine = "Alpine"
    case redHat = "Red Hat"
    case rocky = "Rocky Linux"
    case alma = "AlmaLinux"
    case suse = "SUSE"
    case wolfi = "Wolfi"
    case python = "PyPI"
    case npm
    case maven = "Maven"
    case go = "Go"
    case crates = "crates.io"
    case swift = "SwiftURL"
    case gem = "RubyGems"

    /// How its versions are ordered.
    public var order: VersionOrder {
      switch self {
      case .debian, .ubuntu: .dpkg
      case .alpine, .wolfi: .apk
      case .redHat, .rocky, .alma, .suse: .rpm
      case .python: .python
      case .npm, .go, .crates, .swift: .semantic
      case .maven: .maven
      case .gem: .gem
      }
    }
  }

  /// The family.
  public let family: Family
  /// The release, empty where there is none: `12`, `v3.18`, `22.04`.
  public let release: String

  /// Names an ecosystem.
  public init(_ family: Family, release: String = "") {
    self.family = family
    self.release = release
  }

  /// Reads OSV's word for an ecosystem, such as `PyPI`, `Debian:12` or `Ubuntu:22.04:LTS`; `nil` for
  /// one that is not known here.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let name = parts.first, let family = Family(rawValue: String(name)) else { return nil }
    self.family = family
    switch family {
    // Which channel of support a fix comes by does not change which version mends it.
    case .ubuntu:
      release = parts.dropFirst().first { $0.first?.isNumber == true }.map(String.init) ?? ""
    default: release = parts.dropFirst().joined(separator: ":")
    }
  }

  /// OSV's word.
  public var description: String {
    release.isEmpty ? family.rawValue : "\(family.rawValue):\(release)"
  }

  /// Whether advisories for `other` speak of packages from here: of the same release, or of all.
  func isCovered(by other: Ecosystem) -> Bool {
    family == other.family && (other.release.isEmpty || release == other.release)
  }

  /// A package's name in the form by which its registry tells names apart.
  func canonical(_ name: String) -> String {
    switch family {
    case .python:
      var bytes: [UInt8] = []
      for byte in name.lowercased().utf8 {
        let isSeparator = byte == 0x2d || byte == 0x5f || byte == 0x2e
        if isSeparator, bytes.last == 0x2d { continue }
        bytes.append(isSeparator ? 0x2d : byte)
      }
      return String(decoding: bytes, as: UTF8.self)
    case .swift:
      var text = name.lowercased()[...]
      if let scheme = text.range(of: "://") { text = text[scheme.upperBound...] }
      return String(text.hasSuffix(".git") ? text.dropLast(4) : text)
    default: return name
    }
  }
}

extension Substring {
  /// Where a text stands in this one, without Foundation.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
