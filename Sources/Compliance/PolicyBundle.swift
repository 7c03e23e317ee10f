public import Model
import Reading

/// A policy with the catalogs that it draws on: what the trust root pins by digest.
public struct PolicyBundle: Sendable {
  /// What the canonical bytes hold.
  private struct Stored: Codable {
    let policy: Policy
    let catalogs: [Catalog]
  }

  /// A control that an environment asks, with its checks compiled.
  struct Asked: Sendable {
    let control: Catalog.Control
    let isRequired: Bool
    let checks: [CheckProgram]
  }

  /// The policy.
  public let policy: Policy
  /// Its catalogs.
  public let catalogs: [Catalog]
  /// The values of the catalogs' parameters, as the policy sets them.
  public let parameters: [Catalog.Parameter]
  /// What each environment asks, in the order of the catalogs.
  private let asked: [String: [Asked]]
  private let canonical: [UInt8]
  private let identity: PolicyReference
  /// The policy and its catalogs as inputs of a decision.
  let inputs: [DecisionInput]

  /// Binds a policy to its catalogs.
  ///
  /// - Throws: `Problem` with `badInput` when the two do not fit: a control that no catalog has, or
  ///   two; a control that is required, but that nothing can ever meet; a gate that asks nothing; an
  ///   approval rule that says a role twice; an expression that cannot be compiled.
  public init(policy: Policy, catalogs: [Catalog]) throws {
    self.policy = policy
    self.catalogs = catalogs
    parameters = try ParameterSettings.merged(policy, catalogs)
    canonical = try CanonicalJSON.write(Stored(policy: policy, catalogs: catalogs))
    // Once for a bundle: a decision is asked far more often than a policy is read.
    identity = PolicyReference(
      name: policy.policy, version: policy.version, digest: .sha256(canonical))
    inputs = try InputListing.inputs(identity, catalogs)
    try PolicyChecking(policy: policy, catalogs: catalogs, parameters: parameters).check()
    var compiler = CheckCompiler(parameters: parameters)
    var asked: [String: [Asked]] = [:]
    for environment in policy.environments {
      let selection = ControlSelection(
        environment: environment, controls: catalogs.flatMap(\.controls))
      asked[environment.name] = try selection.asked().map { control, isRequired in
        Asked(
          control: control, isRequired: isRequired, checks: try compiler.programs(of: control))
      }
    }
    self.asked = asked
  }

  /// The canonical bytes, by whose digest the trust root pins the policy.
  public func bytes() throws -> [UInt8] { canonical }

  /// Reads a pinned bundle, and checks it as if it were read for the first time.
  ///
  /// - Throws: `Problem` with `judgingFailed` when the bytes are not the pinned ones or not a bundle.
  public init(pinned bytes: [UInt8], as reference: PolicyReference) throws {
    guard Digest.sha256(bytes) == reference.digest else {
      throw Problem(.judgingFailed, "the policy's bytes are not those that the trust root pins")
    }
    do {
      let read: Stored = try JSONReader.read(bytes).decode()
      try self.init(policy: read.policy, catalogs: read.catalogs)
    } catch {
      throw Problem(
        .judgingFailed, "the pinned policy cannot be used by this version of the program: \(error)")
    }
  }

  /// Name, version and digest.
  public func reference() throws -> PolicyReference {
    identity
  }

  /// The controls that an environment asks, in the order of the catalogs.
  func asked(in environment: Policy.Environment) -> [Asked] { asked[environment.name] ?? [] }

  /// What people may do beside the way through an environment's gate; `nil` for nothing.
  public func exceptions(in environment: String) -> ExceptionRules? {
    policy.environments.first { $0.name.isSame(as: environment) }?.exceptions
  }

  /// The control of that id.
  func control(_ id: String) -> Catalog.Control? {
    catalogs.lazy.flatMap(\.controls).first { $0.id.isSame(as: id) }
  }

  /// The controls that an environment asks: those that it requires, and those that it only shows.
  public func controls(
    in environment: Policy.Environment
  ) -> (required: [Catalog.Control], shown: [Catalog.Control]) {
    let all = asked(in: environment)
    return (
      all.filter(\.isRequired).map(\.control), all.filter { !$0.isRequired }.map(\.control)
    )
  }
}

extension PolicyBundle: Hashable {
  /// Whether two are the same byte by byte.
  public static func == (left: PolicyBundle, right: PolicyBundle) -> Bool {
    left.canonical == right.canonical
  }

  /// Hashes the canonical bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

/// Compiles the checks of controls, each once however many environments ask it.
struct CheckCompiler {
  let parameters: [Catalog.Parameter]
  private var known: [String: [CheckProgram]] = [:]

  init(parameters: [Catalog.Parameter]) { self.parameters = parameters }

  mutating func programs(of control: Catalog.Control) throws -> [CheckProgram] {
    if let programs = known[control.id] { return programs }
    let programs = try control.checks.map { check in
      do throws(CheckProgram.Fault) {
        return try CheckProgram(check, parameters: parameters)
      } catch {
        throw Problem(
          .badInput, "the check \"\(check.id)\" of \"\(control.id)\": \(error.message)")
      }
    }
    known[control.id] = programs
    return programs
  }
}
