// swift-tools-version: 6.2
import PackageDescription

/// One way through the house: a target may depend only on the rooms that
/// `docs/architecture.md` draws an arrow to.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A room: a library target with the strict settings.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], linker: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: linker)
}

/// The tests of a room.
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "pratique",
  products: [
    .executable(name: "pratique", targets: ["pratique"]),
    .library(name: "Attestation", targets: ["Attestation"]),
    .library(name: "Blobs", targets: ["Blobs"]),
    .library(name: "CEL", targets: ["CEL"]),
    .library(name: "Ledger", targets: ["Ledger"]),
    .library(name: "LedgerSQLite", targets: ["LedgerSQLite"]),
    .library(name: "Model", targets: ["Model"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    room("Model", [crypto]),
    room("Reading", [yams]),
    room("Attestation", ["Model", "Reading", crypto]),
    room("Ledger", ["Model", "Attestation", crypto]),
    room("Blobs", ["Model"]),
    room("LedgerSQLite", ["Model", "Ledger", "Attestation", grdb]),
    room("Compliance", ["Model", "Reading", "Attestation"]),
    // It imports nothing that would link the C library's mathematics for it.
    room("CEL", [], linker: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Intake", ["Model", "Reading"]),
    room("Source", ["Model", crypto]),
    room("Processes", ["Model", subprocess]),
    room("Delivery", ["Model", "Reading", "Blobs"]),
    room("Pipeline", ["Model", "Reading", "Processes"]),
    room("Dossier", ["Model"]),
    room(
      "Journey",
      [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "Blobs", "Compliance",
        "Intake", "Processes", "Pipeline", "Source", "Delivery",
        "Dossier",
      ]),

    room(
      "Commands",
      [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "Blobs", "Journey",
        "Pipeline", "Delivery",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "pratique", dependencies: ["Commands"], swiftSettings: strict),

    .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: strict),
    tests("Model"),
    tests("Reading", ["TestKit"]),
    tests("CEL"),
    tests("Intake", ["Model", "Reading", "TestKit"]),
    tests("Attestation", ["Model", "Reading", "TestKit"]),
    tests("Ledger", ["Model", "Attestation", "Reading", "TestKit"]),
    tests("LedgerSQLite", ["Model", "Reading", "Ledger", "Attestation", "Blobs", "TestKit", grdb]),
    tests("Compliance", ["Model", "Reading", "Attestation", "TestKit"]),
    tests("Dossier", ["Model", "TestKit"]),
    tests("Source", ["Model", "Attestation", "Processes", "TestKit"]),
    tests("Processes", ["Model"]),
    tests("Pipeline", ["Model", "Reading", "Processes"]),
    tests("Delivery", ["Model", "Reading", "Processes"], exclude: ["Fixtures"]),
    tests("Journey", ["Model"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Model", "Reading", "Ledger", "LedgerSQLite", "Journey", "Commands", "TestKit",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "InteropTests", dependencies: ["Model", "Processes", "TestKit", "pratique"],
      swiftSettings: strict),
  ]
)
