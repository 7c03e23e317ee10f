import Model

/// What a run of a tool is given.
public struct ToolRequest: Sendable {
  /// The commit's files, exported anew.
  public var source: String
  /// A folder for this run alone, in which the tool is started; nothing of the commit lies there,
  /// so that no settings file of the repository is found.
  public var folder: String
  /// The image as an OCI layout.
  public var image: String?
  /// The scanner's cache folder, which holds its database.
  public var feed: String?
  /// Texts by parameter; paths as they are written.
  public var texts: [String: String]
  /// Numbers by parameter.
  public var numbers: [String: Int]
  /// Variables of the step's services.
  public var services: [String: String]

  /// States what a run is given.
  public init(
    source: String, folder: String, image: String? = nil, feed: String? = nil,
    texts: [String: String] = [:], numbers: [String: Int] = [:], services: [String: String] = [:]
  ) {
    self.source = source
    self.folder = folder
    self.image = image
    self.feed = feed
    self.texts = texts
    self.numbers = numbers
    self.services = services
  }

  /// Refuses values that are not of their parameter's form.
  ///
  /// - Throws: `Problem` with `badInput`.
  public func check(_ parameters: [ToolParameter]) throws {
    for parameter in parameters {
      guard let text = texts[parameter.name] else { continue }
      switch parameter.form {
      case .path: try Self.checkPath(text, parameter.name)
      case .name: try Self.checkName(text, parameter.name)
      case .target: _ = try LoopbackTarget(text, services: services)
      case .server: try Self.checkServer(text, parameter.name)
      case .choice, .integer: break
      }
    }
  }

  /// A file or folder of the commit, by its parameter.
  func path(_ parameter: String) -> String? {
    texts[parameter].map { $0 == "." ? source : "\(source)/\($0)" }
  }

  /// The same, which must be given.
  func requiredPath(_ parameter: String) throws -> String {
    guard let path = path(parameter) else { throw Self.missing(parameter) }
    return path
  }

  /// An address of this machine, which must be given.
  func target(_ parameter: String) throws -> String {
    guard let text = texts[parameter] else { throw Self.missing(parameter) }
    return try LoopbackTarget(text, services: services).address
  }

  private static func missing(_ parameter: String) -> Problem {
    Problem(.badInput, "the step needs \"with: {\(parameter): …}\"")
  }

  private static func checkPath(_ text: String, _ name: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isInside = text == "." || parts.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." }
    guard isInside, !text.hasPrefix("-"), !text.utf8.contains(0) else {
      throw Problem(
        .badInput, "\"\(text)\" is no path below the commit's root", at: "with.\(name)",
        advice: "Write it as git does: deploy/app.yaml, or . for all.")
    }
  }

  private static func checkServer(_ text: String, _ name: String) throws {
    let rest = ["https://", "http://"].first(where: text.hasPrefix).map { text.dropFirst($0.count) }
    let isPlain = rest?.utf8.allSatisfy {
      (0x30...0x3a).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || [0x2d, 0x2e, 0x5b, 0x5d].contains($0)
    }
    guard isPlain == true, rest?.isEmpty == false else {
      throw Problem(
        .badInput, "\"\(text)\" is no address of a server, such as https://sonar.example:9000",
        at: "with.\(name)")
    }
  }

  private static func checkName(_ text: String, _ name: String) throws {
    let isName = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || [0x2d, 0x2e, 0x3a, 0x5f].contains($0)
    }
    guard isName, let first = text.utf8.first, first != 0x2d, text.utf8.count <= 256 else {
      throw Problem(.badInput, "\"\(text)\" is no name", at: "with.\(name)")
    }
  }
}
