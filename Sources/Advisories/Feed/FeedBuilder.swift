import Foundation
import Model
import Reading

/// Builds a feed from files, one after the other, in the order of their names.
public struct FeedBuilder {
  private let limits: AdvisoryFeed.Limits
  private var advisories: [Advisory] = []
  private var ids: Set<String> = []
  private var digests: [String] = []
  private var bytes = 0
  private var manifest: AdvisoryFeed.Manifest?

  /// Begins an empty feed.
  public init(limits: AdvisoryFeed.Limits = .init()) { self.limits = limits }

  /// Adds a file: one advisory, an array of them, or one a line; `feed.json` describes the feed.
  ///
  /// - Throws: `Problem` with `badInput` that names the file and the place.
  public mutating func add(_ name: String, _ content: [UInt8]) throws {
    bytes += content.count
    guard content.count <= limits.file, bytes <= limits.total else {
      throw Problem(.badInput, "the feed is larger than is read", at: name)
    }
    digests.append("\(name) \(Digest.sha256(content))")
    do {
      if name == "feed.json" {
        manifest = try Self.manifest(JSONDocument.read(content, limits: .configuration).root)
      } else if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
        var line = 0
        for text in content.split(separator: 0x0a, omittingEmptySubsequences: false) {
          line += 1
          if text.allSatisfy({ $0 == 0x20 || $0 == 0x0d }) { continue }
          do { try add(JSONDocument.read(Array(text), limits: .statement).root) } catch let error
            as ReadingError
          {
            throw ReadingError("line \(line): \(error.message)", pointer: error.pointer)
          }
        }
      } else {
        let root = try JSONDocument.read(content).root
        if root.isArray {
          for element in root.elements { try add(element) }
        } else {
          try add(root)
        }
      }
    } catch let error as ReadingError {
      throw Problem(.badInput, "no advisories of the OSV form: \(error)", at: name)
    }
  }

  private mutating func add(_ node: JSONNode) throws {
    let advisory = try AdvisoryReader.read(node)
    guard ids.insert(advisory.id).inserted else {
      throw node.fault("the advisory \(advisory.id) stands twice in the feed")
    }
    guard advisories.count < limits.advisories else {
      throw node.fault("more than \(limits.advisories) advisories")
    }
    advisories.append(advisory)
  }

  /// The feed of what was added.
  ///
  /// - Throws: `Problem` with `badInput` when there is no advisory: an empty feed finds nothing.
  public func feed(named name: String) throws -> AdvisoryFeed {
    guard let newest = advisories.map(\.modified).max() else {
      throw Problem(
        .badInput, "there is no advisory in the feed, so nothing could be found", at: name)
    }
    let source = ReportSource.Feed(
      name: manifest?.name ?? name,
      digest: Digest.sha256(digests.sorted().joined(separator: "\n").utf8),
      updatedAt: manifest?.updatedAt ?? newest, isExample: manifest?.isExample ?? false)
    return AdvisoryFeed(advisories, source: source, declared: manifest?.ecosystems ?? [])
  }

  private static func manifest(_ node: JSONNode) throws -> AdvisoryFeed.Manifest {
    let known: Set<String> = ["name", "updatedAt", "example", "ecosystems"]
    guard node.isObject else { throw node.fault("expected an object, found \(node.sort)") }
    for member in node.members where !known.contains(member.name) {
      throw node.fault("\"\(member.name)\" is not a key of a feed's description")
    }
    let updatedAt = try node.text("updatedAt").map { text in
      guard let instant = Instant(text), instant.milliseconds > 0 else {
        throw node.fault("\"\(text)\" is no time")
      }
      return instant
    }
    let ecosystems = try node.texts("ecosystems").map { text in
      guard let ecosystem = Ecosystem(text) else {
        throw node.fault("\"\(text)\" is no ecosystem that is known here")
      }
      return ecosystem
    }
    if let example = try node.present("example"), example.bool == nil {
      throw example.fault("expected true or false, found \(example.sort)")
    }
    return AdvisoryFeed.Manifest(
      name: try node.requiredText("name"), updatedAt: updatedAt,
      isExample: try node.present("example")?.bool ?? false, ecosystems: ecosystems)
  }
}

extension AdvisoryFeed {
  /// Reads a folder of advisories with all that lies below it, or one file.
  ///
  /// Files that end in `.json`, `.jsonl` or `.ndjson` are read, any other is an error: what is not
  /// understood could hold what is looked for.
  ///
  /// - Throws: `Problem` with `notFound` or `badInput`.
  public static func read(_ path: String, limits: Limits = .init()) throws -> AdvisoryFeed {
    let files = try FeedFiles.list(path)
    var builder = FeedBuilder(limits: limits)
    for file in files {
      guard let data = FileManager.default.contents(atPath: file.path) else {
        throw Problem(.inputOutput, "the file cannot be read", at: file.path)
      }
      do { try builder.add(file.name, Array(data)) } catch let problem as Problem {
        throw Problem(
          problem.code, problem.message, at: file.path, advice: problem.advice)
      }
    }
    return try builder.feed(named: FeedFiles.lastName(path))
  }
}
