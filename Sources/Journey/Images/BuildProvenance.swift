import Model
import Packaging
import Pipeline
import Reading

/// SLSA provenance v1 of an image, with the level that the build reaches and why.
struct BuildProvenance {
  let building: ImageBuilding
  let tool: StepReport.Tool
  let bases: [ImageBuilding.Base]
  let config: Digest
  let started: Instant
  let comparison: BuildComparison?

  private var setting: RunSetting { building.setting }

  /// The predicate.
  var predicate: JSONValue {
    var fields: JSONObject = [
      // SLSA lets a producer add fields that change the meaning of no other.
      "urn:pratique:application": .string(setting.application.name),
      "urn:pratique:run": .string(building.context.run),
      "urn:pratique:build-level": .object([
        "level": .string(BuildLevel.word),
        "reasons": .array(BuildLevel.reasons.map { .string($0) }),
      ]),
      "buildDefinition": definition, "runDetails": details,
    ]
    if let comparison {
      fields["urn:pratique:second-build"] = .object([
        "manifest": .string(comparison.manifest.description), "isSame": .bool(comparison.isSame),
        "differences": .array(comparison.differences.map { .string($0) }),
      ])
    }
    return .object(fields)
  }

  private var definition: JSONValue {
    let source: JSONValue = .object([
      "uri": .string("git+file:\(setting.application.name)"),
      "digest": .object(["gitCommit": .string(setting.commitID)]),
    ])
    return .object([
      "buildType": .string("urn:pratique:build:containerfile:v1"),
      "externalParameters": .object([
        "builder": .string(building.builder.rawValue),
        "containerfile": .string(building.containerfile), "context": .string(building.folder),
        "arguments": .array(building.arguments.map { .string($0) }),
      ]),
      "internalParameters": .object([
        "timestamp": .integer(setting.commitSeconds),
        "timesAreFixed": .bool(building.builder.fixesTimes),
        "export": .string(setting.export.description),
      ]),
      "resolvedDependencies": .array([source] + bases.map(Self.dependency)),
    ])
  }

  /// A base image by its id, which is the digest of its configuration; its manifest beside it.
  private static func dependency(_ base: ImageBuilding.Base) -> JSONValue {
    var fields: JSONObject = [
      "name": .string(base.name), "digest": .object(["sha256": .string(base.id.hex)]),
    ]
    if let manifest = base.manifest {
      fields["annotations"] = .object(["manifest": .string(manifest.description)])
    }
    return .object(fields)
  }

  private var details: JSONValue {
    .object([
      "builder": .object([
        "id": .string("urn:pratique:builder:\(building.builder.rawValue)"),
        "version": .object([tool.name: .string(tool.version)]),
      ]),
      "metadata": .object([
        "invocationId": .string(building.context.run), "startedOn": .string(started.description),
        "finishedOn": .string(building.context.time.now().description),
      ]),
      "byproducts": .array([
        .object([
          "name": .string("image configuration"),
          "digest": .object(["sha256": .string(config.hex)]),
        ])
      ]),
    ])
  }
}
