/// The pipeline file that `pratique init` writes.
public enum PipelineTemplate {
  /// A file that runs as it is for a Python project with a `Containerfile`.
  ///
  /// - Parameter application: the application's name, of the form of a pseudonym.
  public static func python(application: String) -> String {
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

      test:
        steps:
          unit:
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
          release:
            uses: release/bind
            needs: scan

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
}
