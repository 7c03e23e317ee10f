import Model

/// What `show stat` says, and what of it is counted.
///
/// - served: the servers' answers (`hrsp_1xx` to `hrsp_5xx` and `hrsp_other` of the server rows),
///   less those that broke off (`srv_abrt`).
/// - lost, the sum of
///   - the front's 5xx answers that no server made (`hrsp_5xx` of the FRONTEND row less that of the
///     server rows): 502, 503 and 504 made by haproxy;
///   - requests that ended without any answer (the FRONTEND row's `req_tot` less all its `hrsp_`,
///     less those under way, which are the `scur` of the BACKEND rows): on a connection that is
///     kept open haproxy closes in silence when the application dies, so this must not be left out;
///   - answers that broke off (`srv_abrt`).
///
///   A server that dies may count one request in two of these: lost is never too small.
/// - serverErrors: `hrsp_5xx` of the server rows.
/// - Not counted: what is the client's doing (`ereq`, to which haproxy answers 400), and what was
///   sent again and answered (`wretr`, `wredis`; `econ` and `eresp` end as one of the above).
struct HaproxyStatistics: Hashable, Sendable {
  /// One line of the table.
  struct Row: Hashable, Sendable {
    let proxy: String
    let server: String
    private let values: [String: String]

    init(_ values: [String: String]) {
      proxy = values["pxname"] ?? ""
      server = values["svname"] ?? ""
      self.values = values
    }

    /// A number; an empty field is 0.
    func number(_ column: String) throws -> Int64 {
      guard let text = values[column] else {
        throw Problem(.inputOutput, "haproxy's statistics have no column \"\(column)\"")
      }
      guard let number = text.isEmpty ? 0 : Int64(text) else {
        throw Problem(.inputOutput, "\"\(text)\" in haproxy's column \"\(column)\" is no number")
      }
      return number
    }

    var status: String { values["status"] ?? "" }
    var check: String { values["check_status"] ?? "" }
  }

  let rows: [Row]

  /// Reads the table that `show stat` prints.
  init(_ text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let head = lines.first, head.hasPrefix("# ") else {
      throw Problem(.inputOutput, "haproxy's statistics have no heading")
    }
    lines.removeFirst()
    let columns = try Self.fields(head.dropFirst(2))
    rows = try lines.map { line in
      let fields = try Self.fields(line)
      guard fields.count == columns.count else {
        throw Problem(
          .inputOutput,
          "a line of haproxy's statistics has \(fields.count) fields, not \(columns.count)")
      }
      return Row(Dictionary(zip(columns, fields)) { first, _ in first })
    }
  }

  /// Fields between commas; one in double quotes may hold commas, and quotes doubled.
  private static func fields(_ line: Substring) throws -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var bytes = Array(line.utf8)[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case 0x22 where isQuoted && bytes.first == 0x22:
        field.append(0x22)
        bytes = bytes.dropFirst()
      case 0x22: isQuoted.toggle()
      case 0x2c where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
      default: field.append(byte)
      }
    }
    guard !isQuoted else {
      throw Problem(.inputOutput, "a line of haproxy's statistics ends within quotes")
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }

  private static let answers = [
    "hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other",
  ]

  /// The rows of a slot, one in each backend.
  func rows(of slot: Slot) -> [Row] { rows.filter { $0.server == slot.rawValue } }

  /// The counts of one start of haproxy.
  func count(epoch: String) throws -> RequestCount {
    var slots: [String: RequestCount.SlotCount] = [:]
    var broken: Int64 = 0
    for slot in Slot.allCases {
      var answers: Int64 = 0
      var errors: Int64 = 0
      for row in rows(of: slot) {
        answers += try Self.answers.reduce(0) { try $0 + row.number($1) }
        errors += try row.number("hrsp_5xx")
        broken += try row.number("srv_abrt")
      }
      slots[slot.rawValue] = .init(answers: answers, serverErrors: errors)
    }
    guard let front = rows.first(where: { $0.server == "FRONTEND" }) else {
      throw Problem(.inputOutput, "haproxy's statistics have no row of the front")
    }
    let errors = slots.values.reduce(0) { $0 + $1.serverErrors }
    let own = max(0, try front.number("hrsp_5xx") - errors)
    let answered = try Self.answers.reduce(0) { try $0 + front.number($1) }
    let underWay = try rows.filter { $0.server == "BACKEND" }.reduce(0) {
      try $0 + $1.number("scur")
    }
    let silent = max(0, try front.number("req_tot") - answered - underWay)
    return RequestCount(
      epoch: epoch, served: slots.values.reduce(0) { $0 + $1.answers } - broken,
      lost: own + silent + broken, serverErrors: errors, slots: slots)
  }

  /// Requests that a slot is answering now.
  func open(_ slot: Slot) throws -> Int64 {
    try rows(of: slot).reduce(0) { try $0 + $1.number("scur") }
  }

  /// Whether haproxy itself has asked a slot and found it ready.
  func isUp(_ slot: Slot) -> Bool {
    rows.contains {
      $0.proxy == "to-\(slot.rawValue)" && $0.server == slot.rawValue && $0.status == "UP"
        && $0.check.hasPrefix("L7OK")
    }
  }

  /// Whether a slot is in maintenance.
  func isClosed(_ slot: Slot) -> Bool {
    rows.contains {
      $0.proxy == "to-\(slot.rawValue)" && $0.server == slot.rawValue
        && $0.status.hasPrefix("MAINT")
    }
  }
}
