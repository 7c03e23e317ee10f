import Compliance
import Intake
public import Model

/// A word on a vulnerability that a person asks to sign.
public struct VEXWish: Sendable {
  /// The word's name; `nil` for one that is made from the vulnerability and the time.
  public var name: String?
  /// The vulnerability's id.
  public var vulnerability: String
  /// Packages, by package URL, or name and version; of a document's own products where it is empty.
  public var packages: [String]
  /// Why they are not affected, by the standards' labels; from the document where it is `nil`.
  public var justification: String?
  /// A document that somebody else wrote, to take its word over.
  public var document: String?
  /// The application's name.
  public var application: String
  /// The environment by whose rules it is asked whether the person may.
  public var environment: String
  /// The one release that it is for; `nil` for every release.
  public var release: Release?
  /// Why it is believed.
  public var reason: String
  /// For how many days.
  public var days: Int

  /// Asks for a word.
  public init(
    name: String? = nil, vulnerability: String, packages: [String], justification: String? = nil,
    document: String? = nil, application: String, environment: String, release: Release? = nil,
    reason: String, days: Int
  ) {
    self.name = name
    self.vulnerability = vulnerability
    self.packages = packages
    self.justification = justification
    self.document = document
    self.application = application
    self.environment = environment
    self.release = release
    self.reason = reason
    self.days = days
  }
}

extension LedgerHome {
  /// Signs and records a word on a vulnerability.
  ///
  /// - Throws: `Problem` with `notTrusted` for whoever may not, `notFound` for a vulnerability that
  ///   the document does not name, `badInput`; then nothing was recorded.
  public func state(
    _ wish: VEXWish, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<VEXWord> {
    _ = try ReasonText.check(wish.reason)
    let asking = try await ExceptionAsking(
      self, application: wish.application, environment: wish.environment)
    let permission = try asking.permission(
      \.vex, "says of a vulnerability that it needs no mending")
    try asking.check(wish.days, at: permission.maximumDays, "days")
    let (statement, document) = try await statement(wish)
    let ids = [statement.vulnerability] + (statement.aliases ?? [])
    if let id = ids.first(where: permission.isForbidden) {
      throw Problem(.notTrusted, "by the policy nobody may excuse \(id)")
    }
    let act = PersonalAct(
      kind: .vex, application: wish.application, environment: wish.environment,
      subjects: [.application(wish.application)])
    return try await recordWord(act, by: asking.preferring(permission.roles, acting), time: time) {
      person, _, now in
      try asking.check(person, among: permission.roles, "excuse a vulnerability")
      let name =
        wish.name ?? "\(wish.vulnerability.lowercased().suffix(40)).\(now.milliseconds / 1000)"
      guard Actor.isIdentifier(name) else {
        throw Problem(.badInput, "\"\(name)\" is no name: use a-z, 0-9, '.', '_' and '-'")
      }
      return VEXWord(
        stating: name, application: wish.application, release: wish.release?.digests,
        statement: statement, document: document, reason: wish.reason,
        expires: now.advanced(byMilliseconds: Int64(wish.days) * 86_400_000),
        person: person.person, role: person.role, time: now)
    }
  }

  /// The person's own statement, or the document's.
  private func statement(_ wish: VEXWish) async throws -> (VEXStatement, Digest?) {
    guard let path = wish.document else {
      guard !wish.packages.isEmpty, let justification = wish.justification else {
        throw Problem(
          .badInput, "a word of one's own needs packages and a justification",
          advice: "Give --package and --justification, or take over a document with --document.")
      }
      return (
        VEXStatement(
          vulnerability: wish.vulnerability, products: wish.packages, status: .notAffected,
          justification: justification), nil
      )
    }
    let bytes = try InputFile.read(path)
    var options = CollectingOptions()
    options.format = nil
    let report = try ReportCollecting.read(path, options).report
    var said: [VEXStatement] = []
    for case .exploitability(let statements) in report.contents { said += statements }
    let fitting = said.filter { one in
      ([one.vulnerability] + (one.aliases ?? [])).contains {
        $0.utf8.elementsEqual(wish.vulnerability.utf8)
      }
    }
    guard let one = fitting.last else {
      throw Problem(.notFound, "the document says nothing of \(wish.vulnerability)", at: path)
    }
    guard fitting.count == 1 || fitting.allSatisfy({ $0.status == one.status }) else {
      throw Problem(
        .badInput, "the document says several things of \(wish.vulnerability)", at: path)
    }
    guard one.status == .notAffected || one.status == .fixed else {
      throw Problem(
        .badInput,
        "the document says \"\(one.status.rawValue)\" of \(wish.vulnerability), which"
          + " excuses nothing", at: path)
    }
    let products = wish.packages.isEmpty ? fitting.flatMap(\.products) : wish.packages
    return (
      VEXStatement(
        vulnerability: one.vulnerability, aliases: one.aliases, products: products,
        status: one.status, justification: wish.justification ?? one.justification,
        statement: one.statement, author: one.author, timestamp: one.timestamp),
      try await keep(report: bytes, at: path)
    )
  }

  /// Takes back what was stated under a name.
  ///
  /// - Throws: `Problem` with `notFound` when nothing of that name is in force.
  public func withdrawVEX(
    _ name: String, application: String, environment: String, reason: String,
    by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<VEXWord> {
    _ = try ReasonText.check(reason)
    let latest = try await vexWords(of: application).map(\.value).last {
      $0.word.utf8.elementsEqual(name.utf8)
    }
    guard let latest, latest.action == .stated else {
      throw Problem(
        .notFound, "no word \"\(name)\" of \(application) is in force",
        advice: "See those that are with: pratique vex list --application \(application)")
    }
    let act = PersonalAct(
      kind: .vex, application: application, environment: environment, subjects: latest.subjects)
    return try await recordWord(act, by: acting, time: time) { person, _, now in
      VEXWord(
        withdrawing: latest, reason: reason, person: person.person, role: person.role, time: now)
    }
  }

  /// Every word on vulnerabilities of an application, in the ledger's order.
  public func vexWords(of application: String) async throws -> [RecordedWord<VEXWord>] {
    try await words(.vex, of: application)
  }
}
