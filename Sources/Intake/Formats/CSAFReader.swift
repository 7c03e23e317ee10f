import Model
import Reading

/// Reads CSAF 2.0 and 2.1: what is said of products (sections 3.2.3.9 of 2.0 and its mandatory
/// tests 6.1.1, 6.1.6 and, for the VEX profile, 6.1.27).
struct CSAFReader {
  private var products: [String: String] = [:]
  private var statements: [VEXStatement] = []
  private let author: String
  private let time: Instant
  private let isVEX: Bool

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let document = try root.member("document")
    let version = try document.requiredString("csaf_version")
    guard ["2.0", "2.1"].contains(version) else {
      throw try document.member("csaf_version").error("expected CSAF 2.0 or 2.1, found \(version)")
    }
    let tracking = try document.member("tracking")
    guard let time = try tracking.instant("current_release_date") else {
      throw tracking.error("it does not say when it was released")
    }
    let category = try document.requiredString("category")
    var reader = CSAFReader(
      author: try document.member("publisher").requiredString("name"), time: time,
      isVEX: category == "csaf_vex")
    if let tree = try root.optional("product_tree") { try reader.addTree(tree) }
    for vulnerability in try root.elements("vulnerabilities") { try reader.add(vulnerability) }
    guard !reader.statements.isEmpty else {
      throw root.error("it says nothing of any product")
    }
    var notes: [String] = []
    let status = try tracking.requiredString("status")
    if status != "final" { notes.append("The document is of status \"\(status)\", not final.") }
    let engine = try tracking.optional("generator")?.optional("engine")
    var parsed = IntakeReader.Parsed(
      tools: try engine.map {
        [.init(name: try $0.requiredString("name"), version: try $0.string("version"))]
      } ?? [], content: .exploitability(reader.statements), notes: notes)
    parsed.madeAt = StatedTime(time)
    return parsed
  }

  private init(author: String, time: Instant, isVEX: Bool) {
    self.author = author
    self.time = time
    self.isVEX = isVEX
  }

  // MARK: Products

  private mutating func addTree(_ tree: ReportNode) throws {
    for product in try tree.elements("full_product_names") { try addProduct(product) }
    for relationship in try tree.elements("relationships") {
      try addProduct(try relationship.member("full_product_name"))
    }
    for group in try tree.elements("product_groups") {
      _ = try group.requiredString("group_id")
    }
    try addBranches(tree)
  }

  private mutating func addBranches(_ node: ReportNode) throws {
    for branch in try node.elements("branches") {
      if let product = try branch.optional("product") { try addProduct(product) }
      try addBranches(branch)
    }
  }

  private mutating func addProduct(_ node: ReportNode) throws {
    let id = try node.requiredString("product_id")
    let helper = try node.optional("product_identification_helper")
    let url = try helper?.string("purl") ?? helper?.strings("purls").first
    guard products.updateValue(try url ?? node.requiredString("name"), forKey: id) == nil else {
      throw node.error("the product \(id) is defined twice")
    }
  }

  // MARK: Statements

  private static let groups: [(StaticString, VEXStatement.Status)] = [
    ("known_not_affected", .notAffected), ("known_affected", .affected),
    ("first_affected", .affected), ("last_affected", .affected), ("fixed", .fixed),
    ("first_fixed", .fixed), ("under_investigation", .underInvestigation),
  ]

  private mutating func add(_ node: ReportNode) throws {
    var ids = try node.string("cve").map { [$0] } ?? []
    ids += try node.elements("ids").map { try $0.requiredString("text") }
    guard let id = ids.first else { throw node.error("a vulnerability without an id") }
    guard let status = try node.optional("product_status") else { return }
    var said: [String: VEXStatement.Status] = [:]
    for (name, meaning) in Self.groups {
      let list = try status.strings(name)
      for product in list {
        guard products[product] != nil else {
          throw try status.member(name).error("the product \(product) is not defined")
        }
        if let other = said[product], other != meaning {
          throw status.error(
            "\(product) is said to be \(other.rawValue) and \(meaning.rawValue) at once")
        }
        said[product] = meaning
      }
      guard !list.isEmpty else { continue }
      try add(id, ids, list, meaning, node)
    }
  }

  private mutating func add(
    _ id: String, _ ids: [String], _ list: [String], _ status: VEXStatement.Status,
    _ node: ReportNode
  ) throws {
    let reasons = try node.elements("flags").filter { try Self.isAbout($0, list) }
      .map { try $0.requiredString("label") }
    let impact = try node.elements("threats")
      .filter { try $0.string("category") == "impact" && Self.isAbout($0, list) }
      .map { try $0.requiredString("details") }
    if isVEX, status == .notAffected, reasons.isEmpty, impact.isEmpty {
      throw node.error("\"known_not_affected\" of \(id) gives no reason")
    }
    let action = try node.elements("remediations").filter { try Self.isAbout($0, list) }
      .map { try $0.requiredString("details") }
    statements.append(
      VEXStatement(
        vulnerability: id, aliases: VulnerabilityID.others(ids, than: id),
        products: list.map { products[$0] ?? $0 }, status: status, justification: reasons.first,
        statement: impact.first ?? (status == .affected ? action.first : nil), author: author,
        timestamp: time))
  }

  /// Whether a remark names one of the products, or a group, or none.
  private static func isAbout(_ node: ReportNode, _ list: [String]) throws -> Bool {
    let named = try node.strings("product_ids")
    return named.isEmpty || named.contains { list.contains($0) }
  }
}
