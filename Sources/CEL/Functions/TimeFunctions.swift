/// Timestamps, durations and their parts.
enum TimeFunctions {
  static let all: [String: Implementation] = [
    "timestamp": { (_, values) throws(Fault) in .timestamp(try timestamp(values[0])) },
    "duration": { (_, values) throws(Fault) in .duration(try duration(values[0])) },
    "getFullYear": { (frame, values) throws(Fault) in try part(frame, values) { $0.year } },
    "getMonth": { (frame, values) throws(Fault) in try part(frame, values) { $0.month - 1 } },
    "getDayOfYear": { (frame, values) throws(Fault) in try part(frame, values) { $0.dayOfYear } },
    "getDayOfMonth": { (frame, values) throws(Fault) in try part(frame, values) { $0.day - 1 } },
    "getDate": { (frame, values) throws(Fault) in try part(frame, values) { $0.day } },
    "getDayOfWeek": { (frame, values) throws(Fault) in try part(frame, values) { $0.dayOfWeek } },
    "getHours": { (frame, values) throws(Fault) in
      try part(frame, values, unit: 3_600_000_000_000) { $0.hour }
    },
    "getMinutes": { (frame, values) throws(Fault) in
      try part(frame, values, unit: 60_000_000_000) { $0.minute }
    },
    "getSeconds": { (frame, values) throws(Fault) in
      try part(frame, values, unit: 1_000_000_000) { $0.second }
    },
    "getMilliseconds": { (frame, values) throws(Fault) in try milliseconds(frame, values) },
  ]

  private static func timestamp(_ value: CELValue) throws(Fault) -> CELTimestamp {
    switch value {
    case .timestamp(let moment): return moment
    case .int(let seconds):
      guard let moment = CELTimestamp(seconds: seconds) else {
        throw Fault("timestamp is out of range")
      }
      return moment
    case .string(let text):
      guard let moment = CELTimestamp(text) else {
        throw Fault("not a timestamp in range and in the form of RFC 3339: \(Shown.text(value))")
      }
      return moment
    default: throw Fault.noOverload
    }
  }

  private static func duration(_ value: CELValue) throws(Fault) -> CELDuration {
    switch value {
    case .duration(let length): return length
    case .string(let text):
      guard let length = CELDuration(text) else {
        throw Fault("not a duration in range, such as 1h30m or 5s: \(Shown.text(value))")
      }
      return length
    default: throw Fault.noOverload
    }
  }

  private static func milliseconds(
    _ frame: Frame, _ values: [CELValue]
  ) throws(Fault) -> CELValue {
    switch values[0] {
    case .duration(let length) where values.count == 1:
      // The part below a second, as the definition's vectors have it.
      return .int(length.nanoseconds % 1_000_000_000 / 1_000_000)
    case .timestamp(let moment):
      if values.count == 2 { _ = try offset(frame, values[1], moment) }
      return .int(Int64(moment.nanoseconds / 1_000_000))
    default: throw Fault.noOverload
    }
  }

  /// A part of a timestamp, or a duration in whole units.
  private static func part(
    _ frame: Frame, _ values: [CELValue], unit: Int64? = nil, _ part: (Civil) -> Int
  ) throws(Fault) -> CELValue {
    if let unit, values.count == 1, case .duration(let length) = values[0] {
      return .int(length.nanoseconds / unit)
    }
    guard case .timestamp(let moment) = values[0] else { throw Fault.noOverload }
    let shift = values.count == 2 ? try offset(frame, values[1], moment) : 0
    return .int(Int64(part(Civil(seconds: moment.seconds + Int64(shift)))))
  }

  /// Seconds east of UTC of a zone's name or of a fixed offset such as `+02:30` or `02:30`.
  private static func offset(
    _ frame: Frame, _ zone: CELValue, _ moment: CELTimestamp
  ) throws(Fault) -> Int {
    guard case .string(let name) = zone else { throw Fault.noOverload }
    if name.isEmpty || ["UTC", "GMT", "Etc/UTC"].contains(name) { return 0 }
    if let fixed = fixed(name) { return fixed }
    guard let seconds = frame.timeZones?(name, moment.seconds), abs(seconds) <= 100_000 else {
      throw Fault("unknown time zone \(Shown.text(zone))")
    }
    return seconds
  }

  private static func fixed(_ name: String) -> Int? {
    var bytes = Array(name.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(Lexer.isDigit) }),
      let hours = Int(String(decoding: parts[0], as: UTF8.self)),
      let minutes = Int(String(decoding: parts[1], as: UTF8.self)), hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * 60 * (isNegative ? -1 : 1)
  }
}
