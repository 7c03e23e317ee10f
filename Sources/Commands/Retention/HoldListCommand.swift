import ArgumentParser
import Journey
import Ledger
import Model

/// Lists holds.
struct HoldListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List legal holds, and the erasures that wait for them.",
    discussion: "Example: pratique ledger hold list")

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let home = try options.open(readOnly: true)
    let list = try await home.holdList()
    var lines = list.holds.map { hold in
      let placed =
        "placed by \(hold.placed.person) on \(hold.placed.time.date), entry \(hold.index)"
      let end =
        hold.lifted.map { "; lifted by \($0.person) on \($0.time.date): \($0.reason)" } ?? ""
      return "\(hold.isInForce ? "in force" : "lifted  ")  \(hold.name): \(hold.placed.matter);"
        + " \(Self.words(hold.placed.scope)); \(placed): \(hold.placed.reason)\(end)"
    }
    lines += list.waiting.map { waiting in
      let request = waiting.request.request
      let entries = request.entries.map { "\($0.index)" }.joined(separator: " ")
      let state =
        waiting.isFree
        ? "may be done now" : "is held by \(waiting.holds.joined(separator: ", "))"
      return "waiting   entry \(waiting.request.index): \(request.person) asked on"
        + " \(request.time.date) to erase \(entries); it \(state): \(request.reason)"
    }
    try options.terminal.result(list, lines.isEmpty ? ["there is no hold"] : lines)
  }

  private static func words(_ scope: LegalHold.Scope?) -> String {
    guard let scope, !scope.isEverything else { return "covers everything" }
    var parts: [String] = []
    func add(_ name: String, _ values: [String]?) {
      if let values { parts.append("\(name) \(values.joined(separator: ", "))") }
    }
    add("application", scope.applications)
    add("environment", scope.environments)
    add("subject", scope.subjects?.map(\.description))
    add("kind", scope.kinds?.map(\.rawValue))
    add("actor", scope.actors)
    add("from", scope.from.map { ["\($0)"] })
    add("until", scope.to.map { ["\($0)"] })
    return "covers \(parts.joined(separator: "; "))"
  }
}
