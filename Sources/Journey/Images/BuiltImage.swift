import Foundation
import Model

/// The image that a run built; it lies in the run's folder, so that the run can go on.
struct BuiltImage: Codable {
  let manifest: Digest
  let config: Digest

  func subject(_ application: Application) -> Subject {
    Subject(name: "image:\(application.name)", digest: manifest)
  }

  private static func path(_ run: String, _ home: LedgerHome) -> String {
    "\(home.runPath(run))/image.json"
  }

  func write(_ run: String, _ home: LedgerHome) throws {
    try RunFolder.write(self, to: Self.path(run, home))
  }

  static func read(_ run: String, _ home: LedgerHome) throws -> BuiltImage {
    try RunFolder.read(path(run, home))
  }

  /// The image of a run; `nil` for a run that built none.
  static func find(_ run: String, _ home: LedgerHome) throws -> BuiltImage? {
    FileManager.default.fileExists(atPath: path(run, home)) ? try read(run, home) : nil
  }
}

extension LedgerHome {
  /// Puts a new layout among the images, under its manifest's digest; one that is there stays.
  func keepImage(_ part: String) throws -> OCILayout {
    defer { try? FileManager.default.removeItem(atPath: part) }
    let layout = try OCILayout(path: part)
    let place = imagePath(layout.manifest)
    if !FileManager.default.fileExists(atPath: place) {
      guard rename(part, place) == 0 else {
        throw Problem(.inputOutput, "the image cannot be put in its place", at: place)
      }
    }
    return try OCILayout(path: place, expected: layout.manifest)
  }
}
