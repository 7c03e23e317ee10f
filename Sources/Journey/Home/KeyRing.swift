public import Attestation
import Blobs
import Foundation
import Model
import Synchronization
import Tokens

/// Opens private keys, each at most once in a process: files with a passphrase or without, and keys
/// behind PKCS #11.
public final class KeyRing: Sendable {
  private let secrets: SecretSource
  private let opened = Mutex<[String: Signer]>([:])

  /// Opens keys; passphrases and PINs come from `secrets`.
  public init(secrets: SecretSource = .none) { self.secrets = secrets }

  /// The capability to sign with a key.
  ///
  /// - Parameter place: a path, or a `pkcs11:` URI.
  /// - Throws: `Problem` that says what is wrong with the key, its file or its token.
  public func signer(_ place: String) throws -> Signer {
    try opened.withLock { opened in
      if let known = opened[place] { return known }
      let signer =
        try TokenURI.isTokenURI(place)
        ? TokenKey(TokenURI(place), secrets: secrets).signer
        : PrivateKey(path: place, secrets: secrets).signer
      opened[place] = signer
      return signer
    }
  }

  /// The capability to sign as a person: a key in OpenSSH's own form makes SSH signatures, which
  /// `ssh-keygen -Y verify` checks; every other key signs bare.
  ///
  /// - Throws: `Problem` that says what is wrong with the key, its file or its token.
  public func personalSigner(_ place: String) throws -> Signer {
    let signer = try signer(place)
    guard !TokenURI.isTokenURI(place), try InputFile.isOpenSSH(place) else { return signer }
    return PersonalSignature.signer(signer)
  }

  /// The capability to sign as a person with a key that an SSH agent holds.
  ///
  /// - Parameters:
  ///   - socket: where the agent listens, as a rule the variable `SSH_AUTH_SOCK`.
  ///   - file: the public key's file; without one, the only key that the agent holds.
  /// - Throws: `Problem` that says what is wrong with the agent or the file.
  public static func agentSigner(socket: String?, publicKey file: String?) throws -> Signer {
    try SSHAgent(socket: socket).signer(file.map(InputFile.publicKey))
  }

  /// The public key in a file, or of a key behind PKCS #11.
  ///
  /// - Throws: `Problem`.
  public func publicKey(_ place: String) throws -> PublicKey {
    try TokenURI.isTokenURI(place) ? signer(place).publicKey : InputFile.publicKey(place)
  }

  /// Forgets a key whose place holds another one now.
  func forget(_ place: String) { opened.withLock { $0[place] = nil } }
}

/// Where the ledger's own keys are: `keys/NAME.pem` holds a key, `keys/NAME.uri` the `pkcs11:` URI
/// of one.
struct KeyFolder: Sendable {
  let path: String
  let ring: KeyRing

  func pem(_ name: String) -> String { "\(path)/\(name).pem" }
  func uri(_ name: String) -> String { "\(path)/\(name).uri" }

  /// Whether there is a key of that name.
  func has(_ name: String) -> Bool {
    [pem(name), uri(name)].contains { FileManager.default.fileExists(atPath: $0) }
  }

  /// The capability to sign with the key of that name.
  ///
  /// - Throws: `Problem`; `notFound` with the file's path when there is none.
  func signer(_ name: String) throws -> Signer {
    guard let uri = try tokenURI(name) else { return try ring.signer(pem(name)) }
    return try ring.signer(uri)
  }

  /// The URI of a key that is behind PKCS #11; `nil` for one in a file.
  ///
  /// The URI names a library that is loaded into this process: nobody else may write it.
  func tokenURI(_ name: String) throws -> String? {
    let file = uri(name)
    guard let status = FileStatus(path: file) else { return nil }
    guard status.permissions & 0o022 == 0 else {
      throw Problem(
        .notTrusted, "the file that names a key's module can be written by others", at: file,
        advice: "Close it with: chmod 600 \(file)")
    }
    let text = String(decoding: try InputFile.read(file), as: UTF8.self)
    return try InputFile.naming(file) {
      try TokenURI(String(text.split(separator: "\n").first ?? "")).text
    }
  }

  /// Forgets what was opened under a name.
  func forget(_ name: String) {
    ring.forget(pem(name))
    if let uri = try? tokenURI(name) { ring.forget(uri) }
  }
}

/// Keys with which a ledger begins: paths or `pkcs11:` URIs; one that is not given is made.
public struct FoundingKeys: Sendable {
  /// The log key.
  public let log: String?
  /// The machine's key.
  public let machine: String?

  /// Names keys.
  public init(log: String? = nil, machine: String? = nil) {
    self.log = log
    self.machine = machine
  }
}

extension KeyFolder {
  /// Puts a key into its place, or makes one.
  func begin(_ name: String, at place: String?) throws -> Signer {
    guard let place else {
      let key = PrivateKey.generate()
      try DurableFile.write(Array(key.pem.utf8), to: pem(name))
      return key.signer
    }
    let signer = try ring.signer(place)
    if TokenURI.isTokenURI(place) {
      try DurableFile.write(Array("\(place)\n".utf8), to: uri(name))
    } else {
      try DurableFile.write(InputFile.read(place), to: pem(name))
    }
    return signer
  }
}

extension InputFile {
  /// Puts the file before a problem that names no place.
  static func naming<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let problem as Problem where problem.location == nil {
      throw Problem(problem.code, problem.message, at: file, advice: problem.advice)
    }
  }
}
