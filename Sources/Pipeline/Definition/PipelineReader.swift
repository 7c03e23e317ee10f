import Model
import Reading

extension PipelineDefinition {
  /// Reads and checks a pipeline file.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes.
  ///   - file: its name, for messages.
  ///   - vocabulary: the actions, formats and sections that it may use.
  /// - Throws: `Problem` with `badInput`, whose location is `file:line:column`.
  public static func read(
    _ bytes: [UInt8], file: String, vocabulary: PipelineVocabulary
  ) throws -> PipelineDefinition {
    do {
      return try PipelineReader(file: file, vocabulary: vocabulary).read(bytes)
    } catch let error as ReadingError {
      throw error.problem(in: file)
    }
  }
}

/// Reads the file as a whole, then resolves the names in it.
struct PipelineReader {
  let file: String
  let vocabulary: PipelineVocabulary

  private struct WrittenStage {
    let name: String
    let position: Position
    let needs: [NameReference]
    let steps: [WrittenStep]
  }

  func read(_ bytes: [UInt8]) throws -> PipelineDefinition {
    let root = try YAMLReader.read(bytes)
    let fields = try FieldReader(
      root, "a pipeline",
      known: ["version", "application", "phi", "services", "stages"] + vocabulary.sections)
    _ = try fields.required("version")
    _ = try fields.integer("version", in: 1...1)
    let application = try application(fields.required("application"))
    let services = try fields.mapping("services").map(ServiceReader.read)
    let written = try stages(fields)
    let graph = try GraphCheck(
      stages: written.map { ($0.name, $0.needs) },
      steps: written.flatMap { stage in stage.steps.map { (stage.name, $0) } },
      services: services)
    var sections: [String: YAMLNode] = [:]
    for name in vocabulary.sections { sections[name] = fields.node(name) }
    return PipelineDefinition(
      file: file, digest: .sha256(bytes), application: application, services: services,
      stages: written.map { stage in
        StageDefinition(
          name: stage.name, needs: stage.needs.map(\.name),
          steps: stage.steps.map { graph.resolved($0.definition) })
      },
      sections: sections, log: try logRule(fields.node("phi")))
  }

  private func logRule(_ node: YAMLNode?) throws -> PipelineDefinition.LogRule {
    guard let node else { return .mask }
    let fields = try FieldReader(node, "the handling of PHI", known: ["log"])
    let words = PipelineDefinition.LogRule.allCases.map(\.rawValue)
    return try fields.choice("log", of: words).flatMap(PipelineDefinition.LogRule.init) ?? .mask
  }

  private func application(_ node: YAMLNode) throws -> Application {
    let fields = try FieldReader(node, "an application", known: ["name", "handles-phi"])
    let name = try fields.requiredString("name")
    guard Actor.isIdentifier(name) else {
      throw ReadingError(
        "\"\(name)\" cannot name an application: expected 1 to 64 of a-z, 0-9, \".\", \"_\" and "
          + "\"-\", the first a letter or digit", at: try fields.required("name").position)
    }
    return Application(name: name, handlesPHI: try fields.bool("handles-phi") ?? true)
  }

  private func stages(_ fields: FieldReader) throws -> [WrittenStage] {
    let entries = try fields.mapping("stages")
    guard !entries.isEmpty else {
      throw ReadingError(
        "a pipeline needs at least one stage under \"stages\"",
        at: fields.node("stages")?.position ?? fields.node.position)
    }
    let reader = StepReader(vocabulary: vocabulary)
    var before: String?
    return try entries.map { entry in
      let name = try Fields.identifier(entry, "a stage")
      let fields = try FieldReader(entry.value, "a stage", known: ["needs", "steps"])
      let steps = try fields.mapping("steps")
      guard !steps.isEmpty else {
        throw ReadingError("the stage \"\(name)\" needs at least one step", at: entry.position)
      }
      // Without a word a stage waits for the one before: a forgotten line must not let a
      // deployment run beside the tests.
      let given = try Fields.texts(fields, "needs").map {
        NameReference(name: $0.text, position: $0.at)
      }
      let needs =
        fields.node("needs") == nil
        ? before.map { [NameReference(name: $0, position: entry.position)] } ?? [] : given
      before = name
      return WrittenStage(
        name: name, position: entry.position, needs: needs,
        steps: try steps.map { try reader.read($0, stage: name) })
    }
  }
}
