import Foundation

/// `GateBench policy INPUTS` evaluates the release policy on each input of a JSON file;
/// `GateBench gate EVIDENCE CONTROLS` decides about a synthetic release.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "policy" where words.count == 2: try PolicyBench.run(inputs: words[1])
case "gate" where words.count == 3:
  try GateBench.run(evidence: Int(words[1]) ?? 0, controls: Int(words[2]) ?? 0)
default:
  FileHandle.standardError.write(
    Data("usage: GateBench policy INPUTS | gate EVIDENCE CONTROLS\n".utf8))
  exit(64)
}
