import Foundation
import TestKit

extension Ward {
  /// Makes three recovery keys, and names them in the trust file; two must sign.
  func makeRecoveryKeys() async throws {
    for number in 1...3 { try await pratique().check(["key", "new", key("recovery-\(number)")]) }
    try write(
      "trust.yaml",
      WardFiles.trust + """
        recovery:
          threshold: 2
          keys: [keys/recovery-1.pub, keys/recovery-2.pub, keys/recovery-3.pub]

        """)
  }

  /// Runs a `ledger` command on a ledger, the ward's own where none is named.
  @discardableResult
  func ledger(_ arguments: String..., at path: String? = nil) async throws -> String {
    try await pratique().check(["ledger"] + arguments + ["--ledger", path ?? ledger])
  }

  /// The last signed checkpoint of a ledger.
  func checkpoint(at path: String? = nil) async throws -> String {
    let receipt = try await ledger("prove", "0", at: path)
    let parts = receipt.components(separatedBy: "\n\n")
    return parts.dropFirst().joined(separator: "\n\n")
  }

  /// Writes a file that only its owner can read.
  func writeSecret(_ name: String, _ text: String) throws {
    try write(name, text + "\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name))
  }
}
