import CLibPQ
import Foundation
import Model

/// Which server, database and schema a ledger lies in, and as whom to ask for it.
public struct ServerAddress: Sendable, Hashable {
  /// The schema's name unless the address names another.
  public static let defaultSchema = "pratique"

  /// What libpq is told, by libpq's own keywords.
  let settings: [String: String]
  /// The schema that holds the ledger's tables.
  public let schema: String

  /// Reads `postgresql://[user@]host[:port]/database[?schema=…&keyword=…]`; every keyword of libpq
  /// may stand there, `service` too. What is not given comes from libpq's own sources: a service
  /// file, `PGHOST` and its like, and for the password `PGPASSFILE`, `~/.pgpass` or `PGPASSWORD`.
  ///
  /// - Throws: `Problem` with `badInput`, which never repeats what was given, since a password may
  ///   stand in it; or `toolMissing`.
  public init(_ text: String) throws {
    guard Self.isAddress(text) else { throw Self.malformed }
    let (address, schema) = try Self.splitSchema(text)
    let libpq = try LibPQ.load()
    var message: UnsafeMutablePointer<CChar>?
    guard let options = libpq.parse(address, &message) else {
      libpq.freeMemory(message)
      throw Self.malformed
    }
    defer { libpq.freeOptions(options) }
    var settings: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        settings[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
    self.settings = settings
    self.schema = schema
  }

  /// Whether a text names a server rather than a file.
  public static func isAddress(_ text: String) -> Bool {
    text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
  }

  private static var malformed: Problem {
    Problem(
      .badInput, "the address of the PostgreSQL server is not of its form",
      advice: "Write postgresql://user@host:port/database?schema=pratique; the password belongs"
        + " into ~/.pgpass or the file that PGPASSFILE names.")
  }

  /// Takes our own keyword out: libpq knows nothing of it.
  private static func splitSchema(_ text: String) throws -> (String, String) {
    guard let mark = text.firstIndex(of: "?") else { return (text, defaultSchema) }
    var schema = defaultSchema
    var rest: [Substring] = []
    for part in text[text.index(after: mark)...].split(separator: "&") {
      if part.hasPrefix("schema=") { schema = String(part.dropFirst(7)) } else { rest.append(part) }
    }
    guard isSchema(schema) else {
      throw Problem(
        .badInput, "the schema's name is not of its form",
        advice: "Use 1 to 63 characters of a-z, 0-9 and '_', the first a letter.")
    }
    let base = String(text[..<mark])
    return (rest.isEmpty ? base : "\(base)?\(rest.joined(separator: "&"))", schema)
  }

  private static func isSchema(_ name: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = name.utf8.first, letters.contains(first), name.utf8.count <= 63,
      !name.hasPrefix("pg_")
    else { return false }
    return name.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  /// Whether a password stands in the address.
  public var holdsPassword: Bool { settings["password"] != nil || settings["sslpassword"] != nil }

  /// Where the ledger is, for people: no user, no password.
  public var place: String {
    let database = settings["dbname"] ?? ""
    if let service = settings["service"] {
      return "postgresql service \(service), schema \(schema)"
    }
    let host = settings["host"] ?? settings["hostaddr"] ?? ""
    // A folder of sockets is no part of an address with slashes.
    let server = host.hasPrefix("/") ? "" : host
    let port = settings["port"].map { ":\($0)" } ?? ""
    return "postgresql://\(server)\(port)/\(database)?schema=\(schema)"
  }

  /// The address as it is written down: all that was given but passwords.
  public var withoutPassword: String {
    let written = settings.filter { !["password", "sslpassword"].contains($0.key) }
    let parts = written.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.escaped($0.value))" }
    return "postgresql:///?" + (parts + ["schema=\(schema)"]).joined(separator: "&")
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = UnicodeScalar(byte)
      let isPlain =
        byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || [0x2d, 0x2e, 0x5f, 0x2f].contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + Hexadecimal.encode([byte])
      }
    }
    return result
  }
}

extension ServerAddress: CustomStringConvertible, CustomReflectable {
  /// The same as `place`: whoever prints an address shows no password.
  public var description: String { place }
  /// Nothing but the place.
  public var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}
