import ArgumentParser

/// The tamper-evident ledger.
struct LedgerGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Make, check, show and export the ledger; erase, expire, hold.",
    subcommands: [
      LedgerInit.self,
      LedgerVerify.self,
      LedgerShow.self,
      LedgerExport.self,
      LedgerProve.self,
      LedgerBundle.self,
      LedgerReorganise.self,
      LedgerErase.self,
      LedgerExpire.self,
      HoldGroup.self,
      LedgerRotateKey.self,
      LedgerRecoverKey.self,
      LedgerMigrate.self,
      LedgerCosign.self,
      LedgerIndex.self,
      LedgerMirror.self,
      LedgerRestore.self,
      LedgerTimestamp.self,
      SpoolGroup.self,
    ])
}
