import Foundation
public import Model

/// Runs releases with podman on this machine, behind haproxy where the environment has a front.
public struct PodmanTarget: Sendable {
  let environment: EnvironmentDefinition
  let application: String
  let folder: String
  let owner: String
  let podman: Podman
  let variables: [String: String]
  let haproxy: Haproxy?

  /// Prepares a target; nothing is run or changed.
  ///
  /// - Parameters:
  ///   - folder: the environment's own folder, the same as the rollout's.
  ///   - owner: goes into the names of pods, so that two owners of environments of one name on one
  ///     machine never touch each other's: an identifier of at most 16 characters.
  ///   - variables: the environment of this program: secrets may name variables, and podman needs
  ///     a few, such as `CONTAINERS_CONF`.
  /// - Throws: `Problem` when names are too long for podman.
  public init(
    environment: EnvironmentDefinition, application: String, folder: String, owner: String = "",
    runner: CommandRunner, variables: [String: String]
  ) throws {
    self.environment = environment
    self.application = application
    self.folder = folder
    self.owner = owner
    self.variables = variables
    podman = Podman(runner: runner, environment: Podman.environment(from: variables))
    if case .front(let front, let blue, let green) = environment.ports {
      haproxy = Haproxy(
        configuration: HaproxyConfiguration(
          name: "\(application) \(environment.name)", front: front, blue: blue, green: green,
          health: environment.health),
        folder: folder, runner: runner, environment: podman.environment)
    } else {
      haproxy = nil
    }
    guard Actor.isIdentifier(application) else {
      throw Problem(.badInput, "\"\(application)\" is not a name for an application")
    }
    // A pod's name is its host name, and Linux takes 64 bytes.
    guard podName(.green).utf8.count <= 63 else {
      throw Problem(
        .badInput, "\"\(podName(.green))\" is too long for a pod's name",
        advice: "application and environment together may have 36 characters")
    }
  }

  /// The operations, for a rollout.
  public var target: Target {
    Target(
      abilities: .init(canShareTraffic: haproxy != nil), check: check, observe: observe,
      stage: stage, start: start,
      probe: { slot in
        await HealthProbe.ask(
          port: environment.ports.port(of: slot), path: environment.health.path,
          timeoutMilliseconds: environment.health.timeoutMilliseconds)
      },
      setTraffic: { try await haproxy?.setTraffic($0) },
      drain: { slot in
        try await haproxy?.drain(slot, milliseconds: environment.drainMilliseconds) ?? true
      },
      stop: stop, remove: remove, count: { try await haproxy?.count() })
  }

  /// Takes the environment down: both slots and the load balancer. Its state file is left.
  public func tearDown() async throws {
    try await haproxy?.stop()
    for slot in Slot.allCases { try await remove(slot) }
  }

  func podName(_ slot: Slot) -> String {
    let owner = owner.isEmpty ? "" : "\(owner)-"
    return "pratique-\(owner)\(application)-\(environment.name)-\(slot.rawValue)"
  }

  private func label(_ name: String) -> String { KubernetesTranslator.labelPrefix + name }

  /// The image's name in podman's storage: by digest, never by tag.
  private func reference(_ digest: Digest) -> String { "localhost/\(application)@\(digest)" }

  private func manifest(of release: Release) throws -> Digest {
    guard let digest = release.image.digests.first(where: { $0.algorithm == .sha256 }) else {
      throw Problem(.badInput, "the release \(release.version) names its image by no SHA-256")
    }
    return digest
  }

  // MARK: Stage

  @Sendable
  private func check(_ workload: Workload, salt: String) async throws -> TargetPlan {
    if let layout = workload.layout { try OCILayout(folder: layout).check(workload.release) }
    // The same slot and no rollout, so that equal settings give equal bytes.
    let document = try document(workload, .blue, rollout: "")
    return TargetPlan(
      specification: Digest.sha256(Array(salt.utf8) + document.bytes),
      translations: document.translations)
  }

  private func document(
    _ workload: Workload, _ slot: Slot, rollout: String
  ) throws -> PodDocument {
    let manifest = try manifest(of: workload.release)
    let settings = KubernetesTranslator.Settings(
      pod: podName(slot), image: reference(manifest),
      labels: [
        "application": application, "environment": environment.name, "slot": slot.rawValue,
        "image": manifest.description, "version": workload.release.version, "rollout": rollout,
      ],
      hostPort: environment.ports.port(of: slot), healthPath: environment.health.path,
      values: environment.values, secrets: try SecretReader(environment, variables).read())
    return try KubernetesTranslator(settings).translate(
      ManifestFolder.read(environment.manifests))
  }

