import Compliance
import Model
import Reading

/// The controls of some catalogs, and what a policy makes of them, for people who read them.
public struct ControlBook: Sendable {
  let catalogs: [Catalog]
  /// The policy that asks them; `nil` for catalogs alone.
  let bundle: PolicyBundle?

  /// Reads catalog files alone.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`, file, line and column.
  public static func read(catalogs paths: [String]) throws -> ControlBook {
    let catalogs = try paths.map { try Catalog.read(InputFile.read($0), file: $0) }
    var ids: Set<String> = []
    for control in catalogs.flatMap(\.controls) where !ids.insert(control.id).inserted {
      throw Problem(.badInput, "two catalogs have the control \"\(control.id)\"")
    }
    return ControlBook(catalogs: catalogs, bundle: nil)
  }

  /// Reads a policy file with its catalogs.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`, file, line and column.
  public static func read(policy path: String) throws -> ControlBook {
    ControlBook(try PolicyFiles.read(path: path))
  }

  init(_ bundle: PolicyBundle) {
    catalogs = bundle.catalogs
    self.bundle = bundle
  }

  private init(catalogs: [Catalog], bundle: PolicyBundle?) {
    self.catalogs = catalogs
    self.bundle = bundle
  }

  /// The values of the catalogs' parameters, as the policy sets them.
  var parameters: [Catalog.Parameter] { bundle?.parameters ?? catalogs.flatMap(\.parameters) }

  /// The environments that require each control, and those that only show it.
  var places: (required: [String: [String]], shown: [String: [String]]) {
    var required: [String: [String]] = [:]
    var shown: [String: [String]] = [:]
    for environment in bundle?.policy.environments ?? [] {
      let asked = bundle?.controls(in: environment)
      for control in asked?.required ?? [] {
        required[control.id, default: []].append(environment.name)
      }
      for control in asked?.shown ?? [] { shown[control.id, default: []].append(environment.name) }
    }
    return (required, shown)
  }
}

extension LedgerHome {
  /// The controls that the policy in force draws on.
  ///
  /// - Throws: `Problem` with `notTrusted` or `judgingFailed` where there is none.
  public func controlBook() async throws -> ControlBook {
    ControlBook(try await policy(of: trustRoot()))
  }
}

/// Runs the examples that catalogs ship.
public enum ControlExamples {
  /// What the examples of one catalog file came to.
  public struct File: Hashable, Sendable, Codable {
    /// The file.
    public let path: String
    /// The catalog's name.
    public let catalog: String
    /// How many checks it has.
    public let checks: Int
    /// How many examples were run.
    public let examples: Int
    /// What is wrong, check by check.
    public let faults: [Fault]
  }

  /// What is wrong with a check or its examples.
  public struct Fault: Hashable, Sendable, Codable {
    /// The control's id.
    public let control: String
    /// The check's id.
    public let check: String
    /// What is wrong, one sentence each.
    public let reasons: [String]
  }

  /// Reads catalogs and runs their examples.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound` for a file that is no catalog.
  public static func run(_ paths: [String]) throws -> [File] {
    try paths.map { path in
      let test = try CatalogTest.run(InputFile.read(path), file: path)
      return File(
        path: path, catalog: test.catalog, checks: test.checks.count,
        examples: test.checks.reduce(0) { $0 + $1.good + $1.bad },
        faults: test.checks.filter { !$0.faults.isEmpty }.map {
          Fault(control: $0.control, check: $0.check, reasons: $0.faults)
        })
    }
  }

  /// The catalog files that a policy file names.
  ///
  /// - Throws: `Problem` with `badInput` or `notFound`.
  public static func catalogs(ofPolicy path: String) throws -> [String] {
    let names = try Policy.read(InputFile.read(path), file: path).catalogs
    return names.map { PathText.resolve($0, in: PathText.parent(of: path)) }
  }
}
