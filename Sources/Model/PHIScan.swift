/// A search for PHI: the predicate of kind `phi-scan`. It says where and what sort; never a value.
public struct PHIScanResult: Hashable, Sendable, Codable {
  /// What looked: its rules, its lists, and where its measured recall is written down.
  public struct Recognisers: Hashable, Sendable, Codable {
    /// Version of the rules.
    public let version: String
    /// Digest of the lists of names, places and words.
    public let lists: Digest
    /// When the lists were made, `YYYY-MM`.
    public let listsMade: String
    /// Where recall and false alarms are told, and on which data.
    public let measured: String

    /// Names what looked.
    public init(version: String, lists: Digest, listsMade: String, measured: String) {
      self.version = version
      self.lists = lists
      self.listsMade = listsMade
      self.measured = measured
    }
  }

  /// A finding.
  public struct Place: Hashable, Sendable, Codable {
    /// Path of the file, below what was scanned.
    public let file: String
    /// JSON pointer, HL7 path, DICOM tag or name in an archive; `nil` for plain text.
    public let place: String?
    /// Line, from 1.
    public let line: Int
    /// Column in bytes, from 1.
    public let column: Int
    /// What sort of identifier it may be.
    public let kind: String
    /// The rule that found it.
    public let rule: String
    /// How sure it is, 1 to 100.
    public let confidence: Int

    /// States where something was found.
    public init(
      file: String, place: String?, line: Int, column: Int, kind: String, rule: String,
      confidence: Int
    ) {
      self.file = file
      self.place = place
      self.line = line
      self.column = column
      self.kind = kind
      self.rule = rule
      self.confidence = confidence
    }
  }

  /// Findings of one sort that an excuse of the repository covers, or covered until it expired.
  public struct Excused: Hashable, Sendable, Codable {
    /// The excuse's path.
    public let path: String
    /// What sort of identifier; `unread` for a file that cannot be looked at.
    public let kind: String
    /// How many.
    public let count: Int
    /// Why it may stand there.
    public let reason: String
    /// Who answers for it.
    public let owner: String
    /// The last day on which it holds, `YYYY-MM-DD`.
    public let expires: String

    /// States what is excused.
    public init(
      path: String, kind: String, count: Int, reason: String, owner: String, expires: String
    ) {
      self.path = path
      self.kind = kind
      self.count = count
      self.reason = reason
      self.owner = owner
      self.expires = expires
    }
  }

  /// What could not be looked at.
  public struct Unread: Hashable, Sendable, Codable {
    /// Path of the file.
    public let file: String
    /// Why.
    public let reason: String

    /// States what could not be looked at.
    public init(file: String, reason: String) {
      self.file = file
      self.reason = reason
    }
  }

  /// So many findings and files are listed; the rest is counted.
  public static let listed = 200

  /// The application's name.
  public let application: String
  /// Id of the run.
  public let run: String
  /// When it was looked.
  public let time: Instant
  /// `source`: files of the commit; `image`: layers of the image.
  public let scope: String
  /// The paths that were looked at; one empty text for all.
  public let paths: [String]
  /// How text was taken: `auto`, `clinical` or `source`.
  public let setting: String
  /// What looked.
  public let recognisers: Recognisers
  /// Files and layers that were looked at.
  public let files: Int
  /// Their bytes.
  public let bytes: Int64
  /// Findings that nothing excuses.
  public let count: Int
  /// How many there are of each sort.
  public let totals: [StepReport.Replaced]
  /// The first of them.
  public let findings: [Place]
  /// What is excused, by whom, why and until when.
  public let excused: [Excused]
  /// Excuses that held once, and what they no longer excuse.
  public let expired: [Excused]
  /// How many files could not be looked at, those left out that an excuse covers.
  public let unreadCount: Int
  /// The first of them.
  public let unread: [Unread]

  /// States what a search came to.
  public init(
    application: String, run: String, time: Instant, scope: String, paths: [String],
    setting: String, recognisers: Recognisers, files: Int, bytes: Int64, count: Int,
    totals: [StepReport.Replaced], findings: [Place], excused: [Excused], expired: [Excused],
    unread: [Unread]
  ) {
    self.application = application
    self.run = run
    self.time = time
    self.scope = scope
    self.paths = paths
    self.setting = setting
    self.recognisers = recognisers
    self.files = files
    self.bytes = bytes
    self.count = count
    self.totals = totals
    self.findings = Array(findings.prefix(Self.listed))
    self.excused = excused
    self.expired = expired
    unreadCount = unread.count
    self.unread = Array(unread.prefix(Self.listed))
  }
}
