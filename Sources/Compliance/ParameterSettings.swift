import Model
import Reading

/// The values of all parameters: the catalogs' own, or what the policy says instead.
enum ParameterSettings {
  /// One value for each parameter of the catalogs.
  ///
  /// - Throws: `Problem` with `badInput` for a parameter that no catalog has or that is of another
  ///   type, and where two catalogs differ and the policy does not say which value counts.
  static func merged(_ policy: Policy, _ catalogs: [Catalog]) throws -> [Catalog.Parameter] {
    let known = catalogs.flatMap(\.parameters)
    for parameter in policy.parameters
    where !known.contains(where: { $0.name.isSame(as: parameter.name) }) {
      let nearest = NearestWord.to(parameter.name, in: known.map(\.name))
      throw Problem(
        .badInput,
        "policy \"\(policy.policy)\" sets the parameter \"\(parameter.name)\", which no catalog has",
        advice: nearest.map { "Did you mean \"\($0)\"?" })
    }
    var merged: [Catalog.Parameter] = []
    for parameter in known {
      let own = policy.parameters.first { $0.name.isSame(as: parameter.name) }
      if let own, own.value.type != parameter.value.type {
        throw Problem(
          .badInput,
          "policy \"\(policy.policy)\" sets the parameter \"\(parameter.name)\" to a value of type"
            + " \(own.value.type), and the catalog asks for \(parameter.value.type)")
      }
      if let twin = merged.first(where: { $0.name.isSame(as: parameter.name) }) {
        guard twin == own ?? parameter else {
          throw Problem(
            .badInput,
            "two catalogs of policy \"\(policy.policy)\" have the parameter \"\(parameter.name)\""
              + " with different values", advice: "Say in the policy's \"parameters\" which counts."
          )
        }
      } else {
        merged.append(own ?? parameter)
      }
    }
    return merged
  }
}
