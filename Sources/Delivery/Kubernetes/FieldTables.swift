import Reading

/// What becomes of each field. `docs/podman-target.md` shows the same tables, and a test compares.
enum FieldTables {
  static let all = [
    metadata, podMetadata, deployment, service, servicePort, configMap, pod, podSecurity, container,
    containerSecurity, capabilities, port, resources, limits, requests, variable, variableSource,
    reference, environmentSource, volume, emptyDirectory, configMapVolume, mount,
  ]

  private static let elsewhere = "there is one machine, so nothing is scheduled"
  private static let silent = "podman leaves it out without a word"

  static let metadata = FieldTable(
    what: "metadata", place: "metadata.",
    rules: [
      ("name", .passed), ("labels", .passed),
      ("namespace", .ignored("podman has no namespaces; names carry application and environment")),
      ("annotations", .ignored("nothing here reads annotations")),
    ])

  static let podMetadata = FieldTable(
    what: "metadata of a pod", place: "spec.template.metadata.",
    rules: [
      ("labels", .passed),
      ("annotations", .ignored("podman takes orders from some annotations, so none is passed on")),
    ])

  static let deployment = FieldTable(
    what: "a deployment", place: "spec.",
    rules: [
      ("template", .passed), ("selector", .passed),
      ("replicas", .done("one pod runs in each slot, whatever the number")),
      ("strategy", .done("the environment's own strategy changes releases")),
      ("minReadySeconds", .done("the environment says how often health must be shown")),
      ("progressDeadlineSeconds", .done("the environment says how long a release may take")),
      ("revisionHistoryLimit", .done("one release before is kept, stopped")),
      ("paused", .only(.bool(false), "a paused deployment is not released")),
    ])

  static let service = FieldTable(
    what: "a service", place: "spec.",
    rules: [
      ("ports", .passed), ("selector", .passed),
      ("type", .only(.string("ClusterIP"), "nothing is published beyond the loopback address")),
    ])

  static let servicePort = FieldTable(
    what: "a port of a service", place: "spec.ports[].",
    rules: [
      ("name", .passed), ("targetPort", .passed),
      ("port", .done("the environment says on which loopback port the application is reached")),
      ("protocol", .only(.string("TCP"), "haproxy carries HTTP")),
      ("appProtocol", .only(.string("http"), "haproxy carries HTTP")),
    ])

  static let configMap = FieldTable(
    what: "a config map", place: "",
    rules: [
      ("apiVersion", .passed), ("kind", .passed), ("metadata", .passed), ("data", .passed),
      ("immutable", .ignored("what was staged in a slot is never changed there")),
      ("binaryData", .refused("only text can be passed on")),
    ])

  static let pod = FieldTable(
    what: "a pod", place: "spec.template.spec.",
    rules: [
      ("containers", .passed), ("volumes", .passed), ("securityContext", .passed),
      ("restartPolicy", .only(.string("Always"), "a release that serves is started again")),
      (
        "terminationGracePeriodSeconds",
        .done("podman leaves it out, so it is given to each stop")
      ),
      ("hostNetwork", .only(.bool(false), "a release keeps to its own network")),
      ("hostPID", .only(.bool(false), "a release sees its own processes only")),
      ("hostIPC", .only(.bool(false), "a release shares no memory with others")),
      ("shareProcessNamespace", .only(.bool(false), "a container sees its own processes only")),
      ("hostUsers", .refused("podman's way of mapping users differs")),
      ("automountServiceAccountToken", .ignored("there is no API server, so there is no token")),
      ("serviceAccountName", .ignored("there is no API server to have an account with")),
      ("enableServiceLinks", .ignored("there are no services to link to")),
      ("imagePullSecrets", .ignored("nothing is pulled: the image is the one that was scanned")),
      ("nodeSelector", .ignored(elsewhere)), ("affinity", .ignored(elsewhere)),
      ("tolerations", .ignored(elsewhere)), ("topologySpreadConstraints", .ignored(elsewhere)),
      ("priorityClassName", .ignored(elsewhere)),
      (
        "dnsPolicy",
        .only(.string("ClusterFirst"), "names are resolved by the environment's network")
      ),
      ("dnsConfig", .refused("names are resolved by the environment's network")),
      ("hostAliases", .refused("names are resolved by the environment's network")),
      ("runtimeClassName", .refused("\(silent), and with it the isolation that it asks for")),
      ("initContainers", .refused("their images are no part of the release; make it a step")),
      ("ephemeralContainers", .refused("they are no part of a release")),
    ])

  static let podSecurity = FieldTable(
    what: "a security context", place: "spec.template.spec.securityContext.",
    rules: [
      ("runAsNonRoot", .done("podman does not check it: \"runAsUser\" must say who it is")),
      ("runAsUser", .passed), ("runAsGroup", .passed), ("supplementalGroups", .passed),
      ("fsGroup", .ignored("podman leaves it out; volumes belong to the container's user")),
      ("fsGroupChangePolicy", .ignored("there is no fsGroup under podman")),
      ("seccompProfile", .done("podman leaves it out and always applies its own default profile")),
      ("sysctls", .refused(silent)),
      ("seLinuxOptions", .refused(silent)), ("appArmorProfile", .refused(silent)),
    ])

  static let container = FieldTable(
    what: "a container", place: "spec.template.spec.containers[].",
    rules: [
      ("name", .passed), ("image", .done("replaced by the release's image, by digest")),
      ("imagePullPolicy", .done("nothing is ever pulled")), ("command", .passed),
      ("args", .passed), ("workingDir", .passed), ("env", .passed), ("envFrom", .passed),
      ("ports", .passed), ("resources", .passed), ("securityContext", .passed),
      ("volumeMounts", .passed),
      ("readinessProbe", .done("asked from outside, as the environment says")),
      ("startupProbe", .done("a release has the environment's deadline to become healthy")),
      (
        "livenessProbe",
        .ignored("podman would need curl in the image and systemd; a dead process is restarted")
      ),
      ("lifecycle", .ignored("podman runs no hooks; requests are drained before a stop")),
      ("terminationMessagePath", .ignored("podman keeps the log instead")),
      ("terminationMessagePolicy", .ignored("podman keeps the log instead")),
      ("stdin", .only(.bool(false), "nobody could type")),
      ("tty", .only(.bool(false), "nobody could look")),
      ("volumeDevices", .refused("a release gets no devices")),
    ])

  static let containerSecurity = FieldTable(
    what: "a security context", place: "spec.template.spec.containers[].securityContext.",
    rules: [
      ("runAsNonRoot", .done("podman does not check it: \"runAsUser\" must say who it is")),
      ("runAsUser", .passed), ("runAsGroup", .passed), ("readOnlyRootFilesystem", .passed),
      ("capabilities", .passed),
      ("allowPrivilegeEscalation", .only(.bool(false), "a release gains no rights")),
      ("privileged", .only(.bool(false), "a release is no administrator of the machine")),
      ("procMount", .only(.string("Default"), silent)),
      ("seccompProfile", .done("podman leaves it out and always applies its own default profile")),
      ("seLinuxOptions", .refused(silent)), ("appArmorProfile", .refused(silent)),
    ])

  static let capabilities = FieldTable(
    what: "capabilities", place: "spec.template.spec.containers[].securityContext.capabilities.",
    rules: [
      ("drop", .passed), ("add", .only(.array([]), "a release needs no capability")),
    ])
}
