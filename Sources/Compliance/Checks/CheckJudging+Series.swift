import CEL
import Model

/// What expressions look at, and which pieces replace which.
extension CheckJudging {
  /// Which series each of a check's pieces belongs to, as a number.
  struct Series {
    /// For each piece, in their order.
    var numbers: [Int] = []
    /// How many series there are.
    var count = 0
  }

  func series(_ program: CheckProgram, _ places: [Int]) throws -> Series {
    guard let source = program.check.series else {
      return Series(numbers: Array(repeating: 0, count: places.count), count: min(1, places.count))
    }
    let question = Question(program.check)
    if let known = ordered[question]?[source] { return known }
    var series = Series()
    var known: [[String]: Int] = [:]
    for place in places {
      show(place, to: program)
      let name = try name(program, place)
      let number = known[name] ?? known.count
      known[name] = number
      series.numbers.append(number)
    }
    series.count = known.count
    ordered[question, default: [:]][source] = series
    return series
  }

  private func name(_ program: CheckProgram, _ place: Int) throws -> [String] {
    guard let series = program.series else { return [] }
    switch try value(series, "series", program.check, place) {
    case .string(let text): return [text]
    case .list(let all):
      let texts = all.compactMap(\.text)
      if texts.count == all.count { return texts }
    default: break
    }
    throw failure("series", program.check, place, "it is no text and no list of texts")
  }

  /// Lets the expressions of a check speak of a piece.
  func show(_ place: Int, to program: CheckProgram) {
    variables.values["evidence"] = judged[place]?.evidence
    if program.readsEntry { variables.values["entry"] = entry(place) }
  }

  /// All variables of a message about a piece.
  func showing(_ place: Int) -> Activation {
    variables.values["evidence"] = judged[place]?.evidence
    variables.values["entry"] = entry(place)
    return variables
  }

  /// All variables of what is asked of several pieces together.
  func showing(_ places: [Int]) -> Activation {
    variables.values["pieces"] = .list(places.map { judged[$0]?.evidence ?? .null })
    variables.values["entries"] = .list(places.map(entry))
    return variables
  }

  private func entry(_ place: Int) -> CELValue {
    if let known = entries[place] { return known }
    let entry = context.entry(source.all[place])
    entries[place] = entry
    return entry
  }
}
