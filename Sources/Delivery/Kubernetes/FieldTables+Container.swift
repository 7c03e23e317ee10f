import Reading

extension FieldTables {
  private static let base = "spec.template.spec.containers[]."

  static let port = FieldTable(
    what: "a port", place: base + "ports[].",
    rules: [
      ("name", .passed), ("containerPort", .passed),
      ("protocol", .only(.string("TCP"), "haproxy carries HTTP")),
      ("hostPort", .refused("the environment says which port each slot has")),
      ("hostIP", .refused("slots are published on the loopback address only")),
    ])

  static let resources = FieldTable(
    what: "resources", place: base + "resources.",
    rules: [("limits", .passed), ("requests", .passed)])

  static let limits = FieldTable(
    what: "limits", place: base + "resources.limits.",
    rules: [
      ("memory", .passed), ("cpu", .passed),
      ("ephemeral-storage", .ignored("podman leaves it out")),
    ])

  static let requests = FieldTable(
    what: "requests", place: base + "resources.requests.",
    rules: [
      ("memory", .passed), ("cpu", .ignored("podman leaves it out; there is one machine")),
      ("ephemeral-storage", .ignored("podman leaves it out; there is one machine")),
    ])

  static let variable = FieldTable(
    what: "a variable", place: base + "env[].",
    rules: [("name", .passed), ("value", .passed), ("valueFrom", .passed)])

  static let variableSource = FieldTable(
    what: "a variable's source", place: base + "env[].valueFrom.",
    rules: [
      ("secretKeyRef", .done("the value comes from the source that the environment names")),
      ("configMapKeyRef", .passed),
      ("fieldRef", .refused("podman knows few fields, and stops at the others")),
      ("resourceFieldRef", .refused("podman gives the whole machine's figures")),
    ])

  static let reference = FieldTable(
    what: "a reference", place: base + "env[].valueFrom.*.",
    rules: [
      ("name", .passed), ("key", .passed),
      ("optional", .only(.bool(false), "a release says what it needs")),
    ])

  static let environmentSource = FieldTable(
    what: "a source of variables", place: base + "envFrom[].",
    rules: [
      ("configMapRef", .passed),
      ("secretRef", .done("the values come from the sources that the environment names")),
      ("prefix", .refused("write the variables out")),
    ])

  static let volume = FieldTable(
    what: "a volume", place: "spec.template.spec.volumes[].",
    rules: [
      ("name", .done("podman shares volumes of one name, so each slot has names of its own")),
      ("emptyDir", .passed), ("configMap", .passed),
      ("secret", .refused("podman would keep the value in a volume; use a variable")),
      ("hostPath", .refused("a release does not see the machine's files")),
      ("persistentVolumeClaim", .refused("what outlives a release does not live in its slot")),
      ("projected", .refused("podman does not know it")),
      ("csi", .refused("podman has no drivers")),
    ])

  static let emptyDirectory = FieldTable(
    what: "an empty directory", place: "spec.template.spec.volumes[].emptyDir.",
    rules: [
      ("medium", .ignored("podman leaves it out: the directory lies on disk")),
      ("sizeLimit", .ignored("podman leaves it out: the directory is not limited")),
    ])

  static let configMapVolume = FieldTable(
    what: "a config map's volume", place: "spec.template.spec.volumes[].configMap.",
    rules: [
      ("name", .passed), ("defaultMode", .ignored("podman leaves it out")),
      ("items", .refused("mount the whole config map")),
      ("optional", .only(.bool(false), "a release says what it needs")),
    ])

  static let mount = FieldTable(
    what: "a mount", place: base + "volumeMounts[].",
    rules: [
      ("name", .passed), ("mountPath", .passed), ("readOnly", .passed),
      ("subPath", .refused("podman mounts the whole volume")),
      ("mountPropagation", .only(.string("None"), "a release mounts nothing on the machine")),
    ])

  /// Kinds of which nothing is read, with the reason why that can be borne.
  static let ignoredKinds: [(kind: String, reason: String)] = [
    (
      "NetworkPolicy",
      "podman enforces none: the release is reached on the loopback address only, and what it may "
        + "reach itself is not limited"
    ),
    ("PodDisruptionBudget", "no rollout stops the serving slot before the next has taken over"),
    ("HorizontalPodAutoscaler", "one pod runs in each slot"),
    ("Ingress", "the environment's front is the only way in"),
    ("ServiceAccount", "there is no API server to have an account with"),
    ("Namespace", "podman has no namespaces; names carry application and environment"),
  ]
}
