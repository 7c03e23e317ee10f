public import Attestation
import CPKCS11
import Model
import Synchronization

/// A private key that never leaves its token: each signature is made there.
///
/// The PIN is kept in memory as long as the key, so that a session that was lost can be opened anew.
public final class TokenKey: Sendable {
  /// Where the key is.
  public let uri: TokenURI
  /// The public half.
  public let publicKey: PublicKey
  private let pin: [UInt8]
  private let session: Mutex<Session?>

  /// Loads the module, logs in and finds the key.
  ///
  /// - Parameter secrets: asked for the PIN when the URI does not name a file with it.
  /// - Throws: `Problem` with `toolMissing` (the module), `notFound` (token or key), `badInput` (the
  ///   key's kind, or several that fit), or `notTrusted` (the PIN).
  public init(_ uri: TokenURI, secrets: SecretSource) throws {
    // A token that is not there asks for no PIN.
    let name = uri.tokenName
    _ = try Self.inWords(uri) { try Session.slot(uri, Module(path: uri.modulePath)) }
    pin = try uri.pinSource.map(SecretFile.read) ?? secrets.ask(.pin(token: name))
    let pin = pin
    let first = try Self.inWords(uri) { try Session(uri, pin: pin) }
    publicKey = first.publicKey
    self.uri = uri
    session = Mutex(first)
  }

  deinit { session.withLock { $0?.close() } }

  /// Whether the token is there now; it needs no PIN.
  ///
  /// - Throws: `Problem` that says what is missing.
  public static func look(_ uri: TokenURI) throws {
    _ = try inWords(uri) { try Session.slot(uri, Module(path: uri.modulePath)) }
  }

  /// Ends all sessions of this process with a token, as when it was taken out: for tests.
  package static func endAllSessions(_ uri: TokenURI) throws {
    try inWords(uri) {
      let module = try Module(path: uri.modulePath)
      try module.check(module.functions.pointee.C_CloseAllSessions?(Session.slot(uri, module)))
    }
  }

  /// The capability to sign with this key.
  ///
  /// Each signature is verified before it is given out. When the session or the token was gone, one
  /// new session is tried; a token that comes back with another key is refused.
  public var signer: Signer {
    Signer(publicKey: publicKey) { [self] message in
      let signature = try session.withLock { session in try sign(message, &session) }
      guard publicKey.verify(signature, of: message) else {
        throw Problem(
          .notTrusted, "the token \(uri.tokenName) made a signature that its key does not verify",
          at: uri.modulePath)
      }
      return signature
    }
  }

  private func sign(_ message: [UInt8], _ session: inout Session?) throws -> [UInt8] {
    do {
      guard let open = session else { throw CryptokiError(answer: Cryptoki.tokenNotPresent) }
      return try open.sign(message)
    } catch let error as CryptokiError {
      guard Cryptoki.lostSession.contains(error.answer) else { throw Self.problem(error, uri) }
      session?.close()
      session = nil
    }
    let new = try Self.inWords(uri) { try Session(uri, pin: pin) }
    guard new.publicKey == publicKey else {
      new.close()
      throw Problem(
        .notTrusted, "the token \(uri.tokenName) came back with another key \(uri.keyName)",
        at: uri.modulePath)
    }
    session = new
    return try Self.inWords(uri) { try new.sign(message) }
  }

  private static func inWords<Value>(_ uri: TokenURI, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as CryptokiError { throw problem(error, uri) }
  }

  private static func problem(_ error: CryptokiError, _ uri: TokenURI) -> Problem {
    guard error.answer != Cryptoki.mechanismInvalid else {
      return Problem(
        .toolMissing, "the token \(uri.tokenName) cannot sign with the key \(uri.keyName)",
        at: uri.modulePath, advice: "It needs CKM_EDDSA for Ed25519, CKM_ECDSA for P-256.")
    }
    return Problem(
      .inputOutput, "the token \(uri.tokenName) does not answer: \(Cryptoki.words(error.answer))",
      at: uri.modulePath, advice: "Nothing was signed. Look after the token and try again.")
  }
}
