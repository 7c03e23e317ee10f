import Reading

extension PodBuilder {
  /// The one container, with the release's image and the slot's port.
  mutating func container(
    _ node: YAMLNode, _ podSecurity: FieldReader?, _ volumes: [String: String]
  ) throws -> JSONValue {
    let fields = try walker.fields(node, FieldTables.container)
    var container: JSONObject = [
      "name": .string(try fields.requiredString("name")), "image": .string(settings.image),
      "imagePullPolicy": .string("Never"),
    ]
    for key in ["command", "args"] where fields.node(key) != nil {
      let words = try fields.list(key)
      container[key] = .array(try words.map { .string(try Self.literal($0)) })
    }
    container["workingDir"] = try fields.string("workingDir").map(JSONValue.string)
    container["ports"] = .array([
      .object([
        "containerPort": .integer(Int64(try applicationPort(fields))),
        "hostIP": .string("127.0.0.1"), "hostPort": .integer(Int64(settings.hostPort)),
        "protocol": .string("TCP"),
      ])
    ])
    let variables = try variables(fields)
    if !variables.isEmpty {
      container["env"] = .array(
        variables.sorted { $0.key < $1.key }.map {
          .object(["name": .string($0.key), "value": .string($0.value)])
        })
    }
    container["resources"] = try resources(fields)
    container["securityContext"] = try security(fields, podSecurity)
    let mounts = try mounts(fields, volumes)
    if !mounts.isEmpty { container["volumeMounts"] = .array(mounts) }
    try noteOtherProbe(fields)
    return .object(container)
  }

  /// A text in which podman would have to put variables, and does not.
  static func literal(_ node: YAMLNode) throws -> String {
    let text = try FieldReader.string(node)
    guard !text.contains("$(") else {
      throw ReadingError(
        "podman does not put variables in for \"$(...)\"; write the text out", at: node.position)
    }
    return text
  }

  /// The container's port that services lead to, or its only one.
  private mutating func applicationPort(_ container: FieldReader) throws -> Int {
    var ports: [(name: String?, number: Int, position: Position)] = []
    for node in try container.list("ports") {
      let fields = try walker.fields(node, FieldTables.port)
      _ = try fields.required("containerPort")
      ports.append(
        (
          try fields.string("name"), try fields.integer("containerPort", in: 1...65_535) ?? 0,
          node.position
        ))
    }
    switch manifests.servicePort {
    case .string(let name):
      if let port = ports.first(where: { $0.name == name }) { return port.number }
    case .integer(let number):
      if ports.isEmpty { return Int(number) }
      if let port = ports.first(where: { $0.number == Int(number) }) { return port.number }
    default:
      if ports.count == 1 { return ports[0].number }
    }
    throw ReadingError(
      "no port of the container is the one that the Service leads to",
      at: container.node("ports")?.position ?? container.node.position)
  }

  private mutating func resources(_ container: FieldReader) throws -> JSONValue? {
    guard let node = container.node("resources") else { return nil }
    let fields = try walker.fields(node, FieldTables.resources)
    var resources = JSONObject()
    for (key, table) in [("limits", FieldTables.limits), ("requests", FieldTables.requests)] {
      guard let part = fields.node(key) else { continue }
      let passed = Self.passed(try walker.fields(part, table), table)
      if passed.object?.members.isEmpty == false { resources[key] = passed }
    }
    return resources.members.isEmpty ? nil : .object(resources)
  }

  private mutating func mounts(
    _ container: FieldReader, _ volumes: [String: String]
  ) throws -> [JSONValue] {
    try container.list("volumeMounts").map { node in
      let fields = try walker.fields(node, FieldTables.mount)
      let name = try fields.requiredString("name")
      guard let own = volumes[name] else {
        throw ReadingError(
          "the volume \"\(name)\" is not among the pod's volumes",
          at: try fields.required("name").position)
      }
      let path = try fields.requiredString("mountPath")
      guard path.utf8.first == 0x2f, !path.contains(":") else {
        throw ReadingError(
          "\"mountPath\" must begin with / and have no colon",
          at: try fields.required("mountPath").position)
      }
      var mount: JSONObject = ["name": .string(own), "mountPath": .string(path)]
      if try fields.bool("readOnly") == true { mount["readOnly"] = .bool(true) }
      return .object(mount)
    }
  }

