import Foundation
import Model

/// An artifact that a step of a run recorded; it lies in the run's folder, a file a step.
struct RunArtifact: Codable {
  let subject: Subject
  let form: String

  var digest: Digest { subject.digests[0] }

  private static func folder(_ run: String, _ home: LedgerHome) -> String {
    "\(home.runPath(run))/artifacts"
  }

  private static func path(
    _ run: String, _ stage: String, _ step: String, _ home: LedgerHome
  ) -> String { "\(folder(run, home))/\(stage)+\(step).json" }

  func write(_ run: String, _ stage: String, _ step: String, _ home: LedgerHome) throws {
    try LedgerHome.makeFolder(Self.folder(run, home))
    try RunFolder.write(self, to: Self.path(run, stage, step, home))
  }

  static func find(
    _ run: String, _ stage: String, _ step: String, _ home: LedgerHome
  ) throws -> RunArtifact? {
    let path = path(run, stage, step, home)
    return FileManager.default.fileExists(atPath: path) ? try RunFolder.read(path) : nil
  }

  /// All artifacts of a run that are among the subjects of a step: those that it waited for.
  static func all(_ run: String, among subjects: [Subject], _ home: LedgerHome) throws -> [Subject]
  {
    let folder = folder(run, home)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var found: [Subject] = []
    for name in names.sorted() where name.hasSuffix(".json") {
      let artifact: RunArtifact = try RunFolder.read("\(folder)/\(name)")
      if subjects.contains(artifact.subject), !found.contains(artifact.subject) {
        found.append(artifact.subject)
      }
    }
    return found
  }
}
