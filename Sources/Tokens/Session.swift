import Attestation
import CPKCS11
import Model

/// A session with a token, logged in, with the key found.
struct Session {
  private let module: Module
  private let handle: CK_SESSION_HANDLE
  private let privateKey: CK_OBJECT_HANDLE
  let publicKey: PublicKey

  /// Finds the token, logs in and finds the key.
  ///
  /// - Throws: `Problem`, or `CryptokiError` for an answer that says nothing of what is wrong.
  init(_ uri: TokenURI, pin: [UInt8]) throws {
    module = try Module(path: uri.modulePath)
    let slot = try Self.slot(uri, module)
    var handle: CK_SESSION_HANDLE = 0
    try module.check(
      module.functions.pointee.C_OpenSession?(slot, Cryptoki.serialSession, nil, nil, &handle))
    self.handle = handle
    do {
      try Self.logIn(module, handle, pin, uri)
      let finder = Finder(module: module, session: handle, uri: uri)
      privateKey = try finder.privateKey()
      publicKey = try finder.publicKey(of: privateKey)
    } catch {
      _ = module.functions.pointee.C_CloseSession?(handle)
      throw error
    }
  }

  /// Ends the session; what the module answers no longer matters.
  func close() { _ = module.functions.pointee.C_CloseSession?(handle) }

  /// The slot of the one token that the URI names.
  static func slot(_ uri: TokenURI, _ module: Module) throws -> CK_SLOT_ID {
    let found = try module.tokens().filter { token in
      (uri.token.map { $0.utf8.elementsEqual(token.label.utf8) } ?? true)
        && (uri.serial.map { $0.utf8.elementsEqual(token.serial.utf8) } ?? true)
    }
    guard let first = found.first else {
      throw Problem(
        .notFound, "the token \(uri.tokenName) is not there", at: uri.modulePath,
        advice: "Connect it, or start what stands before it; nothing is signed without it.")
    }
    guard found.count == 1 else {
      throw Problem(
        .badInput, "\(found.count) tokens are called \(uri.tokenName)", at: uri.modulePath,
        advice: "Name the token by its serial number too: ;serial=…")
    }
    return first.slot
  }

  private static func logIn(
    _ module: Module, _ session: CK_SESSION_HANDLE, _ pin: [UInt8], _ uri: TokenURI
  ) throws {
    var pin = pin
    let answer = module.functions.pointee.C_Login?(
      session, Cryptoki.user, &pin, CK_ULONG(pin.count))
    switch answer {
    case Cryptoki.ok, Cryptoki.userAlreadyLoggedIn: return
    case Cryptoki.pinIncorrect, Cryptoki.pinInvalid, Cryptoki.pinLengthRange:
      throw Problem(
        .notTrusted, "the PIN is not that of the token \(uri.tokenName)", at: uri.pinSource,
        advice: "It was tried once. Most tokens lock themselves after a few wrong ones.")
    case Cryptoki.pinLocked, Cryptoki.pinExpired, Cryptoki.userPinNotInitialised:
      throw Problem(
        .notTrusted, "the PIN of the token \(uri.tokenName) is locked, expired or not set",
        advice: "Set it anew with the token's own program, as its security officer.")
    default: try module.check(answer)
    }
  }

  /// Signs; an ECDSA signature comes in DER form.
  func sign(_ message: [UInt8]) throws -> [UInt8] {
    var mechanism = CK_MECHANISM()
    var data = message
    switch publicKey {
    case .ed25519: mechanism.mechanism = Cryptoki.eddsa
    case .p256:
      mechanism.mechanism = Cryptoki.ecdsa
      data = Digest.sha256(message).bytes
    case .securityKey:
      throw Problem(.badInput, "a key on an authenticator is reached through ssh-agent")
    }
    try module.check(module.functions.pointee.C_SignInit?(handle, &mechanism, privateKey))
    var signature = [UInt8](repeating: 0, count: 512)
    var length = CK_ULONG(signature.count)
    try module.check(
      module.functions.pointee.C_Sign?(handle, &data, CK_ULONG(data.count), &signature, &length))
    guard length == 64 else {
      throw Problem(.notTrusted, "the token made a signature of \(length) bytes, not of 64")
    }
    guard case .p256 = publicKey else { return Array(signature.prefix(64)) }
    return ECDSASignature.der(r: signature[..<32], s: signature[32..<64])
  }
}
