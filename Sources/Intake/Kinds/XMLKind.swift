import Reading

/// A kind of report in XML.
struct XMLKind {
  let format: ReportFormat
  /// Local names of the outermost element.
  let roots: [String]
  /// An attribute that the outermost element must have, where its name alone is not enough.
  var attribute: String?
  let read: (inout XMLStream) throws -> IntakeReader.Parsed

  /// By what the outermost element shows to be of this kind; `nil` when it is not.
  func recognise(_ root: XMLStream.Start) -> String? {
    let name = format == .junit ? root.name : root.localName
    guard roots.contains(where: { $0.isSame(as: name) }) else { return nil }
    if let attribute, root[attribute] == nil { return nil }
    return "its outermost element is <\(root.name)>"
  }

  /// What the outermost element of a kind must be, in words.
  static func roots(of format: ReportFormat) -> String {
    let roots = all.filter { $0.format == format }.flatMap(\.roots)
    return roots.map { "<\($0)>" }.joined(separator: " or ")
  }

  /// Every kind.
  static var all: [XMLKind] {
    [
      XMLKind(format: .junit, roots: ["testsuites", "testsuite"], read: JUnitReader.read),
      XMLKind(format: .nunit, roots: ["test-run"], read: NUnitReader.read),
      XMLKind(format: .trx, roots: ["TestRun"], read: TRXReader.read),
      XMLKind(
        format: .cobertura, roots: ["coverage"], attribute: "line-rate",
        read: CoberturaReader.read),
      XMLKind(format: .jacoco, roots: ["report"], attribute: "name", read: JaCoCoReader.read),
      XMLKind(format: .nessus, roots: ["NessusClientData_v2"], read: NessusReader.read),
      XMLKind(
        format: .xccdf, roots: ["Benchmark", "TestResult", "asset-report-collection"],
        read: XCCDFReader.read),
      XMLKind(format: .zap, roots: ["OWASPZAPReport"], read: ZAPXMLReader.read),
    ]
  }
}
