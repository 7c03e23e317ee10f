import Model

/// Where passphrases and PINs come from: a terminal without echo, or a file that only its owner can
/// read. Never an argument, and never the value of an environment variable.
public struct SecretSource: Sendable {
  /// What is asked for.
  public enum Request: Hashable, Sendable {
    /// The passphrase that opens the key in a file.
    case passphrase(file: String)
    /// A new passphrase for the key in a file.
    case newPassphrase(file: String)
    /// The PIN of a token, by its label.
    case pin(token: String)
  }

  /// The longest passphrase or PIN, in bytes.
  public static let limit = 1024

  private let answer: @Sendable (Request) throws -> [UInt8]

  /// Takes the function that asks.
  public init(_ answer: @escaping @Sendable (Request) throws -> [UInt8]) { self.answer = answer }

  /// Asks.
  ///
  /// - Throws: `Problem` when nobody can be asked, or the answer is empty or too long.
  public func ask(_ request: Request) throws -> [UInt8] {
    let secret = try answer(request)
    guard (1...Self.limit).contains(secret.count) else {
      throw Problem(.badInput, "a passphrase or PIN has 1 to \(Self.limit) bytes")
    }
    return secret
  }

  /// Nobody can be asked.
  public static let none = SecretSource { request in
    switch request {
    case .passphrase(let file), .newPassphrase(let file):
      throw Problem(
        .badInput, "the private key has a passphrase, which cannot be asked for here", at: file,
        advice: "Run the command on a terminal, or name a file that holds the passphrase.")
    case .pin(let token):
      throw Problem(
        .badInput, "the token \"\(token)\" has a PIN, which cannot be asked for here",
        advice: "Add ?pin-source=file:/PATH to the key's URI; only you may read that file.")
    }
  }

  /// Always the same answer: for tests, and where a file was named.
  public static func fixed(_ secret: [UInt8]) -> SecretSource { SecretSource { _ in secret } }
}
