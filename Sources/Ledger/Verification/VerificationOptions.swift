/// How a ledger is verified.
public struct VerificationOptions: Sendable {
  /// How much is checked.
  public var scope: VerificationScope
  /// Where an earlier verification stood, to go on from there.
  public var resuming: VerificationState?
  /// Is shown where the verification stands, after each page.
  public var keep: @Sendable (VerificationState) -> Void
  /// Is asked which of these entries may have their payloads although an erasure names them: in a
  /// copy that got them before they were erased, a legal hold that came later keeps them.
  public var mayKeep: @Sendable (_ erased: [Range<Int64>]) async throws -> Set<Int64> = { _ in [] }

  /// States how.
  public init(
    scope: VerificationScope = .full, resuming: VerificationState? = nil,
    keep: @escaping @Sendable (VerificationState) -> Void = { _ in }
  ) {
    self.scope = scope
    self.resuming = resuming
    self.keep = keep
  }

  /// Everything that the ledger itself can show.
  public static let full = VerificationOptions()
  /// Hashes, without signatures.
  public static let hashes = VerificationOptions(scope: .hashes)
}

extension LedgerStore {
  /// Checks the whole ledger as it is now, with flat memory.
  ///
  /// - Parameter progress: is told the entries checked so far, and how many there are.
  /// - Throws: `Problem` when the store cannot be read at all, or does not begin with what an earlier
  ///   verification checked; `CancellationError`. What is wrong with what was read is in the report.
  public func verify(
    _ options: VerificationOptions = .full,
    progress: @Sendable (_ checked: Int64, _ all: Int64) -> Void = { _, _ in }
  ) async throws -> LedgerReport {
    try await LedgerVerifier(store: self, options: options).run(progress: progress)
  }
}
