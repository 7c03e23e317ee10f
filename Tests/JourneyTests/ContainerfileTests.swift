import Model
import Testing

@testable import Journey

@Suite("Base images of a Containerfile")
struct ContainerfileTests {
  @Test("stages and scratch are not base images; options are passed over; each stands once")
  func names() throws {
    let text = """
      # FROM nothing
      FROM --platform=linux/amd64 localhost/base:1 AS build
      RUN echo FROM
      from localhost/other:2 as Tools
      FROM build
      FROM tools
      FROM scratch
      FROM localhost/base:1
      """
    #expect(
      try ImageBuild.baseNames(text, file: "Containerfile") == [
        "localhost/base:1", "localhost/other:2",
      ])
  }

  @Test("a name made of arguments is refused with its line")
  func arguments() {
    let problem = #expect(throws: Problem.self) {
      try ImageBuild.baseNames("ARG BASE\nFROM $BASE\n", file: "Containerfile")
    }
    #expect(problem?.location == "Containerfile:2")
  }
}
