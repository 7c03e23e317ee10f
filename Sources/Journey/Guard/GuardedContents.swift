import Model

extension BlobStore {
  /// Keeps contents that the guard has passed already: reports that were looked at, and logs in
  /// which what was found is replaced.
  func keep(guarded contents: [[UInt8]]) async throws {
    for content in contents { _ = try await put(content) }
  }
}
