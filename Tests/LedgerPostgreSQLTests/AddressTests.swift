import Model
import TestKit
import Testing

@testable import LedgerPostgreSQL

@Suite("Address of a server", .enabled(if: PostgreSQLServer.isWanted))
struct AddressTests {
  @Test("what people see and what is written down holds no password")
  func passwords() throws {
    let secret = "hunter%402"
    let address = try ServerAddress(
      "postgresql://ward:\(secret)@db.example:5433/ledger?schema=north&sslmode=verify-full")
    #expect(address.place == "postgresql://db.example:5433/ledger?schema=north")
    #expect(address.schema == "north")
    #expect(address.holdsPassword)
    var dumped = ""
    dump([address], to: &dumped)
    #expect(!"\(address) \([address]) \(String(reflecting: address)) \(dumped)".contains("hunter"))
    let written = address.withoutPassword
    #expect(!written.contains("hunter"))
    let again = try ServerAddress(written)
    #expect(again.place == address.place)
    #expect(again.settings["sslmode"] == "verify-full")
    #expect(again.settings["user"] == "ward")
    #expect(!again.holdsPassword)
    #expect(
      try ServerAddress("postgresql://?service=ward").place
        == "postgresql service ward, schema pratique")
    #expect(
      try ServerAddress("postgresql://u@/d?password=hunter2&sslpassword=hunter2").withoutPassword
        == "postgresql:///?dbname=d&user=u&schema=pratique")
  }

  @Test(
    "an address that is not of its form is refused, and not repeated",
    arguments: [
      "postgresql://ward:hunter2@db.example/ledger?passwrd=hunter2",
      "postgresql://ward:hunter2@db.example/ledger?schema=a\"b",
      "postgresql://ward:hunter2@db.example/ledger?schema=pg_catalog",
      "postgresql://ward:hunter2@db.example/ledger?schema=", "host=db.example password=hunter2",
      "postgresql://ward:hunter2%zz@db.example/ledger", "postgres:hunter2",
    ])
  func malformed(text: String) throws {
    let problem = #expect(throws: Problem.self) { try ServerAddress(text) }
    #expect(problem?.code == .badInput)
    #expect(problem.map { "\($0)" }?.contains("hunter") == false)
  }

  @Test("a library that is not there, or is another, is a tool that is missing")
  func missing() throws {
    let absent = #expect(throws: Problem(.toolMissing, "")) {
      try LibPQ(library: "libpq-that-is-not-there.so.5")
    }
    #expect(absent?.advice?.contains("libpq5") == true)
    #expect(throws: Problem(.toolMissing, "")) { try LibPQ(library: "libc.so.6") }
  }

  @Test("the program needs no libpq to start")
  func notLinked() async throws {
    let folder = try TemporaryFolder()
    let program = Program("ldd", directory: folder.path, outputIn: folder.path)
    let libraries = try await program.check([Repository.command()])
    #expect(libraries.contains("libc.so"))
    #expect(!libraries.contains("libpq"))
  }

  @Test("a server that is not there is said to be away, in time, and without the password")
  func away() async throws {
    let folder = try TemporaryFolder()
    let address = try ServerAddress(
      "postgresql://ward:hunter2@/ledger?host=\(folder.path.replacing("/", with: "%2F"))")
    let problem = #expect(throws: Problem.self) {
      try PostgreSQLLedger.open(at: address, blobs: NoBlobs())
    }
    #expect(problem?.code == .inputOutput)
    #expect(problem.map { "\($0)" }?.contains("hunter2") == false)
  }
}

/// A blob store that keeps nothing.
struct NoBlobs: BlobStore {
  func put(_ bytes: [UInt8]) async throws -> Digest { .sha256(bytes) }
  func get(_ digest: Digest) async throws -> [UInt8]? { nil }
  func digests() async throws -> [Digest] { [] }
  func remove(_ digest: Digest, unlessPutSince instant: Instant) async throws -> Bool { true }
  func removeRemnants() async throws {}
}
