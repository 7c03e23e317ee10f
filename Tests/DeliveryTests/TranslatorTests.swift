import Delivery
import Foundation
import Model
import Reading
import Testing

@Suite("Kubernetes translation")
struct TranslatorTests {
  static let settings = KubernetesTranslator.Settings(
    pod: "pratique-portal-production-green",
    image: "localhost/portal@sha256:" + String(repeating: "a", count: 64),
    labels: ["slot": "green", "version": "1.4.0"], hostPort: 18092, healthPath: "/readyz",
    values: ["LOG_LEVEL": "debug"], secrets: ["portal-database": ["password": "s3cr\"et\n---"]])

  private func translate(
    _ text: String, _ settings: KubernetesTranslator.Settings = settings
  ) throws -> PodDocument {
    try KubernetesTranslator(settings).translate([
      ManifestFile(path: "deploy/all.yaml", bytes: Array(text.utf8))
    ])
  }

  @Test("gives podman exactly this")
  func golden() throws {
    let document = try translate(ManifestSamples.good)
    let text = String(decoding: document.bytes, as: UTF8.self)
    let expected = """
      ---
      {"apiVersion":"v1","data":{"LOG_LEVEL":"info","MODE":"clinic"},"kind":"ConfigMap","metadata":{"name":"pratique-portal-production-green-VOLUME-settings"}}
      ---
      {"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"app":"portal","org.pratique.grace":"3","org.pratique.slot":"green","org.pratique.version":"1.4.0"},"name":"pratique-portal-production-green"},"spec":{"automountServiceAccountToken":false,"containers":[{"args":["--verbose"],"env":[{"name":"LOG_LEVEL","value":"debug"},{"name":"MODE","value":"clinic"},{"name":"SECRET","value":"s3cr\\"et\\n---"},{"name":"VERSION","value":"1"}],"image":"localhost/portal@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","imagePullPolicy":"Never","name":"portal","ports":[{"containerPort":8080,"hostIP":"127.0.0.1","hostPort":18092,"protocol":"TCP"}],"resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"memory":"64Mi"}},"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true},"volumeMounts":[{"mountPath":"/tmp","name":"pratique-portal-production-green-VOLUME-scratch"},{"mountPath":"/etc/portal","name":"pratique-portal-production-green-VOLUME-settings","readOnly":true}]}],"enableServiceLinks":false,"restartPolicy":"Always","securityContext":{"runAsGroup":10001,"runAsNonRoot":true,"runAsUser":10001},"volumes":[{"emptyDir":{},"name":"pratique-portal-production-green-VOLUME-scratch"},{"configMap":{"name":"pratique-portal-production-green-VOLUME-settings"},"name":"pratique-portal-production-green-VOLUME-settings"}]}}

      """
    #expect(text == expected)
  }

  @Test("says what podman does otherwise, once each, and nothing of secrets")
  func translations() throws {
    let translations = try translate(ManifestSamples.good).translations
    #expect(Set(translations).count == translations.count)
    for words in [
      "Deployment portal: spec.replicas: one pod runs in each slot",
      "fsGroup: podman leaves it out", "livenessProbe: podman would need curl",
      "NetworkPolicy portal: podman enforces none", "PodDisruptionBudget portal: no rollout",
      "seccompProfile: podman leaves it out", "metadata.namespace: podman has no namespaces",
      "requests.cpu: podman leaves it out",
    ] {
      #expect(translations.contains { $0.contains(words) }, "\(words)")
    }
    #expect(!translations.joined().contains("s3cr"))
  }

  @Test("a readiness probe on another path than the environment's is told")
  func otherProbe() throws {
    var settings = Self.settings
    settings.healthPath = "/healthz"
    let translations = try translate(ManifestSamples.good, settings).translations
    #expect(translations.contains { $0.contains("asks /readyz, the environment asks /healthz") })
  }

