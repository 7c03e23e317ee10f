import Blobs
import Foundation
import Model
import Reading
import Timestamps

/// A time-stamping authority that this ledger asks, as the file `timestamping.yaml` in its folder
/// names it.
struct TimestampAuthority: Sendable {
  /// Where a revocation list comes from.
  enum ListSource: Sendable {
    case url(String)
    case file(String)
  }

  let name: String
  /// Where it is asked; `nil` for one that is asked through files.
  let url: String?
  let roots: TimestampRoots
  /// Further certificates, in PEM.
  let certificates: String
  let revocationLists: [ListSource]

  /// Reads the file; an empty list when there is none.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`, file, line and column.
  static func read(ledger: String) throws -> [TimestampAuthority] {
    let path = "\(ledger)/timestamping.yaml"
    guard let bytes = try DurableFile.read(path, limit: 1 << 20) else { return [] }
    return try InputFile.locating(path) {
      let fields = try FieldReader(
        YAMLReader.read(bytes), "a file of time-stamping authorities", known: ["authorities"])
      var authorities: [TimestampAuthority] = []
      for node in try fields.list("authorities") {
        let authority = try TimestampAuthority(node) { PathText.resolve($0, in: ledger) }
        guard !authorities.contains(where: { $0.name == authority.name }) else {
          throw ReadingError("\"\(authority.name)\" stands twice", at: node.position)
        }
        authorities.append(authority)
      }
      return authorities
    }
  }

  private init(_ node: YAMLNode, resolve: (String) -> String) throws {
    let fields = try FieldReader(
      node, "a time-stamping authority",
      known: ["name", "url", "roots", "certificates", "revocation-lists"])
    name = try fields.requiredString("name")
    guard Actor.isIdentifier(name) else {
      throw ReadingError(
        "\"\(name)\" is no name: use 1 to 64 characters of a-z, 0-9, '.', '_' and '-'",
        at: node.position)
    }
    url = try fields.string("url")
    let file = resolve(try fields.requiredString("roots"))
    roots = try TimestampRoots(
      pem: String(decoding: InputFile.read(file), as: UTF8.self), file: file)
    certificates =
      try fields.string("certificates").map {
        String(decoding: try InputFile.read(resolve($0)), as: UTF8.self)
      } ?? ""
    revocationLists = try fields.strings("revocation-lists").map { text in
      text.hasPrefix("http://") || text.hasPrefix("https://") ? .url(text) : .file(resolve(text))
    }
  }

  /// The revocation lists as they are now, in PEM.
  ///
  /// - Throws: `Problem` when one cannot be had.
  func currentLists(over exchange: HTTPExchange, milliseconds: Int64) async throws -> String {
    var text = ""
    for source in revocationLists {
      switch source {
      case .file(let path):
        text += try Self.locating(path) { try RevocationList.pem(file: InputFile.read(path)) }
      case .url(let url):
        let answer = try await exchange.send(
          .get(url, timeoutMilliseconds: milliseconds, answerLimit: RevocationList.limit))
        guard answer.status == 200 else {
          throw Problem(
            .inputOutput, "the revocation list is not there: status \(answer.status)", at: url)
        }
        text += try Self.locating(url) { try RevocationList.pem(file: answer.body) }
      }
    }
    return text
  }

  private static func locating<Value>(_ place: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as Problem where problem.location == nil {
      throw Problem(problem.code, problem.message, at: place, advice: problem.advice)
    }
  }
}
