public import Model

extension Catalog {
  /// Of what evidence must speak to answer a check.
  public enum SubjectKind: String, Sendable, Codable, CaseIterable {
    /// Of the image; or, made before there was an image, of the commit and nothing else.
    case release
    /// Of the commit.
    case commit
    /// Of the image.
    case image
    /// Of the organisation as a whole.
    case organisation
    /// Of the application as a whole, or of the whole organisation.
    case application

    /// What evidence of a kind speaks of where a catalog does not say it.
    static func usual(for kind: EvidenceKind) -> SubjectKind {
      switch kind {
      case .trustRoot: .organisation
      case .sourceCheck: .commit
      case .vulnerabilityScan, .inventory, .provenance, .rollout: .image
      default: EvidenceKind.standing.contains(kind) ? .application : .release
      }
    }

    /// Whether evidence of a kind can speak of it.
    func isPossible(for kind: EvidenceKind) -> Bool {
      switch self {
      case .organisation: kind == .trustRoot || EvidenceKind.standing.contains(kind)
      case .application: kind != .trustRoot && EvidenceKind.standing.contains(kind)
      case .release, .commit, .image: !EvidenceKind.standing.contains(kind)
      }
    }
  }

  /// Something that is asked of evidence, as an expression of CEL that must be true.
  public struct Condition: Hashable, Sendable, Codable {
    /// What the control is when it is false.
    public enum Otherwise: String, Sendable, Codable, CaseIterable {
      case notMet = "not-met"
      case stale
    }

    /// The expression.
    public let that: String
    /// What to say when it is false, with expressions in braces; `nil` for the expression itself.
    public let unmet: String?
    /// What the control then is.
    public let otherwise: Otherwise
  }

  /// The greatest age of evidence.
  public enum Age: Hashable, Sendable {
    case days(Int)
    /// A parameter's number of days.
    case parameter(String)
  }

  /// One question to the evidence.
  public struct Check: Hashable, Sendable, Codable {
    /// The id, unique within its control.
    public let id: String
    /// The kinds of evidence that answer.
    public let kinds: [EvidenceKind]
    /// What that evidence must speak of.
    public let subject: SubjectKind
    /// Greatest age of the evidence; `nil` means any age.
    public let maximumAge: Age?
    /// Which pieces it speaks of, in CEL; `nil` for all.
    public let about: String?
    /// Of which pieces a later one replaces an earlier one, in CEL; `nil` for all.
    public let series: String?
    /// Pieces that say nothing where their series has another, in CEL.
    public let silent: String?
    /// What is asked of each piece that decides.
    public let each: [Condition]
    /// What is asked of all pieces that decide, together.
    public let together: [Condition]
    /// What to say of a piece that meets it.
    public let met: String?
    /// What to say of all pieces, where they meet it.
    public let togetherMet: String?
    /// What to do when it is not met.
    public let fix: String
    /// The role that does it; `nil` for the control's owner.
    public let owner: Role?

    /// The ages that a check may ask, in days.
    static let ages = 1...36_500

    /// Whether a person answers it.
    public var asksPerson: Bool { kinds.contains(.personStatement) }

    /// Whether it asks about the release itself, and not about the application or the organisation as
    /// a whole.
    var speaksOfRelease: Bool {
      switch subject {
      case .release, .commit, .image: true
      case .organisation, .application: false
      }
    }

    /// The kinds in words.
    var kindWords: String { kinds.map { "\"\($0.rawValue)\"" }.joined(separator: " or ") }
  }
}

extension Catalog.Age: Codable {
  /// Reads a number of days or a parameter's name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let days = try? container.decode(Int.self) {
      self = .days(days)
    } else {
      self = .parameter(try container.decode(String.self))
    }
  }

  /// Writes a number of days or a parameter's name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .days(let days): try container.encode(days)
    case .parameter(let name): try container.encode(name)
    }
  }
}
