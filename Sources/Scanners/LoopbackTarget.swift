import Model

/// An address that a dynamic tool attacks: of this machine only, since it sends what breaks things.
struct LoopbackTarget: Hashable, Sendable {
  /// The address, variables filled in.
  let address: String

  /// Fills in variables of services and refuses every other machine.
  ///
  /// - Throws: `Problem` with `badInput`.
  init(_ text: String, services: [String: String]) throws {
    var address = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      address += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw Self.problem(text, "a \"${\" has no end")
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = services[name] else {
        let known = services.keys.sorted().joined(separator: ", ")
        throw Self.problem(
          text,
          "no service of the step has the variable \"\(name)\""
            + (known.isEmpty ? "; it names no service" : "; there are: \(known)"))
      }
      address += value
      rest = rest[rest.index(after: end)...]
    }
    self.address = address + rest
    try Self.check(self.address)
  }

  private static func check(_ address: String) throws {
    guard address.hasPrefix("http://") else {
      throw problem(address, "expected an address that begins with http://")
    }
    let isPlain = address.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    let authority = address.dropFirst("http://".count).prefix { !"/?#".contains($0) }
    guard isPlain, !authority.contains("@") else {
      throw problem(address, "it has a name, a blank or a character that no address has")
    }
    var host = authority
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      host = authority[..<colon]
      let port = authority[authority.index(after: colon)...]
      guard let number = Int(port), (1...65_535).contains(number) else {
        throw problem(address, "\"\(port)\" is no port")
      }
    }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let isLoopback =
      host == "localhost" || host == "[::1]"
      || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    guard isLoopback else {
      throw problem(address, "\"\(host)\" is not this machine: expected 127.0.0.1")
    }
  }

  private static func problem(_ text: String, _ reason: String) -> Problem {
    Problem(
      .badInput, "the target \"\(text)\" was refused: \(reason)", at: "with.target",
      advice: "Start it under \"services\" and write http://${NAME_HOST}:${PORT_VARIABLE}/.")
  }
}
