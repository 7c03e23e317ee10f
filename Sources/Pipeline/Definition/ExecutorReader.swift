import Reading

/// Reads `executor`.
enum ExecutorReader {
  static func read(_ fields: FieldReader) throws -> ExecutorDefinition {
    guard let node = fields.node("executor") else { return .process(user: nil) }
    if case .scalar(let text, _) = node.content {
      if text == "container" {
        throw ReadingError(
          "a container needs its image: {container: {image: …}}", at: node.position)
      }
      _ = try fields.choice("executor", of: ["process"])
      return .process(user: nil)
    }
    let inner = try FieldReader(node, "an executor", known: ["process", "container"])
    switch (inner.node("process"), inner.node("container")) {
    case (let process?, nil):
      let fields = try FieldReader(process, "a process", known: ["user"])
      return .process(user: try fields.requiredString("user"))
    case (nil, let container?):
      let fields = try FieldReader(container, "a container", known: ["image", "network"])
      let network = try fields.choice(
        "network", of: ExecutorDefinition.Network.allCases.map(\.rawValue))
      let image = try fields.requiredString("image")
      // Beginning with "-" it would be read by podman as an option.
      guard image.utf8.first != 0x2d, !image.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f })
      else {
        throw ReadingError(
          "\"\(image)\" cannot name an image", at: try fields.required("image").position)
      }
      return .container(
        image: image, network: network.flatMap(ExecutorDefinition.Network.init) ?? .none)
    default:
      throw ReadingError(
        "an executor is either \"process\" or \"container\"", at: node.position)
    }
  }
}
