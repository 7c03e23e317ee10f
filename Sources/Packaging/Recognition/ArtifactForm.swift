/// What an artifact is, as its own content shows; its name decides nothing.
public struct ArtifactForm: Hashable, Sendable {
  /// A word for it: `wheel`, `deb`, `model-safetensors`; `unknown` where no form is known.
  public let word: String
  /// The media type of the content.
  public let mediaType: String

  /// Names a form.
  public init(_ word: String, _ mediaType: String) {
    self.word = word
    self.mediaType = mediaType
  }

  /// Content of no known form.
  public static let unknown = ArtifactForm("unknown", "application/octet-stream")
  /// A folder, by the list of its files.
  public static let folder = ArtifactForm("folder", "text/plain")
  /// An image in an OCI layout, packed as tar.
  public static let imageArchive = ArtifactForm("image-archive", "application/x-tar")

  /// Forms that a few bytes at one place show.
  static let magics: [(offset: Int, bytes: [UInt8], form: ArtifactForm)] = [
    (
      0, Array("!<arch>\ndebian-binary".utf8), .init("deb", "application/vnd.debian.binary-package")
    ),
    (0, [0xed, 0xab, 0xee, 0xdb], .init("rpm", "application/x-rpm")),
    (0, [0x1f, 0x8b, 0x08], .init("gzip", "application/gzip")),
    (0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], .init("xz", "application/x-xz")),
    (0, [0x28, 0xb5, 0x2f, 0xfd], .init("zstd", "application/zstd")),
    (0, Array("BZh".utf8), .init("bzip2", "application/x-bzip2")),
    (0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], .init("7z", "application/x-7z-compressed")),
    (257, Array("ustar".utf8), .init("tar", "application/x-tar")),
    (0, [0x7f, 0x45, 0x4c, 0x46], .init("elf", "application/x-elf")),
    (0, [0x00, 0x61, 0x73, 0x6d], .init("wasm", "application/wasm")),
    (0, [0xcf, 0xfa, 0xed, 0xfe], .init("mach-o", "application/x-mach-binary")),
    (0, [0xfe, 0xed, 0xfa, 0xcf], .init("mach-o", "application/x-mach-binary")),
    (0, Array("UF2\n".utf8) + [0x57, 0x51, 0x5d, 0x9e], .init("firmware-uf2", octets)),
    (0, Array("DfuSe".utf8), .init("firmware-dfu", octets)),
    (0, [0x27, 0x05, 0x19, 0x56], .init("firmware-uimage", octets)),
    (0, [0xd0, 0x0d, 0xfe, 0xed], .init("firmware-fit", octets)),
    (0, Array("hsqs".utf8), .init("squashfs", octets)),
    (0x8001, Array("CD001".utf8), .init("iso9660", "application/vnd.efi.iso")),
    (0, Array("GGUF".utf8), .init("model-gguf", octets)),
    (4, Array("TFL3".utf8), .init("model-tflite", octets)),
    (0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], .init("hdf5", "application/x-hdf5")),
    (0, [0x93] + Array("NUMPY".utf8), .init("numpy", octets)),
    (0, Array("%PDF-".utf8), .init("pdf", "application/pdf")),
  ]

  static let octets = "application/octet-stream"

  /// What a ZIP archive is, by the names in it.
  static func zip(_ names: [String]) -> ArtifactForm {
    func has(_ name: String) -> Bool { names.contains(name) }
    func hasAny(_ isMeant: (String) -> Bool) -> Bool { names.contains(where: isMeant) }
    if has("AndroidManifest.xml"), has("classes.dex") || has("resources.arsc") {
      return .init("apk", "application/vnd.android.package-archive")
    }
    if has("BundleConfig.pb") { return .init("android-bundle", "application/zip") }
    if hasAny({ $0.hasPrefix("Payload/") && $0.hasSuffix(".app/Info.plist") }) {
      return .init("ipa", "application/zip")
    }
    if hasAny({ $0.hasSuffix(".dist-info/WHEEL") && $0.split(separator: "/").count == 2 }) {
      return .init("wheel", "application/zip")
    }
    if has("META-INF/MANIFEST.MF") { return .init("jar", "application/java-archive") }
    if has("[Content_Types].xml"), hasAny({ $0.hasSuffix(".nuspec") && !$0.contains("/") }) {
      return .init("nuget", "application/zip")
    }
    if hasAny({ $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2 }) {
      return .init("model-pytorch", "application/zip")
    }
    return .init("zip", "application/zip")
  }
}
