public import Model

/// A commit as its bytes say it.
public struct GitCommit: Hashable, Sendable {
  /// Who made something, when; the name and the address are the commit's claim.
  public struct Signature: Hashable, Sendable {
    /// The name, for people.
    public let name: String
    /// The e-mail address, as written.
    public let email: String
    /// The time that the commit claims.
    public let time: Instant
  }

  /// The commit's id.
  public let id: Digest
  /// The id of its tree.
  public let tree: Digest
  /// The ids of its parents, in order.
  public let parents: [Digest]
  /// Who wrote the change.
  public let author: Signature
  /// Who made the commit.
  public let committer: Signature
  /// The text of the header `gpgsig`; `nil` for a commit that is not signed.
  public let armoredSignature: String?
  /// The commit's bytes without the header `gpgsig`: what was signed.
  public let signedPayload: [UInt8]

  /// Reads a commit, after checking that the bytes have that id.
  ///
  /// - Throws: `Problem` with `badInput` for a form that git does not write: headers out of order,
  ///   missing or doubled; `notTrusted` when the bytes have another id.
  public init(id: Digest, content: [UInt8]) throws {
    try GitObject.check(content, kind: "commit", is: id)
    var headers = GitHeaders(content, commit: id)
    self.id = id
    tree = try headers.id(try headers.required("tree"))
    var parents: [Digest] = []
    while let parent = headers.next("parent") { parents.append(try headers.id(parent)) }
    self.parents = parents
    author = try headers.signature(try headers.required("author"))
    committer = try headers.signature(try headers.required("committer"))
    let rest = try headers.rest()
    armoredSignature = rest.signature
    signedPayload = rest.payload
  }
}

/// Reads the headers of a commit line by line.
struct GitHeaders {
  private let content: [UInt8]
  private let commit: Digest
  private var position = 0

  init(_ content: [UInt8], commit: Digest) {
    self.content = content
    self.commit = commit
  }

  private func refusal(_ message: String) -> Problem {
    Problem(
      .badInput, "\(message): byte \(position)", at: "commit \(commit.hex)",
      advice: "git fsck --strict tells more; make the commit again with git itself.")
  }

  private func line() throws -> ArraySlice<UInt8> {
    guard let end = content[position...].firstIndex(of: 0x0a) else {
      throw refusal("the headers end early")
    }
    return content[position..<end]
  }

  /// The value of the header that stands here, when it has that name.
  mutating func next(_ name: String) -> ArraySlice<UInt8>? {
    guard let line = try? line(), line.starts(with: Array("\(name) ".utf8)) else { return nil }
    position = line.endIndex + 1
    return line.dropFirst(name.utf8.count + 1)
  }

  mutating func required(_ name: String) throws -> ArraySlice<UInt8> {
    guard let value = next(name) else { throw refusal("expected the header \(name)") }
    return value
  }

  func id(_ value: ArraySlice<UInt8>) throws -> Digest {
    guard let id = Digest(.gitCommit, hex: String(decoding: value, as: UTF8.self)) else {
      throw refusal("expected an id of 40 hexadecimal characters")
    }
    return id
  }

  /// `Name <address> seconds offset`.
  func signature(_ value: ArraySlice<UInt8>) throws -> GitCommit.Signature {
    guard let text = String(validating: value, as: UTF8.self), !text.utf8.contains(0) else {
      throw refusal("expected UTF-8 in a name and address")
    }
    let parts = text.split(separator: "<", omittingEmptySubsequences: false)
    let rest = parts.last?.split(separator: ">", omittingEmptySubsequences: false) ?? []
    guard parts.count == 2, rest.count == 2, rest[1].first == " " else {
      throw refusal("expected a name and an address in angle brackets")
    }
    let words = rest[1].dropFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, let seconds = Int64(words[0]), seconds >= 0,
      seconds < 253_402_300_800, words[0].utf8.first != 0x2b
    else { throw refusal("expected seconds since 1970 and an offset") }
    return GitCommit.Signature(
      name: String(parts[0].last == " " ? parts[0].dropLast() : parts[0]), email: String(rest[0]),
      time: Instant(milliseconds: seconds * 1000))
  }

  /// Headers after `committer`: the signature is taken out, everything else is signed.
  mutating func rest() throws -> (signature: String?, payload: [UInt8]) {
    var payload = Array(content[..<position])
    var seen: [String] = []
    var signature: String?
    while true {
      let line = try line()
      if line.isEmpty { break }
      let start = position
      guard let space = line.firstIndex(of: 0x20), space > line.startIndex, !line.contains(0) else {
        throw refusal("expected a header, its name and a space")
      }
      let name = String(decoding: line[..<space], as: UTF8.self)
      let onlyOnce = ["tree", "parent", "author", "committer", "gpgsig", "encoding"]
      guard !["tree", "parent", "author", "committer"].contains(name),
        !(seen.contains(name) && onlyOnce.contains(name))
      else { throw refusal("the header \(name) stands twice or out of order") }
      guard name != "gpgsig-sha256" else {
        throw refusal("signatures for SHA-256 repositories are not taken")
      }
      seen.append(name)
      var value = Array(line[(space + 1)...])
      position = line.endIndex + 1
      while position < content.count, content[position] == 0x20 {
        let more = try self.line()
        value.append(0x0a)
        value.append(contentsOf: more.dropFirst())
        position = more.endIndex + 1
      }
      if name == "gpgsig" {
        signature = String(decoding: value, as: UTF8.self)
      } else {
        payload.append(contentsOf: content[start..<position])
      }
    }
    return (signature, payload + content[position...])
  }
}
