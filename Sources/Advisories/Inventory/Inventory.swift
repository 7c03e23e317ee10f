import Model
import Reading

/// The packages of an image or tree.
public struct Inventory: Sendable {
  /// The packages, sorted.
  public let packages: [InventoryPackage]
  /// What is there and could not be read, by path: of these nothing is clean.
  public let unread: [String: String]

  /// Packages that somebody else listed, such as those of a bill of materials.
  public init(_ packages: [InventoryPackage], unread: [String: String] = [:]) {
    self.packages = packages.sorted { ($0.label, $0.file ?? "") < ($1.label, $1.file ?? "") }
    self.unread = unread
  }

  /// Reads the files that name packages.
  ///
  /// - Parameter isTree: whether it is a source tree, where files that lock versions count; in an
  ///   image only what is installed does.
  /// - Throws: `Problem` with `badInput` for a file that is not what its name says.
  public init(_ files: ImageFiles, isTree: Bool = false) throws {
    let release = (files.files["etc/os-release"] ?? files.files["usr/lib/os-release"])
      .flatMap { DistributionRelease($0.content) }
    var packages: [InventoryPackage] = []
    var unread = files.unread
    for (path, file) in files.files {
      do {
        let found = try Self.packages(path, file, release, isTree: isTree)
        packages += found.map { package in
          var package = package
          package.layer = file.layer
          return package
        }
      } catch Unreadable.distribution {
        unread[path] = "packages of a distribution that is not known here"
      } catch let error as ReadingError {
        throw Problem(.badInput, error.description, at: path)
      }
    }
    self.init(packages, unread: unread)
  }

  private enum Unreadable: Error { case distribution }

  private static func packages(
    _ path: String, _ file: ImageFiles.File, _ release: DistributionRelease?, isTree: Bool
  ) throws -> [InventoryPackage] {
    func known() throws -> (Ecosystem, DistributionRelease) {
      guard let release, let ecosystem = release.ecosystem else { throw Unreadable.distribution }
      return (ecosystem, release)
    }
    if path.hasPrefix("var/lib/dpkg/") {
      let (ecosystem, release) = try known()
      return DebianPackages.read(
        file.content, ecosystem, release, path: path, isStatus: path == "var/lib/dpkg/status")
    }
    if path.hasSuffix("lib/apk/db/installed") {
      let (ecosystem, release) = try known()
      return AlpinePackages.read(file.content, ecosystem, release, path: path)
    }
    if path.hasSuffix("METADATA") || path.hasSuffix(".egg-info") || path.hasSuffix("PKG-INFO") {
      return PythonPackages.read(file.content, path: path)
    }
    if InventoryPaths.isNodePackage(path) {
      return try NodePackages.installed(file.content, path: path)
    }
    guard isTree else { return [] }
    switch InventoryPaths.lockName(path) {
    case "package-lock.json": return try NodePackages.locked(file.content, path: path)
    case "Cargo.lock": return CargoPackages.read(file.content, path: path)
    case "Package.resolved": return try SwiftPackages.read(file.content, path: path)
    default: return []
    }
  }
}
