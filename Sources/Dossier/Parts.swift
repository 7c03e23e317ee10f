import Model

/// Small pieces that every section uses.
enum Parts {
  static func section(
    _ id: String, _ title: String, _ lead: String? = nil, @Markup _ content: () -> HTML
  ) -> HTML {
    .element("section", [.init("id", id), .init("aria-labelledby", "\(id)-title")]) {
      HTML.element("h2", [.init("id", "\(id)-title")]) { title }
      if let lead { HTML.element("p", [.init("class", "lead")]) { lead } }
      content()
    }
  }

  static func table(
    _ caption: String, _ heads: [String], _ rows: [[HTML]], kind: String = ""
  ) -> HTML {
    .element("table", kind.isEmpty ? [] : [.init("class", kind)]) {
      HTML.element("caption") { caption }
      HTML.element("thead") {
        HTML.element("tr") {
          for head in heads { HTML.element("th", [.init("scope", "col")]) { head } }
        }
      }
      HTML.element("tbody") {
        for row in rows {
          HTML.element("tr") { for cell in row { HTML.element("td") { cell } } }
        }
      }
    }
  }

  /// A status in words and a shape; its colour says nothing that the words do not.
  static func badge(_ mark: Mark, _ words: String) -> HTML {
    .element("span", [.init("class", "badge \(mark.rawValue)")]) {
      HTML.element("span", [.init("aria-hidden", "true")]) { mark.shape }
      // The shape and the first word stay on one line.
      "\u{a0}\(words)"
    }
  }

  static func code(_ text: String) -> HTML { .element("code") { text } }

  static func time(_ instant: Instant) -> HTML {
    let text = instant.description
    return .element("time", [.init("datetime", text)]) {
      "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }
  }

  /// Where an entry is described, at the end of the page.
  static func entry(_ index: Int64) -> HTML {
    .element("a", [.init("href", "#entry-\(index)")]) { "entry\u{a0}\(index)" }
  }

  static func evidence(_ reference: EvidenceReference) -> HTML {
    .joined([.text("\(reference.kind.rawValue), "), entry(reference.index)])
  }

  static func duration(milliseconds: Int64) -> String {
    switch milliseconds {
    case ..<1000: "\(milliseconds)\u{a0}ms"
    case ..<60_000: "\(milliseconds / 1000).\(milliseconds % 1000 / 100)\u{a0}s"
    case ..<3_600_000: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
    default: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
    }
  }

  static func count(_ number: some BinaryInteger, _ one: String, _ many: String) -> String {
    "\(grouped(number)) \(number == 1 ? one : many)"
  }

  /// Digits in groups of three.
  static func grouped(_ number: some BinaryInteger) -> String {
    var text = ""
    for (place, digit) in String(number.magnitude).reversed().enumerated() {
      if place > 0, place.isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }
}

/// A status by its shape; the raw value names its style.
enum Mark: String {
  case good, bad, wait, gap, note

  var shape: String {
    switch self {
    case .good: "✓"
    case .bad: "✗"
    case .wait: "◷"
    case .gap: "○"
    case .note: "▲"
    }
  }
}

extension ControlState {
  var mark: Mark {
    switch self {
    case .met: .good
    case .notMet: .bad
    case .stale: .wait
    case .missing: .gap
    case .needsPerson, .outOfScope: .note
    case .excepted: .wait
    }
  }

  var words: String {
    switch self {
    case .met: "met"
    case .notMet: "not met"
    case .stale: "stale"
    case .missing: "missing"
    case .needsPerson: "needs a person"
    case .excepted: "excepted by a waiver"
    case .outOfScope: "out of scope"
    }
  }
}

extension Decision {
  /// Whether the release went in although the gate would have refused it.
  var isOpened: Bool {
    bypasses.contains { $0.kind == .breakGlass || $0.kind == .observation }
  }

  var mark: Mark { isOpened ? .bad : outcome.mark }
}

extension Decision.Outcome {
  var mark: Mark {
    switch self {
    case .allowed: .good
    case .refused, .error: .bad
    case .waiting: .wait
    }
  }
}

extension RolloutReport.Outcome {
  var mark: Mark {
    switch self {
    case .released: .good
    case .rolledBack, .refused, .failed: .bad
    case .takenDown: .note
    }
  }

  var words: String {
    switch self {
    case .released: "released"
    case .rolledBack: "rolled back"
    case .refused: "refused before any request"
    case .failed: "failed, with nothing healthy to go back to"
    case .takenDown: "taken down"
    }
  }
}

extension StepReport.Outcome {
  var mark: Mark {
    switch self {
    case .passed: .good
    case .failed, .timedOut: .bad
    case .cancelled: .wait
    case .skipped: .gap
    }
  }

  var words: String { self == .timedOut ? "timed out" : rawValue }
}
