// swift-tools-version: 6.2
import PackageDescription

/// Feeds the readers of reports with libFuzzer's input; a package and a build of its own.
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
      swiftSettings: [
        .swiftLanguageMode(.v6),
        // libFuzzer brings `main`.
        .unsafeFlags(["-parse-as-library"]),
      ])
  ]
)
