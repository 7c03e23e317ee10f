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
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

/// With `PRATIQUE_ROOMS=core` the rooms that need HTTP and TLS are left out, and so is everything
/// that stands on them: the core builds and is tested without a second copy of BoringSSL
/// (`docs/decisions/0025-rooms-with-http.md`). `make test-fast` sets it.
let isCoreOnly = Context.environment["PRATIQUE_ROOMS"] == "core"

/// The guard against PHI reads every byte of an image, which takes minutes without optimisation:
/// with `PRATIQUE_PHI=optimised` its room is optimised in debug builds too. `make` sets it; who takes
/// the library alone gets no unsafe flags (`docs/decisions/0099-optimised-guard.md`).
let isGuardOptimised = Context.environment["PRATIQUE_PHI"] == "optimised"
let optimised: [SwiftSetting] =
  isGuardOptimised
  ? [
    .unsafeFlags(
      ["-O", "-whole-module-optimization", "-num-threads", "2"], .when(configuration: .debug))
  ] : []

/// A room: a library target with the strict settings.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], linker: [LinkerSetting] = [],
  settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: strict + settings,
    linkerSettings: linker)
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
    .library(name: "Attestation", targets: ["Attestation"]),
    .library(name: "Blobs", targets: ["Blobs"]),
    .library(name: "CEL", targets: ["CEL"]),
    .library(name: "Compliance", targets: ["Compliance"]),
    .library(name: "Expressions", targets: ["Expressions"]),
    .library(name: "Intake", targets: ["Intake"]),
    .library(name: "Advisories", targets: ["Advisories"]),
    .library(name: "Ledger", targets: ["Ledger"]),
    .library(name: "LedgerPostgreSQL", targets: ["LedgerPostgreSQL"]),
    .library(name: "LedgerSQLite", targets: ["LedgerSQLite"]),
    .library(name: "Model", targets: ["Model"]),
    .library(name: "PHI", targets: ["PHI"]),
    .library(name: "Reading", targets: ["Reading"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    room("Model", [crypto]),
    room("Reading", [yams]),
    room("Attestation", ["Model", "Reading", crypto, cryptoExtras]),
    .target(name: "CPKCS11"),
    room("Tokens", ["Model", "Attestation", "CPKCS11"]),
    room("Ledger", ["Model", "Attestation", crypto]),
    room("Timestamps", ["Model", asn1, x509, crypto]),
    room("Imports", ["Model", "Reading", "Attestation", "Ledger", asn1, x509]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    room("Blobs", ["Model", "CZlib"]),
    room("LedgerSQLite", ["Model", "Ledger", "Attestation", grdb, sqlite]),
    room("Compliance", ["Model", "Reading", "Attestation", "CEL"]),
    // It imports nothing that would link the C library's mathematics for it.
    room("CEL", [], linker: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("Expressions", ["Model", "Reading", "CEL"]),
    room("Intake", ["Model", "Reading"]),
    room("Advisories", ["Model", "Reading", "Blobs"]),
    room("PHI", ["Reading", "CZlib", crypto], settings: optimised),
    room("Packaging", ["Model", "Reading", "Attestation"]),
    room("Source", ["Model", "Attestation", crypto]),
    room("Processes", ["Model", subprocess]),
    room("Delivery", ["Model", "Reading", "Blobs"]),
    room("Scanners", ["Model"]),
    room("Pipeline", ["Model", "Reading", "Processes"]),
    room("Dossier", ["Model"]),
    // Declarations only; the library is loaded at run time.
    .systemLibrary(name: "CLibPQ", providers: [.apt(["libpq-dev"])]),
    room("LedgerPostgreSQL", ["Model", "Ledger", "Attestation", "CLibPQ"]),
    room(
      "Journey",
      [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "LedgerPostgreSQL", "Blobs",
        "Compliance",
        "Intake", "Processes", "Pipeline", "Source", "Delivery",
        "Dossier", "Tokens", "Timestamps", "Advisories", "Packaging", "Imports", "Scanners",
        "PHI",
      ]),

    // A program that tests start and kill.
    .executableTarget(
      name: "LedgerAppender",
      dependencies: ["Model", "Attestation", "Ledger", "LedgerSQLite", "Blobs"],
      path: "Tests/LedgerAppender", swiftSettings: strict),
    .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: strict),
    tests("Model"),
    tests("Blobs", ["Model", "TestKit"]),
    tests("Reading", ["TestKit"]),
    tests("CEL"),
    tests("Expressions", ["CEL", "Model", "Reading"]),
    tests("Intake", ["Model", "Reading", "TestKit"]),
    tests("Advisories", ["Model", "Reading", "Blobs", "TestKit"]),
    tests("PHI", ["Reading", "TestKit"]),
    tests("Packaging", ["Model", "Reading", "Attestation", "TestKit"]),
    tests("Attestation", ["Model", "Reading", "TestKit", crypto]),
    tests("Tokens", ["Model", "Attestation", "TestKit"]),
    tests("Ledger", ["Model", "Attestation", "Reading", "TestKit", crypto]),
    tests("Timestamps", ["Model", "TestKit"]),
    tests(
      "Imports", ["Model", "Reading", "Timestamps", "TestKit"],
      exclude: ["make-attestations.py", "ask-sigstore.py"]),
    tests(
      "LedgerSQLite",
      [
        "Model", "Reading", "Ledger", "Attestation", "Blobs", "TestKit", grdb, "LedgerExample",
        "LedgerAppender",
      ]),
    // What people who use the ledger as a library read first; a test of LedgerSQLite runs it.
    .executableTarget(
      name: "LedgerExample",
      dependencies: ["Model", "Attestation", "Ledger", "LedgerSQLite", "Blobs"],
      path: "examples/ledger-library/Sources/LedgerExample", swiftSettings: strict),
    tests("Compliance", ["Model", "Reading", "Attestation", "TestKit"]),
    tests("Dossier", ["Model", "TestKit"]),
    tests(
      "LedgerPostgreSQL",
      [
        "Model", "Reading", "Ledger", "LedgerSQLite", "Attestation", "Blobs", "TestKit",
        "PostgreSQLAppender",
      ]),
    // What the tests start and kill.
    .executableTarget(
      name: "PostgreSQLAppender",
      dependencies: ["Model", "Reading", "Ledger", "LedgerPostgreSQL", "Attestation", "Blobs"],
      path: "Tests/PostgreSQLAppender", swiftSettings: strict),
    tests("Source", ["Model", "Attestation", "Processes", "TestKit"]),
    tests("Processes", ["Model"]),
    tests("Pipeline", ["Model", "Reading", "Processes"]),
    tests("Scanners", ["Model", "TestKit"]),
    tests("Delivery", ["Model", "Reading", "Processes"], exclude: ["Fixtures"]),
    tests(
      "Journey",
      [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "Blobs", "Compliance",
        "Pipeline", "Timestamps", "TestKit", "Packaging", "Scanners", "Processes",
        "Delivery",
      ]),
  ]
)

if !isCoreOnly {
  package.products.append(.executable(name: "pratique", targets: ["pratique"]))
  package.dependencies += [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // Without its traits: their flags come in another order each time, which builds it anew.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
  ]
  package.targets += [
    room(
      "Server",
      [
        "Model", "Reading", "Attestation", "Ledger", "Blobs",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
    room(
      "Commands",
      [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "Blobs", "Journey",
        "Pipeline", "Delivery", "Server", "Timestamps", "Expressions", "PHI", "Compliance",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "pratique", dependencies: ["Commands"], swiftSettings: strict),

    tests(
      "Server",
      [
        "Model", "Attestation", "Ledger", "Reading", "TestKit", "pratique",
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Model", "Reading", "Attestation", "Ledger", "LedgerSQLite", "Blobs", "Journey", "Commands",
        "TestKit",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "InteropTests",
      dependencies: [
        "Model", "Processes", "Ledger", "TestKit", "pratique", "Expressions", "CEL", "Reading",
      ],
      exclude: ["compare-trees.py"], swiftSettings: strict),
  ]
}
