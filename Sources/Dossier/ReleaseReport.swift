import Model

/// One page about one release: a single HTML file that needs nothing else, prints on A4 and
/// Letter, and is the same bytes for the same dossier.
public struct ReleaseReport: Sendable {
  let dossier: ReleaseDossier
  private let name: @Sendable (String) -> String?

  /// Takes what is to be told.
  ///
  /// - Parameter name: the registry: a pseudonym's name for people; `nil` for one that it has
  ///   forgotten or never knew.
  public init(_ dossier: ReleaseDossier, name: @escaping @Sendable (String) -> String?) {
    self.dossier = dossier
    self.name = name
  }

  /// The page.
  public func html() -> String {
    let title = "Release dossier: \(release.application) \(release.version)"
    return HTML.joined([
      .documentType,
      .element("html", [.init("lang", "en")]) {
        HTML.element("head") {
          HTML.void("meta", [.init("charset", "utf-8")])
          // The page runs nothing and loads nothing, whatever a report may have smuggled in.
          HTML.void(
            "meta",
            [
              .init("http-equiv", "Content-Security-Policy"),
              .init("content", "default-src 'none'; style-src 'unsafe-inline'"),
            ])
          HTML.void(
            "meta",
            [.init("name", "viewport"), .init("content", "width=device-width, initial-scale=1")])
          HTML.element("title") { title }
          HTML.style(ReportStyle.sheet)
        }
        HTML.element("body") {
          summary
          HTML.element("main") {
            attention
            chain
            controls
            approvals
            tests
            scans
            rollouts
            steps
            limits
            ledger
          }
          HTML.element("footer") {
            "Made by pratique from entries of the ledger \(dossier.ledger.origin), "
            Parts.time(dossier.madeAt)
            "."
          }
        }
      },
      .text("\n"),
    ]).text
  }

  var release: Release { dossier.release.value }

  /// A person by name and pseudonym, or by pseudonym alone.
  func person(_ id: String) -> String { name(id).map { "\($0) (\(id))" } ?? id }
}
