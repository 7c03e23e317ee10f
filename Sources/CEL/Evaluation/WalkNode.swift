/// A macro over a list or a map.
struct WalkNode: Node {
  let form: Comprehension.Form
  let range: any Node
  let first: Int
  let second: Int?
  let filter: (any Node)?
  let body: any Node
  let offset: Int

  func evaluate(_ frame: inout Frame) throws(Fault) -> CELValue {
    try frame.charge(1)
    switch try range.evaluate(&frame) {
    case .list(let list):
      return try walk(list.count, &frame) { index, frame in
        if let second {
          frame.slots[first] = .int(Int64(index))
          frame.slots[second] = list[index]
        } else {
          frame.slots[first] = list[index]
        }
        return .int(Int64(index))
      }
    case .map(let map):
      let entries = map.entries
      return try walk(entries.count, &frame) { index, frame in
        let entry = entries[index]
        frame.slots[first] = entry.key
        if let second { frame.slots[second] = entry.value }
        return entry.key
      }
    case let other:
      throw Fault(
        .evaluation, "no such overload: macros do not walk over '\(other.typeName)'", at: offset)
    }
  }

  /// Sets the names for one step and gives its key.
  private typealias Step = (_ index: Int, _ frame: inout Frame) -> CELValue

  private func walk(
    _ count: Int, _ frame: inout Frame, _ step: Step
  ) throws(Fault) -> CELValue {
    switch form {
    case .all: return try decide(count, &frame, step, deciding: false)
    case .exists: return try decide(count, &frame, step, deciding: true)
    case .existsOne:
      var found = 0
      for index in 0..<count {
        _ = step(index, &frame)
        if try isTrue(body, &frame) { found += 1 }
      }
      return .bool(found == 1)
    case .list:
      var list: [CELValue] = []
      for index in 0..<count {
        _ = step(index, &frame)
        if let filter {
          guard try isTrue(filter, &frame) else { continue }
        }
        try frame.charge(1)
        list.append(try body.evaluate(&frame))
      }
      return .list(list)
    case .map, .entries: return .map(try collect(count, &frame, step))
    }
  }

  /// `all` and `exists`: one element may decide, whatever the others do.
  private func decide(
    _ count: Int, _ frame: inout Frame, _ step: Step, deciding: Bool
  ) throws(Fault) -> CELValue {
    var failure: Fault?
    for index in 0..<count {
      try frame.charge(1)
      _ = step(index, &frame)
      do throws(Fault) {
        guard case .bool(let truth) = try body.evaluate(&frame) else {
          throw Fault.noOverload.at(offset)
        }
        if truth == deciding { return .bool(deciding) }
      } catch {
        guard error.isAbsorbable else { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return .bool(!deciding)
  }

  private func collect(
    _ count: Int, _ frame: inout Frame, _ step: Step
  ) throws(Fault) -> CELMap {
    var map = CELMap()
    for index in 0..<count {
      let key = step(index, &frame)
      if let filter {
        guard try isTrue(filter, &frame) else { continue }
      }
      try frame.charge(2)
      try frame.charge(reading: key)
      let value = try body.evaluate(&frame)
      guard form == .entries else {
        try map.add(key, value, at: offset)
        continue
      }
      guard case .map(let entries) = value else { throw Fault.noOverload.at(offset) }
      for entry in entries.entries {
        try frame.charge(2)
        try frame.charge(reading: entry.key)
        try map.add(entry.key, entry.value, at: offset)
      }
    }
    return map
  }

  private func isTrue(_ node: any Node, _ frame: inout Frame) throws(Fault) -> Bool {
    try frame.charge(1)
    guard case .bool(let truth) = try node.evaluate(&frame) else {
      throw Fault.noOverload.at(offset)
    }
    return truth
  }
}
