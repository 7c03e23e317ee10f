/// Manifests as a team has them, for tests.
enum ManifestSamples {
  static let good = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: portal
      namespace: health
      labels: {app: portal}
    spec:
      replicas: 2
      selector: {matchLabels: {app: portal}}
      template:
        metadata:
          labels: {app: portal}
        spec:
          terminationGracePeriodSeconds: 3
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            runAsGroup: 10001
            fsGroup: 10001
            seccompProfile: {type: RuntimeDefault}
          containers:
            - name: portal
              image: registry.example/portal:latest
              args: ["--verbose"]
              ports:
                - {name: http, containerPort: 8080}
              envFrom:
                - configMapRef: {name: portal-settings}
              env:
                - {name: VERSION, value: "1"}
                - name: SECRET
                  valueFrom: {secretKeyRef: {name: portal-database, key: password}}
                - name: MODE
                  valueFrom: {configMapKeyRef: {name: portal-settings, key: MODE}}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
              resources:
                limits: {memory: 256Mi, cpu: 500m}
                requests: {memory: 64Mi, cpu: 100m}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
              volumeMounts:
                - {name: scratch, mountPath: /tmp}
                - {name: settings, mountPath: /etc/portal, readOnly: true}
          volumes:
            - name: scratch
              emptyDir: {}
            - name: settings
              configMap: {name: portal-settings}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: portal}
    spec:
      selector: {app: portal}
      ports:
        - {port: 80, targetPort: http}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: portal-settings}
    data:
      MODE: clinic
      LOG_LEVEL: info
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: portal}
    spec:
      podSelector: {matchLabels: {app: portal}}
      policyTypes: [Ingress]
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: portal}
    spec: {minAvailable: 1}

    """

  /// What a test runs: the image says which version it is.
  static let small = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: portal}
    spec:
      selector: {matchLabels: {app: portal}}
      template:
        metadata: {labels: {app: portal}}
        spec:
          terminationGracePeriodSeconds: 2
          securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001}
          containers:
          - name: portal
            image: portal
            ports: [{containerPort: 8080}]
            env:
            - name: SECRET
              valueFrom: {secretKeyRef: {name: portal, key: word}}
            resources: {limits: {memory: 64Mi}}
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities: {drop: [ALL]}
            volumeMounts: [{name: scratch, mountPath: /tmp}]
          volumes: [{name: scratch, emptyDir: {}}]

    """
}
