import Reading

/// Builds the pod of one slot from a deployment.
struct PodBuilder {
  let settings: KubernetesTranslator.Settings
  let manifests: Manifests
  var walker: ManifestWalker

  init(settings: KubernetesTranslator.Settings, manifests: Manifests) {
    self.settings = settings
    self.manifests = manifests
    walker = manifests.walker
  }

  /// The documents for podman: config maps that are mounted, then the pod.
  mutating func build(_ deployment: YAMLNode) throws -> [JSONValue] {
    let name = deployment["metadata"]?["name"]?.json.string ?? ""
    walker.object = "Deployment \(name)"
    guard let specification = deployment["spec"] else {
      throw ReadingError("a deployment needs \"spec\"", at: deployment.position)
    }
    let spec = try walker.fields(specification, FieldTables.deployment)
    let template = try FieldReader(
      spec.required("template"), "a template", known: ["metadata", "spec"])
    if let metadata = template.node("metadata") {
      _ = try walker.fields(metadata, FieldTables.podMetadata)
    }
    let pod = try walker.fields(template.required("spec"), FieldTables.pod)
    let podSecurity = try pod.node("securityContext").map {
      try walker.fields($0, FieldTables.podSecurity)
    }
    try podSecurity.map(Self.refuseOtherSeccomp)
    let containers = try pod.list("containers")
    guard containers.count == 1, let container = containers.first else {
      throw ReadingError(
        "a release has one image, so its pod has one container; found \(containers.count)",
        at: try pod.required("containers").position)
    }

    let volumes = try volumes(pod)
    var body: JSONObject = [
      "restartPolicy": .string("Always"), "automountServiceAccountToken": .bool(false),
      "enableServiceLinks": .bool(false),
      "containers": .array([try self.container(container, podSecurity, volumes.names)]),
    ]
    if let podSecurity {
      body["securityContext"] = Self.passed(
        podSecurity, FieldTables.podSecurity, also: ["runAsNonRoot"])
    }
    if !volumes.values.isEmpty { body["volumes"] = .array(volumes.values) }
    let grace = try pod.integer("terminationGracePeriodSeconds", in: 0...3600) ?? 30
    return volumes.configMaps + [
      .object([
        "apiVersion": .string("v1"), "kind": .string("Pod"),
        "metadata": .object([
          "name": .string(settings.pod), "labels": .object(labels(template, grace: grace)),
        ]),
        "spec": .object(body),
      ])
    ]
  }

  /// The template's labels, and our own over them.
  private func labels(_ template: FieldReader, grace: Int) -> JSONObject {
    var labels = JSONObject()
    if case .mapping(let entries) = template.node["metadata"]?["labels"]?.content {
      for entry in entries where !entry.key.hasPrefix(KubernetesTranslator.labelPrefix) {
        labels[entry.key] = entry.value.json
      }
    }
    for (name, value) in settings.labels.sorted(by: { $0.key < $1.key }) {
      labels[KubernetesTranslator.labelPrefix + name] = .string(value)
    }
    labels[KubernetesTranslator.labelPrefix + "grace"] = .string(String(grace))
    return labels
  }

  /// The fields that podman takes as they are.
  static func passed(
    _ reader: FieldReader, _ table: FieldTable, also: [String] = []
  ) -> JSONValue {
    var object = JSONObject()
    for (field, rule) in table.rules where rule == .passed || also.contains(field) {
      object[field] = reader.node(field)?.json
    }
    return .object(object)
  }

  // MARK: Volumes

  private struct Volumes {
    /// Names that podman sees, by names in the manifest.
    var names: [String: String] = [:]
    var values: [JSONValue] = []
    var configMaps: [JSONValue] = []
  }

  private mutating func volumes(_ pod: FieldReader) throws -> Volumes {
    var volumes = Volumes()
    for node in try pod.list("volumes") {
      let fields = try walker.fields(node, FieldTables.volume)
      let name = try fields.requiredString("name")
      // Names are lower case, so no other pod's name can lie in between.
      let own = "\(settings.pod)-VOLUME-\(name)"
      guard volumes.names.updateValue(own, forKey: name) == nil else {
        throw ReadingError("a second volume \"\(name)\"", at: node.position)
      }
      switch (fields.node("emptyDir"), fields.node("configMap")) {
      case (.some(let empty), nil):
        _ = try walker.fields(empty, FieldTables.emptyDirectory)
        volumes.values.append(
          .object(["name": .string(own), "emptyDir": .object(JSONObject())]))
      case (nil, .some(let map)):
        let reference = try walker.fields(map, FieldTables.configMapVolume)
        let data = try configMap(reference)
        // Podman names the volume after the config map, not after the volume.
        volumes.configMaps.append(
          .object([
            "apiVersion": .string("v1"), "kind": .string("ConfigMap"),
            "metadata": .object(["name": .string(own)]),
            "data": .object(
              data.sorted { $0.key < $1.key }.reduce(into: JSONObject()) {
                $0[$1.key] = .string($1.value)
              }),
          ]))
        volumes.values.append(
          .object(["name": .string(own), "configMap": .object(["name": .string(own)])]))
      default:
        throw ReadingError(
          "the volume \"\(name)\" needs either \"emptyDir\" or \"configMap\"", at: node.position)
      }
    }
    return volumes
  }

  /// The data of the config map that a reference names.
  func configMap(_ reference: FieldReader) throws -> [String: String] {
    let name = try reference.requiredString("name")
    guard let data = manifests.configMaps[name] else {
      throw ReadingError(
        "the config map \"\(name)\" is not among the manifests",
        at: try reference.required("name").position)
    }
    return data
  }

  static func refuseOtherSeccomp(_ security: FieldReader) throws {
    guard let profile = security.node("seccompProfile") else { return }
    let fields = try FieldReader(profile, "a seccomp profile", known: ["type", "localhostProfile"])
    guard try fields.string("type") == "RuntimeDefault", fields.node("localhostProfile") == nil
    else {
      throw ReadingError(
        "only \"type: RuntimeDefault\" is taken: podman would leave any other out without a word",
        at: profile.position)
    }
  }
}