  /// What Kubernetes calls restricted, asked for in words: podman checks none of it.
  private mutating func security(
    _ container: FieldReader, _ pod: FieldReader?
  ) throws -> JSONValue {
    let at = container.node("securityContext")?.position ?? container.node.position
    guard let node = container.node("securityContext") else {
      throw ReadingError("the container needs a \"securityContext\"", at: at)
    }
    let fields = try walker.fields(node, FieldTables.containerSecurity)
    try Self.refuseOtherSeccomp(fields)
    guard try fields.bool("runAsNonRoot") ?? pod?.bool("runAsNonRoot") == true else {
      throw ReadingError("the release must say \"runAsNonRoot: true\"", at: at)
    }
    let users = 1...Int(UInt32.max - 1)
    guard
      try fields.integer("runAsUser", in: users) ?? pod?.integer("runAsUser", in: users) != nil
    else {
      throw ReadingError(
        "the release must say \"runAsUser\" with a number above 0: podman does not check "
          + "\"runAsNonRoot\" and would run the image's user, root even", at: at)
    }
    guard try fields.bool("allowPrivilegeEscalation") == false else {
      throw ReadingError("the release must say \"allowPrivilegeEscalation: false\"", at: at)
    }
    let dropped = try fields.node("capabilities").map {
      try walker.fields($0, FieldTables.capabilities).strings("drop")
    }
    guard dropped?.contains("ALL") == true else {
      throw ReadingError("the release must drop the capabilities \"ALL\"", at: at)
    }
    return Self.passed(
      fields, FieldTables.containerSecurity, also: ["allowPrivilegeEscalation", "runAsNonRoot"])
  }

  private mutating func noteOtherProbe(_ container: FieldReader) throws {
    guard let get = container.node("readinessProbe")?["httpGet"],
      let path = get["path"]?.json.string, path != settings.healthPath
    else { return }
    walker.note(
      "\(walker.object): the readiness probe asks \(path), the environment asks "
        + "\(settings.healthPath) instead")
  }

  // MARK: Variables

  /// All variables with their values; later sources stand over earlier ones, as in Kubernetes.
  private mutating func variables(_ container: FieldReader) throws -> [String: String] {
    var variables: [String: String] = [:]
    for node in try container.list("envFrom") {
      let fields = try walker.fields(node, FieldTables.environmentSource)
      if let map = fields.node("configMapRef") {
        let data = try configMap(walker.fields(map, FieldTables.reference))
        variables.merge(data) { $1 }
      }
      if let reference = fields.node("secretRef") {
        variables.merge(try secret(walker.fields(reference, FieldTables.reference)).keys) { $1 }
      }
    }
    for node in try container.list("env") {
      let fields = try walker.fields(node, FieldTables.variable)
      let name = try fields.requiredString("name")
      switch (fields.node("value"), fields.node("valueFrom")) {
      case (.some(let value), nil): variables[name] = try Self.literal(value)
      case (nil, .some(let source)): variables[name] = try referenced(source)
      case (nil, nil): variables[name] = ""
      default:
        throw ReadingError(
          "the variable \"\(name)\" has both \"value\" and \"valueFrom\"", at: node.position)
      }
    }
    return variables.merging(settings.values) { $1 }
  }

  private mutating func referenced(_ node: YAMLNode) throws -> String {
    let fields = try walker.fields(node, FieldTables.variableSource)
    let reference: FieldReader
    let data: [String: String]
    switch (fields.node("secretKeyRef"), fields.node("configMapKeyRef")) {
    case (.some(let secret), nil):
      reference = try walker.fields(secret, FieldTables.reference)
      data = try self.secret(reference).keys
    case (nil, .some(let map)):
      reference = try walker.fields(map, FieldTables.reference)
      data = try configMap(reference)
    default:
      throw ReadingError(
        "expected either \"secretKeyRef\" or \"configMapKeyRef\"", at: node.position)
    }
    let key = try reference.requiredString("key")
    guard let value = data[key] else {
      throw ReadingError(
        "\"\(try reference.requiredString("name"))\" has no key \"\(key)\"",
        at: try reference.required("key").position)
    }
    return value
  }

  private func secret(_ reference: FieldReader) throws -> (name: String, keys: [String: String]) {
    let name = try reference.requiredString("name")
    guard let keys = settings.secrets[name] else {
      throw ReadingError(
        "the secret \"\(name)\" has no source; name one under \"secrets\" in the environment file",
        at: try reference.required("name").position)
    }
    return (name, keys)
  }
}
