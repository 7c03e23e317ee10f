public import Reading

/// What tells two builds of one image apart.
public enum ImageDifference {
  /// Compares two images by their manifests and configurations.
  ///
  /// Layers are compared by what they hold, before compression (`rootfs.diff_ids`), and then as they
  /// are kept; a layer that differs is named by its number and by the instruction that made it.
  ///
  /// - Returns: a sentence for each difference, none where the manifests are the same.
  public static func sentences(
    _ first: (manifest: JSONValue, config: JSONValue),
    _ second: (manifest: JSONValue, config: JSONValue)
  ) -> [String] {
    func texts(_ value: JSONValue?) -> [String] { value?.array?.map { $0.string ?? "" } ?? [] }
    func kept(_ manifest: JSONValue) -> [String] {
      manifest["layers"]?.array?.map { $0["digest"]?.string ?? "" } ?? []
    }
    let contents = (
      texts(first.config["rootfs"]?["diff_ids"]), texts(second.config["rootfs"]?["diff_ids"])
    )
    let blobs = (kept(first.manifest), kept(second.manifest))
    guard contents.0.count == contents.1.count, blobs.0.count == blobs.1.count else {
      return ["the first has \(blobs.0.count) layers, the second \(blobs.1.count)"]
    }
    var sentences: [String] = []
    let makers = makers(first.config)
    for number in contents.0.indices {
      let place = "layer \(number + 1) of \(contents.0.count)"
      let maker = number < makers.count ? ", made by \(makers[number])" : ""
      if !contents.0[number].utf8.elementsEqual(contents.1[number].utf8) {
        sentences.append("\(place) holds other content\(maker)")
      } else if number < blobs.0.count, !blobs.0[number].utf8.elementsEqual(blobs.1[number].utf8) {
        sentences.append("\(place) holds the same content, packed otherwise\(maker)")
      }
    }
    let fields = [first.config, second.config].flatMap { $0.object?.members.map(\.name) ?? [] }
    for field in Set(fields).sorted() where field != "rootfs" {
      if first.config[field] != second.config[field] {
        sentences.append("the configuration differs in \"\(field)\"")
      }
    }
    if sentences.isEmpty, first.manifest != second.manifest {
      sentences.append("the manifests differ beside layers and configuration")
    }
    return sentences
  }

  /// The instructions behind the layers, in their order.
  private static func makers(_ config: JSONValue) -> [String] {
    (config["history"]?.array ?? []).filter { $0["empty_layer"] != .bool(true) }.map {
      let text = $0["created_by"]?.string ?? "an instruction that the image does not name"
      return text.utf8.count > 120 ? "\(text.prefix(117))..." : text
    }
  }
}
