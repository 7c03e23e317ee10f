import Foundation
import Model

/// Finds the secrets of somebody else's environment, by name, and masks them in a command.
struct SecretWords: Sendable {
  /// What the names of variables and options that hold secrets contain.
  private static let signs = [
    "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATE", "APIKEY",
    "API_KEY", "ACCESS_KEY", "AUTHORIZATION", "COOKIE",
  ]

  /// Masks the values of secrets.
  let mask: SecretMask

  /// - Parameters:
  ///   - environment: what the command sees.
  ///   - named: variables that hold secrets whatever their names.
  init(environment: [String: String], named: [String]) {
    let values = environment.filter { named.contains($0.key) || Self.isSecret($0.key) }.values
    mask = SecretMask(
      secrets: values.map { Array($0.utf8) }.filter { $0.count >= SecretMask.leastLength })
  }

  /// Whether the name of a variable or an option says that it holds a secret.
  static func isSecret(_ name: some StringProtocol) -> Bool {
    let name = name.uppercased().replacing("-", with: "_")
    // Paths of key files and the names of keys are no secrets; they tell where to look.
    if name.hasSuffix("_FILE") || name.hasSuffix("_PATH") || name.hasSuffix("_ID") { return false }
    return name == "KEY" || name.hasSuffix("_KEY") || signs.contains { name.contains($0) }
  }

  /// A command's words with `***` for what is secret: values of secret variables, what follows an
  /// option such as `--token`, and passwords in addresses.
  func masked(_ words: [String]) -> [String] {
    var followsOption = false
    return words.map { word in
      defer { followsOption = word.hasPrefix("--") && !word.contains("=") && Self.isSecret(word) }
      if followsOption, !word.hasPrefix("-") { return "***" }
      var stream = SecretMask.Stream(mask)
      let bytes = stream.take(Array(word.utf8)) + stream.finish()
      return Self.withoutPassword(Self.withoutValue(String(decoding: bytes, as: UTF8.self)))
    }
  }

  private static func withoutValue(_ word: String) -> String {
    guard let equals = word.firstIndex(of: "=") else { return word }
    let name = word[..<equals].drop { $0 == "-" }
    return !name.isEmpty && isSecret(name) ? word[...equals] + "***" : word
  }

  private static func withoutPassword(_ word: String) -> String {
    guard let start = word.range(of: "://")?.upperBound,
      let at = word[start...].prefix(while: { $0 != "/" && $0 != "?" }).lastIndex(of: "@")
    else { return word }
    return String(word[..<start]) + "***" + String(word[at...])
  }
}
