public import Attestation
import Blobs
public import Compliance
import Foundation
public import Ledger
import LedgerSQLite
public import Model

/// A ledger's folder: the store, the blobs, the keys, the registry, the images and the runs.
public struct LedgerHome: Sendable {
  /// The folder.
  public let path: String
  /// The store.
  public let ledger: any LedgerStore
  /// Reports, logs and large payloads.
  public let blobs: any BlobStore
  /// Names behind pseudonyms.
  public let registry: Registry
  /// The keys of the log and of the machines.
  let keys: KeyFolder

  /// Where a user's ledger lies unless a project names another.
  public static func defaultPath(environment: [String: String]) -> String {
    let data =
      environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? "\(environment["HOME"] ?? NSHomeDirectory())/.local/share"
    return "\(data)/pratique/ledger"
  }

  /// Opens a ledger.
  ///
  /// - Parameters:
  ///   - origin: the origin that the caller expects; another one is refused.
  ///   - ring: opens the keys of the log and of the machines, when they are needed.
  /// - Throws: `Problem` with `notFound`, `ledgerDamaged`, or `notTrusted` for another origin.
  public static func open(
    at path: String, origin: String? = nil, readOnly: Bool = false, ring: KeyRing = KeyRing()
  ) throws -> LedgerHome {
    let blobs = FileBlobStore(folder: "\(path)/blobs")
    let ledger = try StoreFile.open(in: path, blobs: blobs, readOnly: readOnly)
    if let origin, !origin.utf8.elementsEqual(ledger.key.name.utf8) {
      throw Problem(
        .notTrusted, "the ledger is of \"\(ledger.key.name)\", not of \"\(origin)\"", at: path)
    }
    return LedgerHome(
      path: path, ledger: ledger, blobs: blobs,
      registry: try Registry.read(path: "\(path)/registry.json"),
      keys: KeyFolder(path: "\(path)/keys", ring: ring))
  }

  /// Makes a ledger whose first entry is the trust root that a file describes.
  ///
  /// It is made beside its place and then renamed: it is there whole, or not at all.
  ///
  /// - Parameters:
  ///   - store: where the entries lie; `nil` for a file in the folder. What was begun on a server
  ///     stays there when making the folder fails; the error says so.
  ///   - places: keys that are there already; the others are made.
  ///   - succession: the logs that this one goes on with, named in the same commit as the first entry.
  /// - Throws: `Problem` with `badInput` when there is one already.
  public static func initialise(
    at path: String, from file: TrustFile, store: StoreLocation? = nil,
    keys places: FoundingKeys = FoundingKeys(), succession: Succession? = nil,
    ring: KeyRing = KeyRing(), time: Instant
  ) async throws -> LedgerHome {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(.badInput, "there is something already", at: path)
    }
    let parent = PathText.parent(of: path)
    try makeFolder(parent, mode: 0o755)
    let place = try UnfinishedLedger(beside: path)
    defer { place.release() }
    let part = place.path
    do {
      try makeFolder("\(part)/keys")
      try makeFolder("\(part)/runs", mode: 0o711)
      let keys = KeyFolder(path: "\(part)/keys", ring: ring)
      try await fill(
        part, from: file, store: store, keys: places, in: keys, succession: succession, time: time)
      try DurableFolder.flush(part)
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
    guard rename(part, path) == 0 else {
      try? FileManager.default.removeItem(atPath: part)
      throw Problem(.inputOutput, "the ledger cannot be put in its place", at: path)
    }
    try DurableFolder.flush(parent)
    return try open(at: path, ring: ring)
  }

