import ArgumentParser

/// The tamper-evident ledger.
struct LedgerGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Make, check, show and export the ledger; erase, expire, hold.",
    subcommands: [
      LedgerInit.self, LedgerVerify.self, LedgerShow.self, LedgerExport.self, LedgerProve.self,
      LedgerIndex.self,
      LedgerRotateKey.self, LedgerRecoverKey.self,
      LedgerErase.self, LedgerExpire.self, HoldGroup.self,
      LedgerMigrate.self,
    ])
}
