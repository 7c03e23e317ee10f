import Model
import Reading

/// Reads a plan as `terraform show -json` and OpenTofu write it. Values are left out: they may be
/// secrets.
enum TerraformReader {
  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    let version = try root.requiredString("format_version")
    guard version.hasPrefix("0.") || version.hasPrefix("1.") else {
      throw try root.member("format_version").error("expected version 0 or 1, found \(version)")
    }
    if try root.bool("errored") == true {
      throw try root.member("errored").error("the plan broke off with an error")
    }
    guard root.has("planned_values") else {
      throw root.error("\"planned_values\" is missing: this is no plan")
    }
    let changes = try root.elements("resource_changes").map { node in
      InfrastructurePlan.Change(
        address: try node.requiredString("address"), action: try action(node.member("change")))
    }
    var notes: [String] = []
    if try root.bool("complete") == false {
      notes.append("The plan says of itself that it is not complete: another will be needed.")
    }
    for check in try root.elements("checks") where try check.string("status") != "pass" {
      let address = try check.optional("address")?.string("to_display") ?? "a check"
      notes.append("Terraform's own check \(address) says \(try check.string("status") ?? "").")
    }
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "terraform", version: try root.string("terraform_version"))],
      content: .changes(changes), notes: notes)
    parsed.madeAt = try root.time("timestamp")
    return parsed
  }

  private static func action(_ change: ReportNode) throws -> InfrastructurePlan.Change.Action {
    let actions = try change.required("actions").map { try $0.string() }
    switch actions {
    case ["no-op"]: return .none
    case ["create"]: return .create
    case ["read"]: return .read
    case ["update"]: return .update
    case ["delete"]: return .delete
    case ["forget"]: return .forget
    case ["delete", "create"], ["create", "delete"], ["create", "forget"]: return .replace
    default:
      throw try change.member("actions").error(
        "\(actions.joined(separator: ", ")) is no action that is known")
    }
  }
}
