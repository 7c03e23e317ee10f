import Attestation
import Model

/// Of what evidence may speak, as seen from one release.
struct ReleaseSubjects {
  let release: Release
  private let organisation: Subject?
  private let application: Subject

  /// - Parameter organisation: the organisation's name in the trust root in force; without it only
  ///   the trust root itself speaks of the organisation.
  init(_ release: Release, organisation: String?) {
    self.release = release
    self.organisation = organisation.map(Subject.organisation)
    application = .application(release.application)
  }

  /// Whether evidence speaks of that part of the release, of its application, or of the organisation.
  func concerns(_ piece: AdmittedEvidence, _ subject: Catalog.SubjectKind) -> Bool {
    // One commit, and one image, may serve several applications: what was shown of one of them is
    // not shown of another.
    if let application = piece.statement.application {
      guard application.isSame(as: release.application) else { return false }
    }
    let subjects = piece.statement.subjects
    func isCommit(_ subject: Subject) -> Bool { release.commit?.isSame(as: subject) ?? false }
    func isOfOrganisation() -> Bool {
      organisation.map { subjects.contains(where: $0.isSame) } ?? false
    }
    func speaksOfImage() -> Bool { subjects.contains(where: release.delivers) }
    switch subject {
    case .organisation: return piece.kind == .trustRoot || isOfOrganisation()
    // What is said of the whole organisation is said of each of its applications.
    case .application:
      return isOfOrganisation() || subjects.contains(where: application.isSame)
    case .commit: return subjects.contains(where: isCommit)
    case .image: return speaksOfImage()
    // What was made of the commit and of another image, as two builds of one commit are, speaks
    // of that image.
    case .release: return speaksOfImage() || subjects.allSatisfy(isCommit)
    }
  }
}
