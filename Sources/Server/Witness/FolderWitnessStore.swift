import Blobs
import Dispatch
import Foundation
import Ledger
import Model

/// A witness's states in a folder: one file a log, named by the SHA-256 of its origin, that holds
/// the checkpoint cosigned last; empty while nothing was.
///
/// To compare and to keep is one step under a lock of the file system, so that also two processes,
/// or two requests of one, cannot both continue from the same state. The file is flushed, renamed
/// into place and its folder flushed before `replace` returns.
struct FolderWitnessStore: WitnessStore {
  private let folder: String
  private let key: NoteKey
  /// SHA-256 of the known origins.
  private let identifiers: Set<String>

  init(folder: String, key: NoteKey, origins: [String]) {
    self.folder = folder
    self.key = key
    identifiers = Set(origins.map(WitnessState.identifier))
  }

  func state(origin: String) async throws -> WitnessState? {
    try await Self.onDisk { try read(origin: origin) }
  }

  /// What is held by the name under which it is served; `nil` for a log that is not known, or
  /// nothing.
  func note(identifier: String) async throws -> [UInt8]? {
    guard identifiers.contains(identifier) else { return nil }
    let bytes = try await Self.onDisk {
      try DurableFile.read("\(folder)/\(identifier)", limit: SignedNote.maximumBytes)
    }
    return bytes?.isEmpty == false ? bytes : nil
  }

  func replace(_ expected: WitnessState?, with new: WitnessState) async throws -> Bool {
    try await Self.onDisk {
      let path = path(origin: new.checkpoint.origin)
      let lock = try FileLock("\(path).lock")
      defer { lock.release() }
      switch (try read(origin: new.checkpoint.origin), expected) {
      case (nil, nil): break
      case (let held?, let expected?) where held.isSameTree(as: expected):
        // The rules have said so; what must never be is looked at twice.
        guard held.checkpoint.size < new.checkpoint.size || held.isSameTree(as: new) else {
          throw Problem(.internalError, "a witness would have gone back", at: path)
        }
      default: return false
      }
      try DurableFile.write(Array(new.note.description.utf8), to: path)
      return true
    }
  }

  /// Makes the empty state of a log that is new to the witness; one that is there stays.
  func begin(origin: String) throws {
    let path = path(origin: origin)
    if try DurableFile.read(path, limit: SignedNote.maximumBytes) == nil {
      try DurableFile.write([], to: path)
    }
  }

  /// Takes away what a process that was killed while writing left behind.
  func removeLeftovers() throws {
    for identifier in identifiers {
      let lock = try FileLock("\(folder)/\(identifier).lock")
      defer { lock.release() }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where name.hasPrefix("\(identifier).") && name.hasSuffix(".part") {
        unlink("\(folder)/\(name)")
      }
    }
  }

  private func path(origin: String) -> String {
    "\(folder)/\(WitnessState.identifier(origin: origin))"
  }

  private func read(origin: String) throws -> WitnessState? {
    guard identifiers.contains(WitnessState.identifier(origin: origin)) else { return nil }
    let path = path(origin: origin)
    guard let bytes = try DurableFile.read(path, limit: SignedNote.maximumBytes) else {
      throw Problem(
        .ledgerDamaged, "the state of the log \"\(origin)\" is gone", at: path,
        advice: "A witness without its state could cosign a second history. Retire its key, and"
          + " begin anew with: pratique witness init")
    }
    guard !bytes.isEmpty else { return nil }
    do {
      let state = try WitnessState(note: SignedNote(bytes: bytes))
      guard state.checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
        throw Problem(.ledgerDamaged, "the state is of another log")
      }
      _ = try state.note.verify(with: [key])
      return state
    } catch let problem as Problem {
      throw Problem(
        .ledgerDamaged, "the state is not what this witness cosigned: \(problem.message)", at: path,
        advice: "Retire the witness's key, and begin anew with: pratique witness init")
    }
  }

  /// Runs what blocks on threads of its own: it must not hold up those that answer.
  private static func onDisk<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { answer in
      DispatchQueue.global().async { answer.resume(with: Result { try body() }) }
    }
  }
}

/// A lock of the file system that other processes, and others of this one, wait for; the system lets
/// go of it when the process ends, however it ends.
struct FileLock {
  private let descriptor: Int32

  /// Waits for the lock.
  init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Problem(.inputOutput, "the lock's file cannot be opened", at: path)
    }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        close(descriptor)
        throw Problem(.inputOutput, "the lock cannot be taken", at: path)
      }
    }
  }

  func release() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
