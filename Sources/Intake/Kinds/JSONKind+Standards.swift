import Reading

extension JSONKind {
  /// Formats that several tools write.
  static var standards: [JSONKind] {
    [
      JSONKind(
        format: .sarif,
        recognise: { Look($0).has("runs", reason: "it has \"runs\", as SARIF logs do") },
        read: { try SARIFReader.read($0[0], $1) }),
      JSONKind(
        format: .cyclonedx,
        recognise: {
          CycloneDXReader.isVEX($0)
            ? nil : Look($0).has("bomFormat", reason: "it has \"bomFormat\"")
        },
        read: { try CycloneDXReader.read($0[0], $1) }),
      .one(
        .cyclonedxVEX,
        recognise: {
          CycloneDXReader.isVEX($0)
            ? "it has \"bomFormat\" and \"vulnerabilities\", and no components" : nil
        }, read: CycloneDXReader.readVEX),
      .one(
        .spdx,
        recognise: {
          $0.json.begins("spdxVersion", with: "SPDX-2.") ? "it is of \"spdxVersion\" 2" : nil
        }, read: SPDXReader.read),
      .one(
        .spdx3,
        recognise: {
          guard $0.has("@graph") else { return nil }
          return SPDX3Reader.isContext($0) ? "its \"@context\" is that of SPDX 3" : nil
        }, read: SPDX3Reader.read),
      .one(
        .openVEX,
        recognise: {
          $0.json.begins("@context", with: "https://openvex.dev/ns")
            ? "its \"@context\" is that of OpenVEX" : nil
        }, read: OpenVEXReader.read),
      .one(
        .csaf,
        recognise: {
          guard let document = $0.json.member("document") else { return nil }
          return document.member("csaf_version") != nil
            ? "its document has a \"csaf_version\"" : nil
        }, read: CSAFReader.read),
      .one(
        .inTotoLink,
        recognise: {
          let link = $0.json.member("signed") ?? $0.json
          return link.member("_type")?.string == "link" ? "its \"_type\" is \"link\"" : nil
        }, read: InTotoLinkReader.read),
      JSONKind(
        format: .inTotoAttestation, mayBeLines: true, recognise: AttestationReader.recognise,
        read: { roots, _ in try AttestationReader.read(roots) }),
    ]
  }
}
