import Attestation
import Foundation
import Model

/// Where the command line takes passphrases and PINs from: a file that was named, otherwise the
/// terminal, without echo.
///
/// Neither an argument nor an environment variable ever holds one: both can be read by every process
/// of the user, and are passed on to children.
enum Passphrases {
  /// The variable that names the file with the passphrase of the ledger's own keys.
  static let variable = "PRATIQUE_PASSPHRASE_FILE"

  /// For a key that a person names.
  static func source(file: String?) -> SecretSource {
    SecretSource { request in
      if let file { return try SecretFile.read(file) }
      return try ask(request)
    }
  }

  /// For the ledger's own keys.
  static var ledger: SecretSource {
    let file = ProcessInfo.processInfo.environment[variable]
    return source(file: file.flatMap { $0.isEmpty ? nil : $0 })
  }

  private static func ask(_ request: SecretSource.Request) throws -> [UInt8] {
    guard let terminal = SecretTerminal() else { return try SecretSource.none.ask(request) }
    switch request {
    case .passphrase(let file): return try terminal.ask("passphrase of \(file): ")
    case .pin(let token): return try terminal.ask("PIN of the token \(token): ")
    case .newPassphrase(let file):
      let first = try terminal.ask("new passphrase of \(file): ")
      guard try terminal.ask("once more: ") == first else {
        throw Problem(.badInput, "the two passphrases differ")
      }
      return first
    }
  }
}

/// The process's terminal, as a place where secrets are asked for.
final class SecretTerminal {
  private let descriptor: Int32

  /// Opens the terminal; `nil` when there is none.
  init?() {
    descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Asks, and reads a line that is not shown.
  ///
  /// - Throws: `Problem` with `cancelled` for an interrupt, which is read like any other key, so that
  ///   the terminal is always left as it was.
  func ask(_ prompt: String) throws -> [UInt8] {
    var before = termios()
    guard tcgetattr(descriptor, &before) == 0 else {
      throw Problem(.inputOutput, "the terminal cannot be asked")
    }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
      throw Problem(.inputOutput, "the terminal cannot be kept from showing what is typed")
    }
    defer {
      tcsetattr(descriptor, TCSAFLUSH, &before)
      write("\n")
    }
    write(prompt)
    return try line()
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Foundation.write(descriptor, bytes, bytes.count)
  }

  private func line() throws -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Problem(.cancelled, "the terminal is gone") }
      switch byte {
      case 0x0a, 0x0d: return line
      case 0x03, 0x04, 0x1a, 0x1c: throw Problem(.cancelled, "interrupted")
      case 0x08, 0x7f:
        // A character of several bytes goes as one.
        while let last = line.popLast(), last & 0xc0 == 0x80 {}
      case 0x15: line = []
      default:
        line.append(byte)
        guard line.count <= SecretSource.limit else {
          throw Problem(.badInput, "a passphrase or PIN has at most \(SecretSource.limit) bytes")
        }
      }
    }
  }
}
