import Model

extension ReleaseReport {
  /// From the commit to what runs: each link by digest, so that nothing could be exchanged between.
  var chain: HTML {
    Parts.section(
      "chain", "One thing from commit to production",
      "Each link names the next by its digest. What was tested, scanned, approved and run is the "
        + "same thing where the digests are the same."
    ) {
      HTML.element("ol", [.init("class", "chain")]) {
        link("Commit", release.commit?.digests.first.map(\.description), commitWords)
        for source in dossier.sources {
          link("Clean export of the commit", source.value.export.description, source.value.reason)
        }
        if let image = release.containerImage {
          link(
            "Image, config", release.containerConfig?.description,
            "\(release.origin == .acquired ? "Acquired" : "Built from the export"); container engines"
              + " show it as the image id.")
          link(
            "Image, manifest", image.digests.first.map(\.description),
            "\(image.name): what is pushed and deployed.")
        }
        for artifact in release.artifacts ?? [] {
          link("Artifact", artifact.digests.first?.description, "\(artifact.name), as delivered.")
        }
        for running in dossier.running { link(running) }
        if dossier.running.isEmpty {
          link("Running image", nil, "Nothing was observed when this report was made.")
        }
      }
    }
  }

  private var commitWords: String {
    guard let source = dossier.sources.last?.value else {
      return release.commit == nil
        ? "The release was \(release.origin.rawValue), not built from a commit."
        : "Nothing is recorded about who signed it."
    }
    let author = source.author.map(person) ?? "somebody who is not in the registry"
    let signer = source.signer.map(person) ?? "nobody whose key is trusted"
    return "Written by \(author), signed by \(signer)."
  }

  private func link(_ running: RunningImage) -> HTML {
    let isSame = running.imageConfig == release.imageConfig
    return .element("li") {
      HTML.element("h3") { "Running in \(running.environment)" }
      Parts.code(running.imageConfig.description)
      HTML.element("p") {
        Parts.badge(
          isSame ? .good : .bad,
          isSame ? "the same image" : "another image than this release's")
        " as seen at "
        Parts.time(running.observedAt)
      }
    }
  }

  private func link(_ title: String, _ digest: String?, _ words: String) -> HTML {
    .element("li") {
      HTML.element("h3") { title }
      if let digest { Parts.code(digest) } else { Parts.badge(.gap, "not recorded") }
      HTML.element("p") { words }
    }
  }
}