  @Sendable
  private func stage(_ workload: Workload, _ slot: Slot) async throws {
    let name = podName(slot)
    let found = try await observe(slot)
    if found.rollout == workload.rollout, found.holds(workload.release) {
      return try await start(slot)
    }
    try await provideImage(workload)
    let document = try document(workload, slot, rollout: workload.rollout)
    try await remove(slot)
    if let network = environment.network {
      let exists = try await podman.attempt("podman", ["network", "exists", network])
      if !exists.status.isSuccess {
        try await podman.run("podman", ["network", "create", network])
      }
    }
    let network = environment.network.map { ["--network", $0] } ?? []
    do {
      try await podman.run(
        "podman", ["kube", "play", "--quiet"] + network + ["-"], input: document.bytes)
      try await checkStaged(workload, slot)
    } catch {
      // Podman leaves half a pod behind when it fails.
      _ = try? await podman.attempt("podman", ["pod", "rm", "--force", "--time", "0", name])
      throw error
    }
  }

  /// Brings the image into podman's storage, and compares what is there with the release.
  private func provideImage(_ workload: Workload) async throws {
    let manifest = try manifest(of: workload.release)
    let reference = reference(manifest)
    if let layout = workload.layout {
      try OCILayout(folder: layout).check(workload.release)
      try await podman.run(
        "skopeo", ["copy", "--quiet", "oci:\(layout)", "containers-storage:\(reference)"],
        timeoutMilliseconds: 600_000)
    }
    guard let image = try await podman.image(reference) else {
      throw Problem(.notFound, "podman does not have the image \(reference)")
    }
    guard image.config == workload.release.imageConfig, image.manifests.contains(manifest) else {
      throw Problem(
        .badInput,
        "podman holds \(image.config) as \(reference), and the release says "
          + "\(workload.release.imageConfig)")
    }
  }

  /// Looks at what podman made of the document: digests, and the user that it does not check.
  private func checkStaged(_ workload: Workload, _ slot: Slot) async throws {
    guard try await observe(slot).holds(workload.release) else {
      throw Problem(
        .stepFailed, "\(podName(slot)) does not hold the release's image after it was staged")
    }
    guard let name = try await podman.pod(podName(slot))?.containers.first else { return }
    let user = try await podman.container(name).user
    guard let number = UInt32(user.prefix { $0 != ":" }), number > 0 else {
      throw Problem(.stepFailed, "\(podName(slot)) would run as the user \"\(user)\"")
    }
  }

  // MARK: Observe

  @Sendable
  private func observe() async throws -> TargetObservation {
    var slots: [SlotObservation] = []
    for slot in Slot.allCases { slots.append(try await observe(slot)) }
    return TargetObservation(slots: slots, traffic: try await haproxy?.traffic())
  }

  /// The slot's pod; one of that name that somebody else made is an error.
  private func pod(_ slot: Slot) async throws -> Podman.Pod? {
    let name = podName(slot)
    guard let pod = try await podman.pod(name) else { return nil }
    guard pod.labels[label("application")] == application,
      pod.labels[label("environment")] == environment.name
    else {
      throw Problem(
        .busy, "a pod named \(name) is there that this program did not make",
        advice: "remove it, or name the environment otherwise")
    }
    return pod
  }

  private func observe(_ slot: Slot) async throws -> SlotObservation {
    guard let pod = try await pod(slot) else {
      return SlotObservation(slot: slot, state: .absent)
    }
    // Half a pod, as podman leaves it when it fails: it holds nothing.
    guard pod.containers.count == 1, let first = pod.containers.first else {
      return SlotObservation(slot: slot, state: .stopped)
    }
    let container = try await podman.container(first)
    var image: Digest?
    if let claimed = pod.labels[label("image")].flatMap({ Digest($0) }),
      let stored = try await podman.image(reference(claimed)),
      stored.config == container.imageConfig, stored.manifests.contains(claimed)
    {
      image = claimed
    }
    return SlotObservation(
      slot: slot, state: container.isRunning ? .running : .stopped, image: image,
      imageConfig: container.imageConfig, rollout: pod.labels[label("rollout")],
      version: pod.labels[label("version")], start: container.startedAt)
  }

  // MARK: Start, stop, remove

  @Sendable
  private func start(_ slot: Slot) async throws {
    switch try await observe(slot).state {
    case .running: return
    case .stopped: try await podman.run("podman", ["pod", "start", podName(slot)])
    case .absent:
      throw Problem(.notFound, "\(podName(slot)) is not there, so it cannot be started")
    }
  }

  @Sendable
  private func stop(_ slot: Slot) async throws {
    guard let pod = try await pod(slot) else { return }
    // The seconds that the manifests give to a stop, which podman forgets.
    let grace = pod.labels[label("grace")] ?? "30"
    try await podman.run(
      "podman", ["pod", "stop", "--time", grace, podName(slot)],
      timeoutMilliseconds: 3_700_000)
  }

  @Sendable
  private func remove(_ slot: Slot) async throws {
    let name = podName(slot)
    if try await pod(slot) != nil {
      // Removing a pod that runs takes podman seconds longer than stopping it first.
      try await stop(slot)
      try await podman.run("podman", ["pod", "rm", "--force", "--time", "0", name])
    }
    for volume in try await podman.volumes(prefix: name + "-VOLUME-") {
      try await podman.run("podman", ["volume", "rm", volume])
    }
  }
}