  private static func fill(
    _ part: String, from file: TrustFile, store: StoreLocation?, keys places: FoundingKeys,
    in keys: KeyFolder, succession: Succession?, time: Instant
  ) async throws {
    let bundles = try file.policyBundles()
    let log = try keys.begin("log", at: places.log)
    guard log.publicKey.algorithm == "ed25519" else {
      throw Problem(
        .badInput, "a log key must be Ed25519: C2SP checkpoints are signed with nothing else",
        at: places.log)
    }
    let machine = try keys.begin(file.machine.id, at: places.machine)
    try file.registry.write(path: "\(part)/registry.json")
    let blobs = FileBlobStore(folder: "\(part)/blobs")
    for bundle in bundles { _ = try await blobs.put(try bundle.bytes()) }
    let foreign = try file.foreignSigners()
    if let foreign { _ = try await blobs.put(foreign) }
    let root = file.trustRoot(
      version: 1, machineKey: machine.publicKey, logKey: log.publicKey,
      policies: try bundles.map { try $0.reference() }, from: time,
      foreignSigners: foreign.map { .sha256($0) })
    // Whoever may not sign it is found before anything is made on a server.
    let named = try succession.map {
      try Self.draft(
        $0, of: root, log: NoteKey(name: file.origin, publicKey: log.publicKey), time: time)
    }
    let location = store ?? .sqlite(path: "\(part)/ledger.sqlite")
    let ledger = try location.create(origin: file.origin, logKey: log.publicKey, blobs: blobs)
    if store != nil { try StoreFile(location, key: ledger.key).write(in: part) }
    let draft = try TrustEntry.draft(
      root, signers: [machine], actor: file.machine.id, time: time)
    _ = try await ledger.append([draft] + [named].compactMap(\.self), logSigner: log)
    try ledger.close()
  }

  /// Makes a folder and those above it, durably.
  static func makeFolder(_ path: String, mode: mode_t = 0o700) throws {
    try DurableFolder.make(path, mode: mode)
  }

  /// The signing capability of the machine with this pseudonym.
  func signer(machine: String) throws -> Signer { try keys.signer(machine) }

  /// Every version of the trust root, each admitted by the one before.
  ///
  /// - Parameter size: only the ledger's first so many entries are looked at.
  /// - Throws: `Problem` with `notTrusted` or `ledgerDamaged`.
  public func trustHistory(size: Int64 = .max) async throws -> TrustHistory {
    try await ledger.histories(size: size).trust
  }

  /// The trust root in force.
  ///
  /// - Throws: `Problem` with `notTrusted` when there is none.
  public func trustRoot() async throws -> TrustRoot {
    guard let root = try await trustHistory().current?.root else {
      throw Problem(.notTrusted, "the ledger has no trust root", at: path)
    }
    return root
  }
}

/// Reads a policy with its catalogs from files.
public enum PolicyFiles {
  /// The policy and the catalogs that it names, relative to its folder.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`, file, line and column.
  public static func read(path: String) throws -> PolicyBundle {
    try read(path, isCompared: true)
  }

  /// - Parameter isCompared: whether the policy that it says it tightens is read too. That one names
  ///   no further one.
  private static func read(_ path: String, isCompared: Bool) throws -> PolicyBundle {
    let bytes = try InputFile.read(path)
    let (policy, names) = try Policy.read(bytes, file: path)
    let folder = PathText.parent(of: path)
    let catalogs = try names.map { name in
      let file = PathText.resolve(name, in: folder)
      return try Catalog.read(InputFile.read(file), file: file)
    }
    do {
      // Found now, and not by the gate: a time zone that is not there.
      for rules in policy.environments.compactMap(\.exceptions) { _ = try CalendarExpansion(rules) }
      let bundle = try PolicyBundle(policy: policy, catalogs: catalogs)
      if isCompared, let name = try Policy.leastPolicy(bytes, file: path) {
        let least = try read(PathText.resolve(name, in: folder), isCompared: false)
        if let problem = Tightening(of: least, by: bundle).problem(.badInput) { throw problem }
      }
      return bundle
    } catch let problem as Problem {
      throw Problem(problem.code, problem.message, at: path, advice: problem.advice)
    }
  }
}
