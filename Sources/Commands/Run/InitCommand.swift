import ArgumentParser
import Blobs
import Foundation
import Model
import Pipeline

/// Writes a pipeline file.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a pratique.yaml for a Python project with a Containerfile.",
    discussion: "Example: pratique init --application patient-portal")

  @Option(help: "The application's name; otherwise the folder's.")
  var application: String?
  @Option(name: .customLong("to"), help: "Where the file goes; nothing may be there yet.")
  var file = "pratique.yaml"
  @Flag(help: "Add stages that release to the environments staging and production.")
  var delivers = false
  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    guard !FileManager.default.fileExists(atPath: file) else {
      throw Problem(.badInput, "there is a file already", at: file)
    }
    let folder = FileManager.default.currentDirectoryPath.split(separator: "/").last ?? "app"
    let name = application ?? folder.lowercased().replacing(" ", with: "-")
    guard Actor.isIdentifier(name) else {
      throw Problem(
        .badInput, "\"\(name)\" is no name for an application",
        advice: "Give one of a-z, 0-9, '.', '_' and '-' with --application.")
    }
    try DurableFile.write(
      Array(PipelineTemplate.python(application: name, delivers: delivers).utf8), to: file,
      mode: 0o644)
    try Terminal(isJSON: json).result(
      ["file": file], ["wrote \(file); commit it, then: pratique run"])
  }
}
