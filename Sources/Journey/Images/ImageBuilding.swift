import Foundation
import Model
import Packaging
import Pipeline
import Reading

/// One image that a builder makes from clean exports of the commit.
struct ImageBuilding {
  /// An image that was built on.
  struct Base: Hashable {
    let name: String
    let id: Digest
    /// The digest of its manifest, where the builder knows one.
    let manifest: Digest?
  }

  let builder: ImageBuilder
  let containerfile: String
  let folder: String
  let arguments: [String]
  let context: StepContext
  let setting: RunSetting

  /// Builds, and says what was built on.
  func first() async throws -> (layout: String, bases: [Base]) {
    let source = try await export()
    let bases = try await baseImages("\(source)/\(containerfile)")
    return (try await build(source), bases)
  }

  /// Builds once more, from a new export in another folder, and compares with the image that is kept.
  func again(_ kept: OCILayout) async throws -> BuildComparison {
    let path = try await build(try await export())
    defer { try? FileManager.default.removeItem(atPath: path) }
    let other = try OCILayout(path: path)
    return BuildComparison(
      manifest: other.manifest, isSame: other.manifest == kept.manifest,
      differences: other.manifest == kept.manifest
        ? [] : ImageDifference.sentences(try kept.documents(), try other.documents()))
  }

  private func export() async throws -> String {
    try await setting.freshExport(to: "\(context.scratch)/source-\(UUID().uuidString)")
  }

  private func build(_ source: String) async throws -> String {
    let idFile = "\(context.scratch)/image-id-\(UUID().uuidString)"
    _ = try await setting.run(
      context.commands, builder.rawValue,
      builder.build(
        .init(
          containerfile: "\(source)/\(containerfile)", context: "\(source)/\(folder)",
          arguments: arguments, timestamp: setting.commitSeconds, idFile: idFile)),
      minutes: 30, log: context.log)
    let id = String(decoding: try InputFile.read(idFile), as: UTF8.self)
      .filter { !$0.isWhitespace }
    return try await keep(id)
  }

  /// Writes the image to a layout in a folder that is renamed later.
  private func keep(_ id: String) async throws -> String {
    let images = "\(setting.home.path)/images"
    try LedgerHome.makeFolder(images)
    let part = "\(images)/\(UUID().uuidString).part"
    let scratch = "\(context.scratch)/saved-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    do {
      for call in builder.keep(id, in: part, scratch: scratch) {
        _ = try await setting.run(
          context.commands, call[0], Array(call.dropFirst()), log: context.log)
      }
      try await check(try OCILayout(path: part), id)
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
    return part
  }

  /// What was kept must be what was built: by the image's id, or where the builder writes another
  /// configuration than it holds, by the contents of the layers.
  private func check(_ layout: OCILayout, _ id: String) async throws {
    let difference = Problem(
      .notTrusted, "\(builder.rawValue) kept another image than it built")
    guard let arguments = builder.layers(id) else {
      guard id.hasSuffix(layout.config.hex) else { throw difference }
      return
    }
    let answer = try await setting.run(context.commands, builder.rawValue, arguments, minutes: 1)
    let layers = try? JSONReader.read(Array(answer.text.utf8)).array?.map { $0.string ?? "" }
    let kept = try layout.documents().config["rootfs"]?["diff_ids"]?.array?
      .map { $0.string ?? "" }
    guard let layers, !layers.isEmpty, layers == kept else { throw difference }
  }

  /// The images that the Containerfile builds on, by id: what `FROM` names must be here already.
  private func baseImages(_ file: String) async throws -> [Base] {
    let text = String(decoding: try InputFile.read(file), as: UTF8.self)
    var bases: [Base] = []
    for name in try ImageBuild.baseNames(text, file: file) {
      let result = try await setting.run(
        context.commands, builder.rawValue, builder.inspect(name), minutes: 1)
      let words = result.text.split(whereSeparator: \.isWhitespace)
      let hex = words.first.map { $0.hasPrefix("sha256:") ? $0.dropFirst(7) : $0 } ?? ""
      guard let id = Digest(.sha256, hex: hex) else {
        throw Problem(.stepFailed, "the base image \"\(name)\" has no id")
      }
      let manifest = words.count > 1 ? Digest(words[1]) : nil
      bases.append(Base(name: name, id: id, manifest: manifest))
    }
    return bases
  }
}

/// Whether a second build gave the same image.
struct BuildComparison: Hashable {
  /// The second image's manifest.
  let manifest: Digest
  let isSame: Bool
  /// What tells the two apart, a sentence each.
  let differences: [String]

  var sentence: String {
    isSame
      ? "built twice, the same image both times"
      : "built twice, and NOT the same: \(differences.joined(separator: "; "))"
  }
}
