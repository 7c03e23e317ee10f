import Model
import Testing

@Suite("Paths")
struct PathTextTests {
  @Test(
    "the parent of a path",
    arguments: [
      ("L", "."), ("a/b", "a"), ("/a", "/"), ("/", "/"), ("", "."), ("a//", "."), ("/a/b/", "/a"),
      ("é", "."),
    ])
  func parent(path: String, expected: String) { #expect(PathText.parent(of: path) == expected) }

  @Test("a path in a folder")
  func resolve() {
    #expect(PathText.resolve("a", in: "b") == "b/a")
    #expect(PathText.resolve("/a", in: "b") == "/a")
    #expect(PathText.resolve("a", in: ".") == "a")
  }
}
