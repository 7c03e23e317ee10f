import Model

/// The files of an image or tree that name packages, after all layers were laid over each other.
public struct ImageFiles: Sendable {
  struct File: Sendable {
    let content: [UInt8]
    /// The layer that brought it, counted from zero.
    let layer: Int?
  }

  private(set) var files: [String: File] = [:]
  /// What is there and cannot be read: of these nothing is clean.
  private(set) var unread: [String: String] = [:]
  private var layers = 0

  /// Largest file that names packages.
  static let largest = 64 << 20

  /// No files yet.
  public init() {}

  /// Lays a layer over those before it, as the OCI image specification says: a whiteout removes what
  /// lower layers have, and never what its own brings.
  ///
  /// - Throws: `Problem` with `badInput`.
  public mutating func add(layer bytes: [UInt8]) throws {
    var archive = LayerArchive(bytes)
    var removed: [String] = []
    var own: [String: File] = [:]
    var ownUnread: [String: String] = [:]
    var links: [(path: String, target: String)] = []
    while let entry = try archive.next() {
      let (folder, name) = Self.split(entry.path)
      if name == ".wh..wh..opq" {
        removed.append(folder + "/")
      } else if name.hasPrefix(".wh.") {
        let path = Self.join(folder, String(name.dropFirst(4)))
        removed += [path, path + "/"]
      } else {
        if entry.sort == .file || entry.sort == .other { removed.append(entry.path) }
        switch entry.sort {
        case .file:
          if let why = InventoryPaths.unread(entry.path) { ownUnread[entry.path] = why }
          guard InventoryPaths.namesPackages(entry.path) else { continue }
          guard entry.content.count <= Self.largest else {
            throw Problem(.badInput, "the file is larger than is read", at: entry.path)
          }
          own[entry.path] = File(content: archive.content(entry), layer: layers)
        case .hardLink(let target):
          if InventoryPaths.namesPackages(entry.path) { links.append((entry.path, target)) }
        case .other: break
        }
      }
    }
    remove(removed)
    for (path, target) in links {
      if let file = own[target] ?? files[target] { own[path] = file }
    }
    files.merge(own) { $1 }
    unread.merge(ownUnread) { $1 }
    layers += 1
  }

  /// Adds a file of a tree that has no layers.
  mutating func add(_ path: String, _ content: [UInt8]) {
    if let why = InventoryPaths.unread(path) { unread[path] = why }
    if InventoryPaths.namesPackages(path) { files[path] = File(content: content, layer: nil) }
  }

  /// Removes paths; those that end with a slash, with all that lies below.
  private mutating func remove(_ paths: [String]) {
    guard !files.isEmpty || !unread.isEmpty else { return }
    let exact = Set(paths)
    let folders = Set(paths.filter { $0.hasSuffix("/") })
    func isGone(_ path: String) -> Bool {
      if exact.contains(path) { return true }
      guard !folders.isEmpty else { return false }
      if folders.contains("/") { return true }
      return path.indices.contains { path[$0] == "/" && folders.contains(String(path[...$0])) }
    }
    files = files.filter { !isGone($0.key) }
    unread = unread.filter { !isGone($0.key) }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[..<slash]), String(path[path.index(after: slash)...]))
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
  }
}

/// Which files name packages, by their paths.
enum InventoryPaths {
  private static let exact: Set<String> = [
    "etc/os-release", "usr/lib/os-release", "var/lib/dpkg/status", "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
  ]

  static func namesPackages(_ path: String) -> Bool {
    if exact.contains(path) { return true }
    if path.hasPrefix("var/lib/dpkg/status.d/") { return !path.hasSuffix(".md5sums") }
    return path.hasSuffix(".dist-info/METADATA") || path.hasSuffix(".egg-info/PKG-INFO")
      || path.hasSuffix(".egg-info") || isNodePackage(path) || lockName(path) != nil
  }

  static func isNodePackage(_ path: String) -> Bool {
    guard path.hasSuffix("/package.json") else { return false }
    let parts = path.split(separator: "/").dropLast()
    guard let name = parts.last else { return false }
    let before = parts.dropLast()
    return before.last == "node_modules"
      || (before.last?.hasPrefix("@") == true && before.dropLast().last == "node_modules"
        && !name.isEmpty)
  }

  /// The name of a file that lists a program's packages with their versions.
  static func lockName(_ path: String) -> String? {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return ["package-lock.json", "Cargo.lock", "Package.resolved"].contains(name) ? name : nil
  }

  /// What a file is whose packages cannot be read here; `nil` for any other.
  static func unread(_ path: String) -> String? {
    if path.hasPrefix("var/lib/rpm/") || path.hasPrefix("usr/lib/sysimage/rpm/") {
      return ["Packages", "Packages.db", "rpmdb.sqlite"].contains { path.hasSuffix("/\($0)") }
        ? "a database of RPM packages" : nil
    }
    return [".jar", ".war", ".ear"].contains(where: path.hasSuffix) ? "a Java archive" : nil
  }
}
