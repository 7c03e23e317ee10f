/// A pattern of paths below the workspace: `*` and `?` within a name, `**` for any folders.
///
/// Compared byte by byte; a name that begins with a dot is like any other.
public struct Glob: Hashable, Sendable, CustomStringConvertible {
  enum Component: Hashable, Sendable {
    /// A name without wildcards.
    case literal([UInt8])
    /// A name with `*` or `?`.
    case pattern([UInt8])
    /// `**`: any number of folders, none included.
    case folders
  }

  /// The pattern as written.
  public let text: String
  let components: [Component]

  /// Reads a pattern.
  ///
  /// - Returns: `nil` for an empty one, one that begins or ends with `/`, and one with an empty
  ///   name, `.` or `..` in it: nothing outside the workspace can be named.
  public init?(_ text: String) {
    guard Self.refusal(of: text) == nil else { return nil }
    self.text = text
    components = text.utf8.split(separator: 0x2f).map { name in
      if name.elementsEqual("**".utf8) { return .folders }
      let isLiteral = !name.contains(0x2a) && !name.contains(0x3f)
      return isLiteral ? .literal(Array(name)) : .pattern(Array(name))
    }
  }

  /// Why a text is no pattern.
  static func refusal(of text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.utf8.contains(0) { return "has a zero byte" }
    if text.utf8.first == 0x2f { return "begins with \"/\"" }
    for name in text.utf8.split(separator: 0x2f, omittingEmptySubsequences: false) {
      if name.isEmpty { return "has an empty name between two \"/\", or ends with one" }
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
        return "has \".\" or \"..\" as a name"
      }
      if name.count > 2, name.allSatisfy({ $0 == 0x2a }) {
        return "has more than two \"*\" in a row"
      }
    }
    return nil
  }

  /// The pattern as written.
  public var description: String { text }

  /// Whether a path matches.
  public func matches(_ path: String) -> Bool {
    let names = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false).map { Array($0) }
    return Self.matches(components[...], names[...])
  }

  private static func matches(
    _ components: ArraySlice<Component>, _ names: ArraySlice<[UInt8]>
  ) -> Bool {
    guard let first = components.first else { return names.isEmpty }
    if first == .folders {
      return (names.startIndex...names.endIndex).contains {
        matches(components.dropFirst(), names[$0...])
      }
    }
    guard let name = names.first, matches(first, name) else { return false }
    return matches(components.dropFirst(), names.dropFirst())
  }

  /// Whether one name matches one component that is not `**`.
  static func matches(_ component: Component, _ name: [UInt8]) -> Bool {
    switch component {
    case .literal(let text): return text == name
    case .folders: return true
    case .pattern(let pattern): return matches(pattern, name)
    }
  }

  /// Linear in the name's length for each `*`: the last `*` alone is tried again.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var place = 0
    var position = 0
    var star: (place: Int, position: Int)?
    while position < name.count {
      if place < pattern.count, pattern[place] == 0x2a {
        star = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == name[position] || pattern[place] == 0x3f {
        place += 1
        position += 1
      } else if let last = star {
        star = (last.place, last.position + 1)
        place = last.place + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == 0x2a }
  }
}
