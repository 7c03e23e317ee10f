import Model
import Reading

/// The controls that an environment asks, found by id, by pattern or all of them.
struct ControlSelection {
  /// The word for every control of every catalog.
  static let all = "all"

  let environment: Policy.Environment
  let controls: [Catalog.Control]

  /// The controls in the order of the catalogs. One that is required is not only shown, where a
  /// pattern takes it for both.
  ///
  /// - Throws: `Problem` with `badInput` for a name or a pattern that no control has, and for one
  ///   that is named twice.
  func asked() throws -> [(control: Catalog.Control, isRequired: Bool)] {
    let named = (environment.required + environment.shown).filter { !Self.isPattern($0) }
    guard Set(named).count == named.count else {
      throw Problem(.badInput, "the environment \"\(environment.name)\" names a control twice")
    }
    let required = try ids(environment.required)
    let shown = try ids(environment.shown)
    return controls.compactMap { control in
      if required.contains(control.id) { return (control, true) }
      return shown.contains(control.id) ? (control, false) : nil
    }
  }

  private func ids(_ words: [String]) throws -> Set<String> {
    var ids: Set<String> = []
    for word in words {
      let found = controls.map(\.id).filter { Self.takes(word, $0) }
      guard !found.isEmpty else {
        let nearest = NearestWord.to(word, in: controls.map(\.id))
        throw Problem(
          .badInput,
          "the environment \"\(environment.name)\" names the control \"\(word)\", which no catalog"
            + " has", advice: nearest.map { "Did you mean \"\($0)\"?" })
      }
      ids.formUnion(found)
    }
    return ids
  }

  static func isPattern(_ word: String) -> Bool { word.isSame(as: all) || word.hasSuffix(".*") }

  private static func takes(_ word: String, _ id: String) -> Bool {
    if word.isSame(as: all) { return true }
    guard word.hasSuffix(".*") else { return word.isSame(as: id) }
    return id.utf8.starts(with: word.utf8.dropLast())
  }
}
