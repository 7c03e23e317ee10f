import Compliance
import Foundation
import Model
import TestKit
import Testing

@Suite("Catalogs and policies")
struct CatalogTests {
  @Test("a mistake in a catalog is told with file, line, column and the nearest word")
  func mistake() {
    let text = """
      catalog: c
      version: "1"
      framework: f
      controls:
        - id: a
          citation: c
          title: t
          scope: release
          automation: evidence
          producer: p
          checks:
            - {id: x, kind: inventory, rule: inventry-complete, fix: f}
      """
    let problem = #expect(throws: Problem.self) {
      try Catalog.read(Array(text.utf8), file: "c.yaml")
    }
    #expect(
      problem?.description
        == "c.yaml:12:40: \"inventry-complete\" is not a value of \"rule\"; did you mean"
        + " \"inventory-complete\"?")
  }
}