  @Test(
    "refuses what would change safety or meaning, with its place",
    arguments: [
      ("automountServiceAccountToken: false", "hostNetwork: true", ":15:", "\"hostNetwork\""),
      ("automountServiceAccountToken: false", "hostPID: true", ":15:", "\"hostPID\""),
      ("automountServiceAccountToken: false", "hostIPC: true", ":15:", "\"hostIPC\""),
      (
        "automountServiceAccountToken: false", "shareProcessNamespace: true", ":15:",
        "\"shareProcessNamespace\""
      ),
      ("automountServiceAccountToken: false", "hostUsers: false", ":15:", "\"hostUsers\""),
      ("automountServiceAccountToken: false", "runtimeClassName: x", ":15:", "without a word"),
      (
        "automountServiceAccountToken: false", "initContainers: [{name: x}]", ":15:",
        "make it a step"
      ),
      ("automountServiceAccountToken: false", "dnsPolicy: None", ":15:", "\"dnsPolicy\""),
      ("automountServiceAccountToken: false", "restartPolicy: Never", ":15:", "\"restartPolicy\""),
      (
        "automountServiceAccountToken: false", "hostNetwrk: true", ":15:",
        "did you mean \"hostNetwork\""
      ),
      (
        "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", ":44:",
        "gains no rights"
      ),
      ("allowPrivilegeEscalation: false", "privileged: true", ":44:", "\"privileged\""),
      (
        "            allowPrivilegeEscalation: false\n", "", "",
        "must say \"allowPrivilegeEscalation: false\""
      ),
      ("readOnlyRootFilesystem: true", "procMount: Unmasked", ":45:", "\"procMount\""),
      ("{drop: [ALL]}", "{drop: [ALL], add: [SYS_ADMIN]}", ":46:", "\"add\""),
      ("{drop: [ALL]}", "{drop: [NET_RAW]}", "", "must drop the capabilities \"ALL\""),
      ("        runAsNonRoot: true\n", "", "", "must say \"runAsNonRoot: true\""),
      ("runAsNonRoot: true", "runAsNonRoot: false", "", "must say \"runAsNonRoot: true\""),
      ("        runAsUser: 10001\n", "", "", "must say \"runAsUser\""),
      ("runAsUser: 10001", "runAsUser: 0", ":18:", "from 1 to"),
      ("runAsUser: 10001", "runAsUsr: 10001", ":18:", "did you mean \"runAsUser\""),
      ("{type: RuntimeDefault}", "{type: Unconfined}", ":21:", "RuntimeDefault"),
      ("fsGroup: 10001", "sysctls: []\n        seLinuxOptions: {level: x}", "", "\"sysctls\""),
      ("emptyDir: {}", "hostPath: {path: /etc}", ":52:", "\"hostPath\""),
      (
        "emptyDir: {}", "persistentVolumeClaim: {claimName: x}", ":52:", "\"persistentVolumeClaim\""
      ),
      ("emptyDir: {}", "secret: {secretName: x}", ":52:", "use a variable"),
      ("containerPort: 8080}", "containerPort: 8080, hostPort: 80}", ":27:", "\"hostPort\""),
      ("containerPort: 8080}", "containerPort: 8080, protocol: UDP}", ":27:", "\"protocol\""),
      ("value: \"1\"", "value: \"$(MODE)\"", ":31:", "does not put variables in"),
      ("value: \"1\"", "value: 1", ":31:", "put it in quotes"),
      (
        "{secretKeyRef: {name: portal-database, key: password}}",
        "{fieldRef: {fieldPath: status.podIP}}", ":33:", "\"fieldRef\""
      ),
      ("key: password", "key: pasword", ":33:", "has no key \"pasword\""),
      ("name: portal-database", "name: other", ":33:", "has no source"),
      (
        "{name: portal-settings, key: MODE}", "{name: absent, key: MODE}", ":35:",
        "not among the manifests"
      ),
      (
        "name: portal-settings, key: MODE", "name: portal-settings, key: MODE, optional: true",
        ":35:", "\"optional\""
      ),
      ("targetPort: http", "targetPort: grpc", "", "no port of the container"),
      (
        "{port: 80, targetPort: http}", "{port: 80, targetPort: http}\n    - {port: 81}", "",
        "one port of one Service"
      ),
      ("  selector: {app: portal}\n", "  type: LoadBalancer\n", "", "beyond the loopback"),
      ("mountPath: /tmp", "mountPath: /tmp, subPath: x", "", "\"subPath\""),
      (
        "{name: scratch, mountPath", "{name: scratched, mountPath", "",
        "not among the pod's volumes"
      ),
      (
        "livenessProbe:", "lifecycle: {}\n          stdin: true\n          livenessProbe:", "",
        "\"stdin\""
      ),
      ("kind: PodDisruptionBudget", "kind: DaemonSet", "", "manifests of kind \"DaemonSet\""),
      ("kind: NetworkPolicy", "kind: Deployment", "", "expected \"apiVersion: apps/v1\""),
      ("kind: ConfigMap", "kind: Secret", "", "does not lie in the manifests"),
      (
        "apiVersion: apps/v1", "apiVersion: apps/v1beta1", ":1:13:",
        "expected \"apiVersion: apps/v1\""
      ),
      ("    containers:\n", "    containers:\n        - {name: sidecar}\n", "", "one container"),
      ("kind: Deployment", "kind: Ingress", "", "have no Deployment"),
      ("  replicas: 2", "  paused: true", ":8:", "\"paused\""),
    ])
  func refuses(old: String, new: String, place: String, words: String) throws {
    let text = ManifestSamples.good.replacing(old, with: new, maxReplacements: 1)
    #expect(text != ManifestSamples.good)
    let problem = try #require(throws: Problem.self) { try translate(text) }
    #expect(problem.code == .badInput)
    #expect(problem.description.hasPrefix("deploy/all.yaml" + place), "\(problem)")
    #expect(problem.description.contains(words), "\(problem)")
  }

  @Test("two deployments are refused, since only one could serve")
  func twoDeployments() throws {
    let problem = try #require(throws: Problem.self) {
      try translate(ManifestSamples.good + "---\n" + ManifestSamples.good)
    }
    #expect(problem.description.contains("second Deployment"))
  }
}
