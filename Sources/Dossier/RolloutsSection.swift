import Model

extension ReleaseReport {
  /// How each environment was changed, with requests served and lost.
  var rollouts: HTML {
    Parts.section("rollouts", "Rollouts") {
      if dossier.rollouts.isEmpty { HTML.element("p") { "No rollout is recorded." } }
      for rollout in dossier.rollouts { self.rollout(rollout) }
    }
  }

  private func rollout(_ rollout: Recorded<RolloutReport>) -> HTML {
    let value = rollout.value
    let took = value.finishedAt.milliseconds(since: value.startedAt)
    return .element("div", [.init("class", "rollout")]) {
      HTML.element("h3") {
        "\(value.environment): "
        Parts.badge(value.outcome.mark, value.outcome.words)
      }
      HTML.element("p") {
        "Version \(value.version), \(value.strategy), began "
        Parts.time(value.startedAt)
        ", took \(Parts.duration(milliseconds: took)), "
        Parts.entry(rollout.entry.index)
        ". "
        value.previousVersion.map { "Before: version \($0)." } ?? "Nothing served before."
        if let reason = value.reason { " Reason: \(reason)" }
        if let request = value.request {
          request.isSigned
            ? " Asked for by \(person(request.person)), whose key signed it."
            : " Asked for in the name of the machine, which acts for \(person(request.person));"
              + " nobody showed a key."
        }
      }
      Parts.table(
        "Requests while it lasted",
        ["Served", "Lost", "Errors of the application"],
        [
          [
            .text(Parts.grouped(value.requests.served)),
            Parts.badge(
              value.requests.lost == 0 ? .good : .bad, Parts.grouped(value.requests.lost)),
            .text(Parts.grouped(value.requests.serverErrors)),
          ]
        ], kind: "totals")
      HTML.element("p", [.init("class", "small")]) {
        "Image "
        Parts.code(value.image.description)
        if let previous = value.previousImage {
          "; before "
          Parts.code(previous.description)
        }
        if let file = value.environmentFile {
          "; environment file "
          Parts.code(file.description)
        }
      }
      if !value.events.isEmpty {
        HTML.element("ol", [.init("class", "events")]) {
          for event in value.events {
            HTML.element("li") {
              Parts.time(event.time)
              " \(event.message)"
            }
          }
        }
      }
      if !value.translations.isEmpty {
        HTML.element("h4") { "What the manifests ask for and the target does otherwise, or not" }
        HTML.element("ul", [.init("class", "small")]) {
          for translation in value.translations { HTML.element("li") { translation } }
        }
      }
    }
  }
}
