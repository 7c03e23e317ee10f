import Model
import Pipeline
import Testing

@Suite("Mistakes in the pipeline file")
struct DefinitionMistakeTests {
  @Test(
    "each is told with line, column and what was expected",
    arguments: fileMistakes)
  func file(text: String, message: String) { expect(text, message) }

  @Test(
    "each mistake in a step is told with line, column and what was expected",
    arguments: stepMistakes)
  func inStep(lines: String, message: String) { expect(oneStep(lines), "pratique.yaml:" + message) }

  @Test(
    "each mistake in a service is told",
    arguments: serviceMistakes)
  func service(line: String, message: String) {
    expect(oneStep("run: x", services: "services:\n  \(line)\n"), "pratique.yaml:" + message)
  }

  @Test("a container cannot need a process as its service, nor one beyond its network")
  func reach() {
    let services = "services:\n  db: {run: x}\n  box: {executor: {container: {image: i}}}\n"
    expect(
      oneStep("run: x\nexecutor: {container: {image: i}}\nservices: [db]", services: services),
      "pratique.yaml:9:20: a step in a container cannot reach the service \"db\", which is a process"
    )
    expect(
      oneStep(
        "run: x\nexecutor: {container: {image: i, network: none}}\nservices: [box]",
        services: services),
      "pratique.yaml:9:20: a step on the network \"none\" cannot reach the service \"box\"; say "
        + "\"services\"")
  }

  private func expect(
    _ text: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) { try read(text) }
    #expect(problem?.code == .badInput, sourceLocation: sourceLocation)
    #expect(problem?.description == message, sourceLocation: sourceLocation)
  }
}
