/// Which rules and lists look: what evidence of a search names, so that a later reader can tell what
/// it was looked for with.
public enum PHIEdition {
  /// Version of the rules; a change of what is found raises it.
  public static let rules = "2"
  /// When the lists were made, `YYYY-MM`.
  public static let listsMade = "2026-11"

  /// The lists one after the other, for a digest.
  public static var lists: [String] {
    let texts: [StaticString] =
      [
        PersonNames.given, PersonNames.givenWords, PersonNames.family, PersonNames.familyWords,
        CityNames.cities, CityNames.cityWords, CommonWords.words, EponymLists.eponyms,
        EponymLists.medical, EponymLists.nouns,
      ] + WordLists.all.map(\.0)
    return texts.map(\.description) + LabelLists.all.map(\.1)
      + [PostalAreas.restricted.sorted().map(String.init).joined(separator: " ")]
  }
}
