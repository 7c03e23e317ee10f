import Model
import Reading

/// Reads OpenVEX, 0.2.0 and the form before it.
enum OpenVEXReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let author = try root.requiredString("author")
    _ = try root.requiredString("@id")
    let time = try root.instant("last_updated") ?? root.instant("timestamp")
    guard let time else { throw root.error("it does not say when it was made") }
    let list = try root.required("statements")
    guard !list.isEmpty else { throw root.error("it makes no statement") }
    var notes: [String] = []
    let statements = try list.map { try statement($0, author, time, &notes) }
    var parsed = IntakeReader.Parsed(
      tools: try root.string("tooling").map { [.init(name: $0, version: nil)] } ?? [],
      content: .exploitability(statements), notes: notes)
    parsed.madeAt = StatedTime(time)
    return parsed
  }

  private static func statement(
    _ node: ReportNode, _ author: String, _ time: Instant, _ notes: inout [String]
  ) throws -> VEXStatement {
    let vulnerability = try node.member("vulnerability")
    let id = try vulnerability.json.string ?? vulnerability.requiredString("name")
    let aliases = vulnerability.json.isObject ? try vulnerability.strings("aliases") : []
    let products = try node.elements("products").map { product in
      try product.json.string ?? product.optional("identifiers")?.string("purl")
        ?? product.string("@id") ?? ""
    }.filter { !$0.isEmpty }
    if products.isEmpty { notes.append("What is said of \(id) names no product.") }
    let word = try node.member("status")
    guard let status = VEXStatement.Status(rawValue: try word.string()) else {
      throw word.error("\"\(try word.string())\" is no status of OpenVEX")
    }
    let justification = try node.string("justification")
    if let justification, !justifications.contains(justification) {
      throw try node.member("justification").error("\"\(justification)\" is no justification")
    }
    let impact = try node.string("impact_statement")
    if status == .notAffected, justification == nil, impact == nil {
      throw node.error("\"not_affected\" needs a justification or an impact statement")
    }
    let action = try node.string("action_statement")
    if status == .affected, action == nil {
      notes.append("\(id) is stated as affecting the product, and nothing is said of what to do.")
    }
    return VEXStatement(
      vulnerability: id, aliases: VulnerabilityID.others(aliases, than: id), products: products,
      status: status, justification: justification, statement: impact ?? action, author: author,
      timestamp: try node.instant("last_updated") ?? node.instant("timestamp") ?? time)
  }

  /// The labels of CISA's minimum requirements for VEX.
  static let justifications: Set<String> = [
    "component_not_present", "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
  ]
}
