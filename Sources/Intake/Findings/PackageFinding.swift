public import Model

extension Finding {
  /// The same finding of a vulnerability in a package with the fingerprint that every scanner's
  /// finding of it has.
  public func identifiedByPackage() -> Finding {
    guard let package else { return self }
    var finding = self
    finding.fingerprint = Fingerprint(of: [
      "package", VulnerabilityID.common(of: self), PackageIdentity.of(package),
    ])
    return finding
  }

  /// The vulnerability and the package without its version: what stays the same when a package moves
  /// to another version that is affected, too.
  public var vulnerabilityOfPackage: [String] {
    let identity = PackageIdentity.of(package ?? "")
    let name = identity.lastIndex(of: "@").map { identity[..<$0] } ?? identity[...]
    return [VulnerabilityID.common(of: self), String(name)]
  }
}
