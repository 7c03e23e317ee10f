import Foundation
public import Model

extension Surroundings {
  /// No claim may be longer, in bytes.
  private static let limit = 512

  /// Recognises the CI system by the environment, and takes down what it claims.
  ///
  /// Pure: nothing but the two arguments is looked at. What is not plausible, such as a value with
  /// control characters or a commit that is none, is left out and said.
  ///
  /// - Parameters:
  ///   - environment: the variables of the process.
  ///   - head: the commit that git has checked out; `nil` where there is no repository.
  public init(environment: [String: String], head: Digest?, changedFiles: Int? = nil) {
    let shown = PlatformVariables.all.filter { Self.isShown($0.mark, environment) }
    var contradictions: [String] = []
    if shown.count > 1 {
      let names = shown.map(\.platform.rawValue).joined(separator: " and ")
      contradictions.append("the environment is that of \(names) at once")
    }
    var claims = Claims()
    let platform = shown.first
    for (claim, names) in platform?.names ?? [] {
      guard let name = names.first(where: { environment[$0]?.isEmpty == false }),
        let value = environment[name]
      else { continue }
      guard let plain = Self.plain(value) else {
        contradictions.append("\(name) has a value that is not taken down")
        continue
      }
      claims[keyPath: claim] = plain
    }
    if claims.url == nil { claims.url = Self.url(platform?.platform, environment) }
    Self.checkCommit(&claims, head, &contradictions)
    self.init(
      platform: platform?.platform ?? .none, claims: claims, contradictions: contradictions,
      changedFiles: changedFiles)
  }

  private static func isShown(
    _ mark: (name: String, value: String?), _ environment: [String: String]
  ) -> Bool {
    guard let found = environment[mark.name], !found.isEmpty else { return false }
    return mark.value.map { $0.utf8.elementsEqual(found.utf8) } ?? true
  }

  private static func checkCommit(
    _ claims: inout Claims, _ head: Digest?, _ contradictions: inout [String]
  ) {
    // Buildkite says HEAD until its agent has looked.
    if claims.commit == "HEAD" { claims.commit = nil }
    guard let claimed = claims.commit else { return }
    guard let commit = Digest(.gitCommit, hex: claimed) else {
      contradictions.append("the commit that the environment names is none")
      claims.commit = nil
      return
    }
    guard let head, head != commit else { return }
    contradictions.append(
      "the environment names the commit \(commit.hex), and git has checked out \(head.hex)")
  }

  /// A value without a password in it; `nil` for one that is too long or no plain text.
  static func plain(_ value: String) -> String? {
    guard value.utf8.count <= limit,
      value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { return nil }
    guard let start = value.range(of: "://") else { return value }
    // Whatever stands before an @ in the authority may be a token.
    let rest = value[start.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    let host = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    let path = rest[end...].prefix { $0 != "?" && $0 != "#" }
    return String(value[..<start.upperBound]) + String(host) + String(path)
  }

  private static func url(_ platform: Platform?, _ environment: [String: String]) -> String? {
    func text(_ names: String..., form: ([String]) -> String) -> String? {
      let values = names.compactMap { environment[$0] }.filter { !$0.isEmpty }
      return values.count == names.count ? plain(form(values)) : nil
    }
    switch platform {
    case .githubActions:
      return text("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID") {
        "\($0[0])/\($0[1])/actions/runs/\($0[2])"
      }
    case .azurePipelines:
      // The build's number is in its path here, since what follows a question mark is left out.
      return text("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT") { "\($0[0])\($0[1])/_build" }
    default: return nil
    }
  }
}
