import Foundation

/// `GateBench policy INPUTS` evaluates the release policy on each input of a JSON file;
/// `GateBench gate EVIDENCE CONTROLS` decides about a synthetic release.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "policy" where words.count == 2: try PolicyBench.run(inputs: words[1])
default:
  FileHandle.standardError.write(Data("usage: GateBench policy INPUTS\n".utf8))
  exit(64)
}
