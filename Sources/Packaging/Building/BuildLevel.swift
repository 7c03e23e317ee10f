/// The level of SLSA's build track (v1) that a build of this program reaches, and why not more.
public enum BuildLevel {
  /// The level's name in SLSA's verification summaries.
  public static let word = "SLSA_BUILD_LEVEL_1"

  /// Why it is that level, a sentence each.
  public static let reasons = [
    "provenance exists, and names the builder, the inputs and the parameters (level 1)",
    "it is signed with the key of this machine; level 2 asks for a hosted platform that builds and"
      + " signs, which a machine of one's own is not unless others see to it",
    "the build runs on the machine that holds the signing key, with that user's rights; level 3 asks"
      + " that no build can reach the key or another build",
  ]
}
