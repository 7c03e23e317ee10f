import Model

/// One file of a commit's tree.
struct GitFile: Hashable {
  /// `100644` or `100755`: nothing else is exported.
  let mode: String
  /// The blob's id.
  let id: Digest
  /// Size in bytes, as git states it.
  let size: Int
  /// Path below the root, with `/`.
  let path: String

  var isExecutable: Bool { mode == "100755" }
}

/// The files of a tree, as `git ls-tree -r -z -l` lists them.
enum GitTree {
  /// Reads the list; refuses whatever is no plain file with a plain path.
  static func files(_ listing: [UInt8]) throws -> [GitFile] {
    guard listing.isEmpty || listing.last == 0 else { throw GitBatch.cutOff }
    return try listing.split(separator: 0).map(file)
  }

  private static func file(_ entry: ArraySlice<UInt8>) throws -> GitFile {
    guard let tab = entry.firstIndex(of: 0x09),
      let path = String(validating: entry[(tab + 1)...], as: UTF8.self)
    else { throw refusal("a path that is not UTF-8", "rename it") }
    let words = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
    guard words.count == 4 else { throw GitBatch.cutOff }
    switch words[0] {
    case "100644", "100755": break
    case "120000": throw refusal("the symbolic link \(path)", "replace it by a file")
    case "160000": throw refusal("the submodule \(path)", "vendor its files, or build it apart")
    default: throw refusal("\(path) with mode \(words[0])", "commit it as a plain file")
    }
    guard words[1] == "blob", let id = Digest(.gitCommit, hex: words[2]), let size = Int(words[3])
    else { throw GitBatch.cutOff }
    try checkPath(path)
    return GitFile(mode: String(words[0]), id: id, size: size, path: path)
  }

  static func checkPath(_ path: String) throws {
    let parts = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
    let isPlain =
      path.utf8.count <= 1024 && path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != 0x5c }
      && parts.allSatisfy { part in
        let name = String(Substring(part))
        return !["", ".", ".."].contains(name) && name.lowercased() != ".git"
          && part.count <= 255
      }
    guard isPlain else {
      throw refusal("the path \"\(path.debugDescription)\"", "rename it")
    }
  }

  private static func refusal(_ what: String, _ advice: String) -> Problem {
    Problem(
      .badInput, "the commit holds \(what), which is not exported",
      advice: "In the repository, \(advice), and commit.")
  }

  /// The id of the tree that holds exactly these files: what a commit's header must say.
  static func id(of files: [GitFile]) -> Digest? {
    var root = Folder()
    for file in files {
      root.insert(file, file.path.utf8.split(separator: 0x2f).map { Array($0) }[...])
    }
    return root.id
  }

  private struct Folder {
    var files: [[UInt8]: GitFile] = [:]
    var folders: [[UInt8]: Folder] = [:]

    mutating func insert(_ file: GitFile, _ names: ArraySlice<[UInt8]>) {
      guard let name = names.first else { return }
      if names.count == 1 {
        files[name] = file
      } else {
        folders[name, default: Folder()].insert(file, names.dropFirst())
      }
    }

    /// Git sorts folders as if their names ended with `/`.
    var id: Digest? {
      var rows: [(key: [UInt8], entry: [UInt8])] = []
      for (name, file) in files {
        rows.append((name, Array("\(file.mode) ".utf8) + name + [0] + file.id.bytes))
      }
      for (name, folder) in folders {
        guard let id = folder.id else { return nil }
        rows.append((name + [0x2f], Array("40000 ".utf8) + name + [0] + id.bytes))
      }
      rows.sort { $0.key.lexicographicallyPrecedes($1.key) }
      return GitObject.id(kind: "tree", rows.flatMap(\.entry))
    }
  }
}
