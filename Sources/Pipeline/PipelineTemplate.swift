/// The pipeline file that `pratique init` writes.
public enum PipelineTemplate {
  /// A file that runs as it is for a Python project with a `Containerfile`.
  ///
  /// - Parameters:
  ///   - application: the application's name, of the form of a pseudonym.
  ///   - delivers: whether stages for the environments `staging` and `production` are there too.
  public static func python(application: String, delivers: Bool = false) -> String {
    """
    # What happens between a commit and production. Every step leaves signed evidence.
    # docs/formats/pipeline.md explains each word; `pratique plan` shows what will run.
    version: 1

    application:
      name: \(application)
      # Say false only when no part of it ever holds health information of a person.
      handles-phi: true

    # A stage waits for the one before it, unless it says `needs`.
    stages:
      source:
        steps:
          # The commit is signed by somebody whom the trust root knows.
          commit:
            uses: source/commit
          # No file of the commit holds PHI; .pratique/phi-allow.yaml excuses what is made up.
          phi:
            uses: phi/scan

      test:
        steps:
          unit:
            # An image with python3 and pytest, made by scripts/base-images; name your own here.
            executor: {container: {image: "localhost/pratique-base/python-test:bookworm"}}
            run: python3 -m pytest --junitxml=reports/unit.xml
            timeout: 10m
            # Steps see no variables but those named here.
            environment:
              set: {PYTHONDONTWRITEBYTECODE: "1"}
            reports:
              - {path: reports/unit.xml, format: junit, kind: test-result, suite: unit}

      build:
        steps:
          image:
            uses: image/build
            with: {containerfile: Containerfile}
          scan:
            uses: image/scan
            needs: image
          phi:
            uses: phi/scan-image
            needs: image
          release:
            uses: release/bind
            needs: [scan, phi]

    """ + (delivers ? delivery : "")
  }

  /// The stages that bring a release into staging and production.
  private static let delivery = """
      staging:
        steps:
          deploy:
            uses: environment/deploy
            with: {environment: staging}

      production:
        steps:
          # Asks every control that the policy of production names, and for its approvals.
          gate:
            uses: gate
            with: {environment: production}
          deploy:
            uses: environment/deploy
            with: {environment: production}
            needs: gate

    """
}
