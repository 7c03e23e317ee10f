import Model
import Reading

/// A file of manifests.
public struct ManifestFile: Sendable, Hashable {
  /// Its path, for messages.
  public let path: String
  /// Its content.
  public let bytes: [UInt8]

  /// A file by path and content.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// What `podman kube play` takes for one slot.
public struct PodDocument: Sendable, Hashable {
  /// JSON documents, one a line, between YAML's document marks. It holds secrets: it goes to
  /// podman's standard input and nowhere else.
  public let bytes: [UInt8]
  /// What the manifests ask for and podman does otherwise or not at all, a sentence each.
  public let translations: [String]
}

/// Turns the manifests that Kubernetes takes into what podman takes for one slot.
///
/// Podman leaves much out without a word. Here each field is known: passed on, done in another
/// way, left out with a reason that the rollout's report shows, or refused
/// (`docs/podman-target.md`).
public struct KubernetesTranslator: Sendable {
  /// What differs from slot to slot and from environment to environment.
  public struct Settings: Sendable {
    /// Name of the pod.
    public var pod: String
    /// The image, by digest.
    public var image: String
    /// The release, for the labels.
    public var labels: [String: String]
    /// The slot's port on the loopback address.
    public var hostPort: Int
    /// The path that is asked for readiness.
    public var healthPath: String
    /// Variables over those of the manifests.
    public var values: [String: String]
    /// The keys of each secret that the environment gives.
    public var secrets: [String: [String: String]]

    /// States what differs.
    public init(
      pod: String, image: String, labels: [String: String], hostPort: Int, healthPath: String,
      values: [String: String], secrets: [String: [String: String]]
    ) {
      self.pod = pod
      self.image = image
      self.labels = labels
      self.hostPort = hostPort
      self.healthPath = healthPath
      self.values = values
      self.secrets = secrets
    }
  }

  /// Labels that begin so are this program's own.
  public static let labelPrefix = "org.pratique."

  let settings: Settings

  /// Prepares a translation.
  public init(_ settings: Settings) { self.settings = settings }

  /// Translates all manifests of an application.
  ///
  /// - Throws: `Problem` with file, line and column.
  public func translate(_ files: [ManifestFile]) throws -> PodDocument {
    var manifests = Manifests()
    for file in files {
      do {
        for document in try YAMLReader.readAll(file.bytes) where document.json != .null {
          try manifests.add(document, path: file.path)
        }
      } catch let error as ReadingError {
        throw Problem(error, file: file.path)
      }
    }
    guard let deployment = manifests.deployment else {
      throw Problem(
        .badInput, "the manifests have no Deployment", at: files.first?.path,
        advice: "one Deployment says how the application runs")
    }
    do {
      var builder = PodBuilder(settings: settings, manifests: manifests)
      let documents = try builder.build(deployment.node)
      var bytes: [UInt8] = []
      for document in documents {
        bytes += Array("---\n".utf8) + (try CanonicalJSON.write(document)) + [0x0a]
      }
      return PodDocument(bytes: bytes, translations: builder.walker.translations)
    } catch let error as ReadingError {
      throw Problem(error, file: deployment.path)
    }
  }
}

/// The manifests of an application, sorted by kind.
struct Manifests {
  struct Document {
    let path: String
    let node: YAMLNode
  }

  private(set) var deployment: Document?
  /// Data of the config maps, by name.
  private(set) var configMaps: [String: [String: String]] = [:]
  /// The port that services lead to: a number or a name.
  private(set) var servicePort: JSONValue?
  private(set) var walker = ManifestWalker()
  private static let versions = [
    "Deployment": "apps/v1", "Service": "v1", "ConfigMap": "v1",
  ]

  mutating func add(_ document: YAMLNode, path: String) throws {
    guard case .mapping = document.content, let kind = document["kind"]?.json.string else {
      throw ReadingError("expected a manifest with \"kind\"", at: document.position)
    }
    let name = document["metadata"]?["name"]?.json.string
    walker.object = name.map { "\(kind) \($0)" } ?? kind
    if let ignored = FieldTables.ignoredKinds.first(where: { $0.kind == kind }) {
      walker.note("\(walker.object): \(ignored.reason)")
      return
    }
    guard kind != "Secret" else {
      throw ReadingError(
        "a secret's value does not lie in the manifests; name its source under \"secrets\" in the "
          + "environment file", at: document.position)
    }
    guard let version = Self.versions[kind] else {
      let known = Self.versions.keys + FieldTables.ignoredKinds.map(\.kind)
      throw ReadingError(
        "manifests of kind \"\(kind)\" are not taken; taken are \(known.sorted().joined(separator: ", "))",
        at: document["kind"]?.position ?? document.position)
    }
    guard document["apiVersion"]?.json == .string(version) else {
      throw ReadingError(
        "expected \"apiVersion: \(version)\" for kind \"\(kind)\"",
        at: document["apiVersion"]?.position ?? document.position)
    }
    guard let name else {
      throw ReadingError("the manifest needs \"metadata.name\" as a text", at: document.position)
    }
    switch kind {
    case "ConfigMap": try addConfigMap(document, name: name)
    case "Service": try addService(document)
    default:
      guard deployment == nil else {
        throw ReadingError(
          "a second Deployment; an environment runs one", at: document.position)
      }
      _ = try envelope(document)
      deployment = Document(path: path, node: document)
    }
  }

  /// Reads what stands around a `spec`.
  private mutating func envelope(_ document: YAMLNode) throws -> FieldReader {
    let fields = try FieldReader(
      document, "a manifest", known: ["apiVersion", "kind", "metadata", "spec"])
    _ = try walker.fields(fields.required("metadata"), FieldTables.metadata)
    return fields
  }

  private mutating func addConfigMap(_ document: YAMLNode, name: String) throws {
    let fields = try walker.fields(document, FieldTables.configMap)
    _ = try walker.fields(fields.required("metadata"), FieldTables.metadata)
    guard configMaps[name] == nil else {
      throw ReadingError("a second ConfigMap \"\(name)\"", at: document.position)
    }
    configMaps[name] = try fields.mapping("data").reduce(into: [:]) {
      $0[$1.key] = try FieldReader.string($1.value)
    }
  }

  private mutating func addService(_ document: YAMLNode) throws {
    let spec = try walker.fields(envelope(document).required("spec"), FieldTables.service)
    let ports = try spec.list("ports")
    guard ports.count == 1, let port = ports.first, servicePort == nil else {
      throw ReadingError(
        "one port of one Service says where the application is reached; found another",
        at: ports.last?.position ?? document.position)
    }
    let fields = try walker.fields(port, FieldTables.servicePort)
    servicePort = fields.node("targetPort")?.json ?? fields.node("port")?.json
  }
}
