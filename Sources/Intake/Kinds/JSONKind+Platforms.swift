import Reading

extension JSONKind {
  /// Platforms, clouds, plans and load tests.
  static var platforms: [JSONKind] {
    [
      .one(
        .sonarIssues,
        recognise: {
          guard $0.has("paging") || $0.has("total") else { return nil }
          return Look($0).has(
            "issues", reason: "it has \"issues\" in pages, as SonarQube's")
        }, read: SonarReader.issues),
      .one(
        .sonarQualityGate,
        recognise: { Look($0).has("projectStatus", reason: "it has \"projectStatus\"") },
        read: SonarReader.qualityGate),
      .one(
        .prowler, mayBeList: true,
        recognise: { root in
          Look(root).firstHas(
            "CheckID", "Status", "Provider", reason: "its elements are those of Prowler 3")
            ?? ProwlerReader.recogniseOCSF(root)
        }, read: ProwlerReader.read),
      .one(
        .asff, mayBeList: true,
        recognise: { root in
          let list = root.json.member("Findings").map(ReportNode.init) ?? root
          return Look(list).firstHas(
            "ProductArn", "GeneratorId", "AwsAccountId",
            reason: "its elements have \"ProductArn\", as those of AWS Security Hub")
        }, read: ASFFReader.read),
      .one(
        .wapiti,
        recognise: {
          Look($0).has(
            "classifications", "vulnerabilities", "infos",
            reason: "it has \"classifications\" and \"infos\", as Wapiti's")
        }, read: WapitiReader.read),
      .one(
        .terraformPlan,
        recognise: {
          guard $0.has("resource_changes") || $0.has("planned_values") else { return nil }
          return Look($0).has("format_version", reason: "it is a plan with \"format_version\"")
        }, read: TerraformReader.read),
      .one(
        .k6,
        recognise: {
          Look($0).has(
            "metrics", "root_group", reason: "it has \"metrics\" and \"root_group\", as k6's")
        }, read: { try K6Reader.read($0) }),
    ]
  }

  /// Forms of whole assessments.
  static var frameworks: [JSONKind] {
    [
      .one(
        .hdf,
        recognise: {
          Look($0).has(
            "platform", "profiles", reason: "it has \"platform\" and \"profiles\", as HDF")
        }, read: { try HDFReader.read($0) }),
      .one(
        .oscalAssessmentResults,
        recognise: { Look($0).has("assessment-results", reason: "it is OSCAL's") },
        read: OSCALReader.assessmentResults),
      .one(
        .oscalPOAM,
        recognise: { Look($0).has("plan-of-action-and-milestones", reason: "it is OSCAL's") },
        read: OSCALReader.planOfAction),
      .one(
        .oscalAssessmentPlan,
        recognise: { Look($0).has("assessment-plan", reason: "it is OSCAL's") },
        read: { try OSCALReader.document($0, "assessment-plan") }),
      .one(
        .oscalComponentDefinition,
        recognise: { Look($0).has("component-definition", reason: "it is OSCAL's") },
        read: { try OSCALReader.document($0, "component-definition") }),
    ]
  }
}
