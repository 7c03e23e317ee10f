import Foundation
import Model

/// Held while a run goes on, so that no second program goes on with it at the same time; the
/// system lets go of it when the program ends, however it ends.
struct RunLock {
  private let descriptor: Int32

  init(folder: String) throws {
    let path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Problem(.inputOutput, "the run cannot be locked", at: path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Problem(.busy, "the run is going on in another process", at: folder)
    }
  }

  /// Lets go in so many words: a child that was forked this moment holds the descriptor too.
  func release() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
