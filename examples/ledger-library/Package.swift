// swift-tools-version: 6.2
import PackageDescription

// In a package of your own, name the repository's address and an exact version instead of the path.
let package = Package(
  name: "ledger-library",
  dependencies: [.package(name: "pratique", path: "../..")],
  targets: [
    .executableTarget(
      name: "LedgerExample",
      dependencies: ["Attestation", "Blobs", "Ledger", "LedgerSQLite", "Model"].map {
        .product(name: $0, package: "pratique")
      })
  ]
)
