import Attestation
import Ledger
import Model
import Testing

@Suite("Facts for the index")
struct EntryFactsTests {
  private func facts(_ kind: EvidenceKind, _ predicate: some Encodable & Sendable) throws
    -> EntryFacts
  {
    let subject = Subject(name: "thing", digest: .sha256("thing".utf8))
    return EntryFacts(
      try Statement(Evidence(kind: kind, subjects: [subject], predicate: predicate)))
  }

  @Test("a decision says application, environment and each control once")
  func decision() throws {
    struct Control: Encodable { let control: String }
    struct Release: Encodable { let application: String }
    struct Content: Encodable {
      let environment = "production"
      let release = Release(application: "ward-list")
      let controls = ["b", "a", "b"].map(Control.init)
    }
    #expect(
      try facts(.decision, ["urn:pratique:decision:v1": Content()])
        == EntryFacts(
          application: "ward-list", environment: "production", controls: ["a", "b"]))
  }

  @Test("a step's variables are no environment; its run is known")
  func step() throws {
    struct Step: Encodable {
      let environment = ["HOME", "PATH"]
      let run = "r1"
    }
    #expect(try facts(.step, Step()) == EntryFacts(run: "r1"))
  }

  @Test("what is no short word is no fact")
  func words() throws {
    #expect(EntryFacts(application: "").isEmpty)
    #expect(EntryFacts(application: "a b", environment: "a\nb").isEmpty)
    #expect(EntryFacts(run: String(repeating: "x", count: 201)).isEmpty)
    #expect(EntryFacts(controls: [" "]).isEmpty)
    #expect(EntryFacts(envelope: [0x7b]).isEmpty)
    #expect(EntryFacts(controls: (0..<2_000).map { "c\($0)" }).controls.count == 1_000)
  }
}
