/// A regular expression of RE2's syntax, matched in time linear in the text.
///
/// The pattern becomes a nondeterministic automaton all of whose states advance together
/// (Thompson's construction), so that no pattern can make it go back.
struct Pattern: Sendable {
  /// The most steps of one automaton, counted repetitions written out.
  static let maximumSteps = 20_000

  /// One step of the automaton.
  enum Step: Sendable {
    /// Takes one scalar of a set.
    case take(ScalarSet)
    case jump(Int)
    case fork(Int, Int)
    case hold(Anchor)
    case found
  }

  /// A place that must be met.
  enum Anchor: Sendable { case textStart, textEnd, lineStart, lineEnd, wordEdge, noWordEdge }

  private let steps: [Step]

  /// Compiles a pattern; throws what is wrong with it.
  init(_ source: String) throws(Fault) {
    var parser = PatternParser(source)
    let tree = try parser.parse()
    var builder = PatternBuilder()
    try builder.add(tree)
    steps = builder.steps + [.found]
  }

  /// Whether the pattern is found anywhere in a text; counts its work.
  func isFound(in text: String, _ frame: inout Frame) throws(Fault) -> Bool {
    var current = States(count: steps.count)
    var next = States(count: steps.count)
    var previous: Unicode.Scalar?
    var scalars = text.unicodeScalars.makeIterator()
    var here = scalars.next()
    while true {
      // A match may begin at every place.
      if add(0, &current, previous, here) { return true }
      try frame.charge(1 + current.visited / 16)
      guard let scalar = here else { return false }
      let after = scalars.next()
      next.clear()
      for state in current.ready {
        guard case .take(let set) = steps[state], set.contains(scalar) else { continue }
        if add(state + 1, &next, scalar, after) { return true }
      }
      swap(&current, &next)
      previous = scalar
      here = after
    }
  }

  /// Adds a state and all that follow it without a scalar; true when the end is among them.
  private func add(
    _ first: Int, _ states: inout States, _ previous: Unicode.Scalar?, _ next: Unicode.Scalar?
  ) -> Bool {
    var waiting = [first]
    while let state = waiting.popLast() {
      guard states.mark(state) else { continue }
      switch steps[state] {
      case .found: return true
      case .take: states.ready.append(state)
      case .jump(let other): waiting.append(other)
      case .fork(let one, let other):
        waiting.append(other)
        waiting.append(one)
      case .hold(let anchor):
        if Pattern.holds(anchor, previous, next) { waiting.append(state + 1) }
      }
    }
    return false
  }

  private static func holds(
    _ anchor: Anchor, _ previous: Unicode.Scalar?, _ next: Unicode.Scalar?
  ) -> Bool {
    switch anchor {
    case .textStart: previous == nil
    case .textEnd: next == nil
    case .lineStart: previous == nil || previous == "\n"
    case .lineEnd: next == nil || next == "\n"
    case .wordEdge: isWord(previous) != isWord(next)
    case .noWordEdge: isWord(previous) == isWord(next)
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ScalarSet.word.contains($0) } ?? false
  }

  /// The states that the automaton is in.
  private struct States {
    private var marks: [Bool]
    private var marked: [Int] = []
    /// Those that wait for a scalar.
    var ready: [Int] = []

    init(count: Int) { marks = Array(repeating: false, count: count) }

    /// How many states were looked at.
    var visited: Int { marked.count }

    mutating func mark(_ state: Int) -> Bool {
      guard !marks[state] else { return false }
      marks[state] = true
      marked.append(state)
      return true
    }

    mutating func clear() {
      for state in marked { marks[state] = false }
      marked.removeAll(keepingCapacity: true)
      ready.removeAll(keepingCapacity: true)
    }
  }
}

/// The tree of a pattern.
indirect enum PatternTree {
  case set(ScalarSet)
  case anchor(Pattern.Anchor)
  case sequence([PatternTree])
  case choice([PatternTree])
  /// A part from a least to a most number of times; no most is any number.
  case times(PatternTree, least: Int, most: Int?)
}

/// Writes the steps of a pattern.
struct PatternBuilder {
  private(set) var steps: [Pattern.Step] = []

  mutating func add(_ tree: PatternTree) throws(Fault) {
    guard steps.count < Pattern.maximumSteps else { throw Fault("the pattern is too large") }
    switch tree {
    case .set(let set): steps.append(.take(set))
    case .anchor(let anchor): steps.append(.hold(anchor))
    case .sequence(let parts): for part in parts { try add(part) }
    case .choice(let parts): try addChoice(parts)
    case .times(let part, let least, let most): try addTimes(part, least, most)
    }
  }

  private mutating func addChoice(_ parts: [PatternTree]) throws(Fault) {
    var ends: [Int] = []
    for (index, part) in parts.enumerated() {
      guard index < parts.count - 1 else {
        try add(part)
        break
      }
      let fork = steps.count
      steps.append(.found)
      try add(part)
      ends.append(steps.count)
      steps.append(.found)
      steps[fork] = .fork(fork + 1, steps.count)
    }
    for end in ends { steps[end] = .jump(steps.count) }
  }

  private mutating func addTimes(
    _ part: PatternTree, _ least: Int, _ most: Int?
  ) throws(Fault) {
    for _ in 0..<least { try addCounted(part) }
    guard let most else {
      let fork = steps.count
      steps.append(.found)
      try add(part)
      steps.append(.jump(fork))
      steps[fork] = .fork(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in least..<max(least, most) {
      forks.append(steps.count)
      steps.append(.found)
      try addCounted(part)
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
  }

  /// A part of nothing, many times over, would take time without taking steps.
  private mutating func addCounted(_ part: PatternTree) throws(Fault) {
    let before = steps.count
    try add(part)
    if steps.count == before { steps.append(.jump(before + 1)) }
  }
}
