import Model

/// A program that builds container images, and how it is asked to.
public enum ImageBuilder: String, Sendable, CaseIterable {
  case podman
  case buildah
  case docker

  /// What is to be built.
  public struct Request: Sendable {
    /// The Containerfile's path.
    public var containerfile: String
    /// The folder of files that it may copy.
    public var context: String
    /// Arguments, `NAME=VALUE`.
    public var arguments: [String]
    /// Seconds since 1970 that every file gets as its time.
    public var timestamp: Int64
    /// Where the image's id is written.
    public var idFile: String

    /// States what is to be built.
    public init(
      containerfile: String, context: String, arguments: [String], timestamp: Int64, idFile: String
    ) {
      self.containerfile = containerfile
      self.context = context
      self.arguments = arguments
      self.timestamp = timestamp
      self.idFile = idFile
    }
  }

  /// Whether it can fix the times of files: without that two builds seldom give the same image.
  public var fixesTimes: Bool { self != .docker }

  /// The arguments of a build: nothing is fetched, no step has a network, no layer comes from a cache.
  public func build(_ request: Request) -> [String] {
    let common =
      request.arguments.map { "--build-arg=\($0)" } + [
        "--network=none", "--iidfile=\(request.idFile)", "--file=\(request.containerfile)",
        request.context,
      ]
    switch self {
    case .podman:
      return [
        "build", "--pull=never", "--format=oci", "--timestamp=\(request.timestamp)",
        "--layers=false",
      ] + common
    case .buildah:
      return [
        "build", "--pull-never", "--format=oci", "--timestamp=\(request.timestamp)",
        "--layers=false",
      ] + common
    case .docker:
      // Its builder reads SOURCE_DATE_EPOCH where it knows it; the older one passes over it.
      return [
        "build", "--pull=false", "--no-cache", "--build-arg=SOURCE_DATE_EPOCH=\(request.timestamp)",
      ] + common
    }
  }

  /// The calls that write an image to a new OCI layout, each a program and its arguments.
  ///
  /// - Parameters:
  ///   - scratch: a path that does not exist, for a file on the way.
  public func keep(_ id: String, in layout: String, scratch: String) -> [[String]] {
    switch self {
    case .podman, .buildah:
      [[rawValue, "push", "--quiet", "--format=oci", id, "oci:\(layout):image"]]
    case .docker:
      [
        [rawValue, "save", "--output=\(scratch)", id],
        ["skopeo", "copy", "--quiet", "docker-archive:\(scratch)", "oci:\(layout):image"],
      ]
    }
  }

  /// The arguments that say an image's id, and the digest of its manifest where it has one here:
  /// two words, the second may be missing.
  public func inspect(_ name: String) -> [String] {
    switch self {
    case .podman: ["image", "inspect", "--format={{.Id}} {{.Digest}}", name]
    case .buildah:
      ["inspect", "--type=image", "--format={{.FromImageID}} {{.FromImageDigest}}", name]
    case .docker: ["image", "inspect", "--format={{.Id}}", name]
    }
  }

  /// The arguments that say the contents of an image's layers, as a list in JSON; `nil` where the
  /// image's id is kept through `keep`, which is the stronger comparison.
  public func layers(_ id: String) -> [String]? {
    self == .docker ? ["image", "inspect", "--format={{json .RootFS.Layers}}", id] : nil
  }
}
