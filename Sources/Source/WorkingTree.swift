import Model

extension GitRepository {
  /// The repository around a folder: its own or that of a folder above; `nil` when there is none.
  public static func around(
    _ folder: String, isRepository: (String) -> Bool
  ) -> String? {
    var folder = folder
    while !isRepository(folder) {
      guard folder != "/", !folder.isEmpty else { return nil }
      folder = PathText.parent(of: folder)
    }
    return folder
  }

  /// How many tracked files of the working tree differ from the commit that is checked out, by size
  /// and time; added and lost ones count too, files that git does not know do not.
  ///
  /// - Throws: `Problem` when git cannot tell.
  public func changedFiles() async throws -> Int {
    // Files are not read, so that no filter is run that the repository's configuration names: a file
    // that was written anew with the same content counts as changed.
    let result = try await run([
      "-c", "core.trustctime=false", "-c", "core.checkStat=minimal", "diff-index", "--name-only",
      "-z", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "HEAD", "--",
    ])
    guard result.status.isSuccess else { throw failure("diff-index", result) }
    return result.output.count { $0 == 0 }
  }
}
