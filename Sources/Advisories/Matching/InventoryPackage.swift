/// One package of an inventory, as advisories know it.
public struct InventoryPackage: Hashable, Sendable {
  /// Where it comes from.
  public let ecosystem: Ecosystem
  /// The name by which advisories know it: of a distribution's package, that of its source.
  public let name: String
  /// Its version, of the source where the name is the source's.
  public let version: String
  /// Its package URL, or `name@version`, for people and other tools.
  public let label: String
  /// The file that names it, inside the image or tree.
  public let file: String?
  /// The layer that brought it, counted from zero; `nil` outside of images.
  public var layer: Int?

  /// Names a package.
  public init(
    ecosystem: Ecosystem, name: String, version: String, label: String, file: String? = nil,
    layer: Int? = nil
  ) {
    self.ecosystem = ecosystem
    self.name = name
    self.version = version
    self.label = label
    self.file = file
    self.layer = layer
  }
}
