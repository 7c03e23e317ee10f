public import Model

/// What a person takes in from a vendor.
public struct AcquisitionRequest: Sendable {
  /// A file and the vendor's detached signature of it.
  public struct Document: Sendable {
    /// The file's path, or the folder's.
    public let path: String
    /// The signature's path; `nil` where there is none, which only an artifact may not do.
    public let signature: String?

    /// Names a file and its signature.
    public init(path: String, signature: String?) {
      self.path = path
      self.signature = signature
    }
  }

  /// The application that it becomes a release of.
  public var application: String
  /// Pseudonym of the vendor in the trust root.
  public var vendor: String
  /// The vendor's version.
  public var version: String
  /// What is taken in: a file, a folder, an OCI layout or an archive of one.
  public var artifact: Document
  /// What it is made of (SBOM).
  public var inventory: Document?
  /// What the vendor says of vulnerabilities in it (VEX).
  public var exploitability: Document?
  /// The report of the acceptance test, in a format that is read here, such as JUnit.
  public var acceptance: String?
  /// Why it is taken in.
  public var reason: String

  /// Takes what is taken in.
  public init(
    application: String, vendor: String, version: String, artifact: Document,
    inventory: Document? = nil, exploitability: Document? = nil, acceptance: String? = nil,
    reason: String
  ) {
    self.application = application
    self.vendor = vendor
    self.version = version
    self.artifact = artifact
    self.inventory = inventory
    self.exploitability = exploitability
    self.acceptance = acceptance
    self.reason = reason
  }

  /// Holds it to its form.
  ///
  /// - Throws: `Problem` with `badInput`.
  func check() throws {
    for (what, name) in [("an application's name", application), ("a vendor's name", vendor)]
    where !Actor.isIdentifier(name) {
      throw Problem(.badInput, "\"\(name)\" is not \(what)")
    }
    guard !version.isEmpty, version.utf8.count <= 100,
      version.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { throw Problem(.badInput, "a version has 1 to 100 visible characters of ASCII") }
    guard artifact.signature != nil else {
      throw Problem(
        .badInput, "an artifact without its vendor's signature does not come in",
        advice: "Name the signature with --signature.")
    }
  }
}

/// What was taken in.
public struct AcquiredRelease: Sendable, Encodable {
  /// The release.
  public let release: Release
  /// What was recorded of it.
  public let acquisition: Acquisition
  /// The entries, in the order in which they were recorded.
  public let entries: [RecordedEvidence]
  /// What did not come with it, and a gate may ask for: a sentence each.
  public let missing: [String]
}
