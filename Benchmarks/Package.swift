// swift-tools-version: 6.2
import PackageDescription

/// As the program itself is compiled.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Measures the program beside named peers; a package of its own, so that nothing here reaches it.
let package = Package(
  name: "pratique-benchmarks",
  dependencies: [
    .package(name: "pratique", path: ".."),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: [
    .executableTarget(
      name: "LedgerBench",
      dependencies: [
        .product(name: "Attestation", package: "pratique"),
        .product(name: "Blobs", package: "pratique"),
        .product(name: "Ledger", package: "pratique"),
        .product(name: "LedgerSQLite", package: "pratique"),
        .product(name: "Model", package: "pratique"),
        // Built in the same go, with the same settings.
        .product(name: "pratique", package: "pratique"),
        .product(name: "Reading", package: "pratique"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "PostgreSQLBench",
      dependencies: [
        .product(name: "Attestation", package: "pratique"),
        .product(name: "Blobs", package: "pratique"),
        .product(name: "Ledger", package: "pratique"),
        .product(name: "LedgerPostgreSQL", package: "pratique"),
        .product(name: "Model", package: "pratique"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "GateBench",
      dependencies: [
        .product(name: "Attestation", package: "pratique"),
        .product(name: "CEL", package: "pratique"),
        .product(name: "Compliance", package: "pratique"),
        .product(name: "Expressions", package: "pratique"),
        .product(name: "Model", package: "pratique"),
        .product(name: "Reading", package: "pratique"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "IntakeBench",
      dependencies: [
        .product(name: "Intake", package: "pratique"),
        .product(name: "Model", package: "pratique"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "PHIBench", dependencies: [.product(name: "PHI", package: "pratique")],
      swiftSettings: strict),
  ]
)
