import Model
import Reading

/// Reads ZAP's traditional report in JSON.
struct ZAPReader {
  private var alerts = ZAPAlerts()

  static func read(_ root: ReportNode) throws -> IntakeReader.Parsed {
    var reader = ZAPReader()
    let sites = try root.required("site")
    guard !sites.isEmpty else {
      throw try root.member("site").error("ZAP reached no site: nothing was tested")
    }
    for site in sites {
      let name = try site.requiredString("@name")
      for alert in try site.required("alerts") { try reader.add(alert, name) }
    }
    return reader.alerts.parsed(
      version: try root.string("@version"),
      madeAt: try root.time("created") ?? root.time("@generated"))
  }

  private mutating func add(_ alert: ReportNode, _ site: String) throws {
    let instances = try alert.elements("instances")
    if let stated = try alert.text("count"), let count = Int(stated),
      try alert.bool("systemic") != true, count != instances.count
    {
      throw try alert.member("count").error(
        "it states \(count) instances, its rows say \(instances.count)")
    }
    do {
      try alerts.add(
        ZAPAlert(
          plugin: try alert.requiredString("pluginid"), reference: try alert.string("alertRef"),
          name: try alert.string("alert") ?? alert.requiredString("name"),
          risk: try alert.text("riskcode"), confidence: try alert.text("confidence"),
          weakness: try alert.text("cweid"), place: try instances.first?.string("uri"), site: site))
    } catch let problem as ReadingError {
      throw alert.error(problem.message)
    }
  }
}

/// Reads ZAP's traditional report in XML.
enum ZAPXMLReader {
  static func read(_ stream: inout XMLStream) throws -> IntakeReader.Parsed {
    var alerts = ZAPAlerts()
    var site: String?
    let root = stream.root
    while let event = try stream.next() {
      guard case .start(let name, let attributes) = event else { continue }
      let start = XMLStream.Start(name: name, attributes: attributes)
      switch name {
      case "site": site = start["name"]
      case "alertitem":
        let alert = try stream.element(start)
        guard let site, let plugin = alert.value("pluginid"),
          let title = alert.value("alert") ?? alert.value("name")
        else { throw stream.error("an alert without its site, its plugin or its name") }
        let instances = alert.child("instances")?.children("instance") ?? []
        if let stated = alert.value("count").flatMap({ Int($0) }), stated != instances.count,
          alert.value("systemic") == nil
        {
          throw stream.error("it states \(stated) instances, its rows say \(instances.count)")
        }
        try alerts.add(
          ZAPAlert(
            plugin: plugin, reference: alert.value("alertRef"), name: title,
            risk: alert.value("riskcode"), confidence: alert.value("confidence"),
            weakness: alert.value("cweid"), place: instances.first?.value("uri"), site: site))
      default: break
      }
    }
    guard site != nil else { throw ReadingError("ZAP reached no site: nothing was tested") }
    return alerts.parsed(
      version: root["version"],
      madeAt: (root["created"] ?? root["generated"]).flatMap { StatedTime($0) })
  }
}

/// One alert as both forms state it.
struct ZAPAlert {
  let plugin: String
  let reference: String?
  let name: String
  let risk: String?
  let confidence: String?
  let weakness: String?
  let place: String?
  let site: String
}

/// The alerts of one report.
struct ZAPAlerts {
  private var collector = FindingCollector(shownScopes: [.web])
  private var notes: [String] = []

  mutating func add(_ alert: ZAPAlert) throws {
    let severity: Severity
    switch alert.risk {
    case "3": severity = .high
    case "2": severity = .medium
    case "1": severity = .low
    case "0": severity = .none
    case nil: severity = .unknown
    case let other?: throw ReadingError("\"\(other)\" is no risk of ZAP's")
    }
    let finding = Finding(
      rule: alert.reference ?? alert.plugin, severity: severity, title: alert.name,
      file: alert.place ?? alert.site, weaknesses: Weakness.ids(alert.weakness.map { [$0] } ?? []))
    // The first of an alert's instances is not always the same one.
    if alert.confidence == "0" {
      collector.suppress(finding, .web, context: alert.site)
      notes.append("ZAP marks \(alert.name) as a false positive.")
    } else {
      collector.add(finding, .web, context: alert.site)
    }
  }

  func parsed(version: String?, madeAt: StatedTime?) -> IntakeReader.Parsed {
    var parsed = IntakeReader.Parsed(
      tools: [.init(name: "zap", version: version)], content: .findings(collector.report),
      notes: notes)
    parsed.madeAt = madeAt
    return parsed
  }
}
