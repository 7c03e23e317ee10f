public import Ledger
public import Model

/// A checkpoint that somebody outside of the ledger's folder showed.
public struct ShownCheckpoint: Sendable {
  /// Who showed it: a witness, a file, a mirror.
  public let name: String
  /// The signed note; `nil` when they hold none of this ledger.
  public let note: String?

  /// States what somebody showed.
  public init(name: String, note: String?) {
    self.name = name
    self.note = note
  }
}

/// Whom a restoration asks for the highest checkpoint that a ledger ever showed.
public struct RestoreSources: Sendable {
  /// What people kept.
  public var shown: [ShownCheckpoint] = []
  /// Folders with mirrors, or other copies, of the ledger.
  public var mirrors: [String] = []
  /// The copy that the ledger was made of: it can bring entries back, and is nobody else.
  public var copy: String?
  /// How witnesses are asked.
  public var exchange: HTTPExchange?
  /// Who is asked; otherwise the witnesses that the ledger's folder names.
  public var witnesses: TrustPolicy?
  /// After so long a witness that has not answered counts as absent.
  public var witnessMilliseconds: Int64 = 10_000
  /// How many of the witnesses must answer; `nil` for all of them, which is the safe choice: any of
  /// them may be the one that saw the most.
  public var neededWitnesses: Int?
  /// Whether the copy's own word is enough when there is nobody else to ask.
  public var isAlone = false

  /// Nobody yet.
  public init() {}
}

/// How far a restoration came.
public struct RestoreReport: Sendable, Encodable {
  /// Entries that the ledger has now.
  public let size: Int64
  /// Entries that were brought back from mirrors now.
  public let refilled: Int64
  /// Entries that the highest checkpoint known covers.
  public let highest: Int64
  /// Who was asked, and what they answered.
  public let asked: [String]
  /// What each witness answered now.
  public let witnesses: [WitnessAnswer]
  /// Who has not answered that must; `nil` when enough did.
  public let lacking: String?
  /// Whether everything is there that the ledger ever showed to those asked, and it is open for
  /// appending again.
  public let isComplete: Bool

  /// What stands against opening the ledger; `nil` when it is open.
  public func problem(_ path: String) -> Problem? {
    guard !isComplete else { return nil }
    guard size >= highest else {
      return Problem(
        .ledgerDamaged,
        "entries \(size) to \(highest - 1) are missing; the ledger stays open for reading only",
        at: path,
        advice: "Name a mirror that has them with --mirror. If they are lost for good:"
          + " pratique ledger restore --open-epoch --reason TEXT --key FILE")
    }
    return Problem(
      .busy, "\(lacking ?? "nobody answered"); the ledger stays open for reading only", at: path,
      advice:
        "Ask again when they can be reached, or say with --need how many must answer: what only"
        + " the others have seen is then forked.")
  }
}
