// swift-tools-version: 6.2
import PackageDescription

/// libFuzzer brings `main`.
let fuzzed: [SwiftSetting] = [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])]

/// Feeds the readers of reports and the PHI guard with libFuzzer's input; a package and a build of
/// its own.
let package = Package(
  name: "pratique-fuzz",
  dependencies: [.package(name: "pratique", path: "..")],
  targets: [
    .executableTarget(
      name: "IntakeFuzz",
      dependencies: [
        .product(name: "Intake", package: "pratique"),
        .product(name: "Model", package: "pratique"),
      ],
      swiftSettings: fuzzed),
    .executableTarget(
      name: "PHIFuzz", dependencies: [.product(name: "PHI", package: "pratique")],
      swiftSettings: fuzzed),
  ]
)
