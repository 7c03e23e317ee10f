import Model
import Reading

/// What the examples of a catalog came to.
public struct CatalogTest: Hashable, Sendable, Codable {
  /// What the examples of one check came to.
  public struct Check: Hashable, Sendable, Codable {
    /// The control's id.
    public let control: String
    /// The check's id.
    public let check: String
    /// How many good examples it has.
    public let good: Int
    /// How many bad examples it has.
    public let bad: Int
    /// What is wrong; empty when each example came to what it says, and each condition was false in
    /// a bad one.
    public let faults: [String]
  }

  /// The catalog's name.
  public let catalog: String
  /// The catalog's version.
  public let version: String
  /// How many controls it has.
  public let controls: Int
  /// Every check.
  public let checks: [Check]

  /// Whether nothing is wrong.
  public var isPassed: Bool { checks.allSatisfy(\.faults.isEmpty) }

  /// Reads a catalog with its examples, and runs them.
  ///
  /// - Throws: `Problem` with `badInput` for a file that is no catalog, or whose examples are of
  ///   another form.
  public static func run(_ bytes: [UInt8], file: String) throws -> CatalogTest {
    let catalog = try Catalog.read(bytes, file: file)
    let examples = try Problem.locating(file) {
      try ExampleReader(catalog: catalog).examples(YAMLReader.read(bytes))
    }
    var compiler = CheckCompiler(parameters: catalog.parameters)
    var checks: [Check] = []
    for control in catalog.controls {
      for program in try compiler.programs(of: control) {
        let own = examples.filter {
          $0.control.isSame(as: control.id) && $0.check.isSame(as: program.check.id)
        }
        let good = own.count { $0.state == .met }
        checks.append(
          Check(
            control: control.id, check: program.check.id, good: good, bad: own.count - good,
            faults: ExampleJudging(program: program, examples: own).faults()))
      }
    }
    return CatalogTest(
      catalog: catalog.catalog, version: catalog.version, controls: catalog.controls.count,
      checks: checks)
  }
}
