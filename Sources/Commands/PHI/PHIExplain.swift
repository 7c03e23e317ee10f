import ArgumentParser
import Model
import PHI

/// Says what is looked for, and how.
struct PHIExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a rule or a kind of finding means.",
    discussion: """
      Example: pratique phi explain labelled-value
      """)

  @Argument(help: "A rule or a kind, as findings name them; all without one.")
  var name: String?
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    var items: [Item] = PHIKind.allCases.map {
      Item(
        name: $0.rawValue,
        meaning: "\($0.meaning); 45 CFR 164.514(b)(2)(i)(\($0.paragraph))", sort: "kind")
    }
    items += PHIRule.allCases.map {
      Item(name: $0.rawValue, meaning: $0.explanation, sort: "rule")
    }
    if let name {
      items = items.filter { $0.name == name }
      guard !items.isEmpty else {
        throw Problem(
          .notFound, "there is no rule and no kind \"\(name)\"",
          advice: "See them all with: pratique phi explain")
      }
    }
    try Terminal(isJSON: json).result(items, items.map { "\($0.sort) \($0.name): \($0.meaning)" })
  }

  private struct Item: Encodable {
    let name: String
    let meaning: String
    let sort: String
  }
}
