import Attestation
import Model

/// The keys of a vendor, as the trust root in force has them.
struct VendorKeys {
  let vendor: TrustRoot.Vendor
  let application: String
  let time: Instant

  /// Finds the vendor.
  ///
  /// - Throws: `Problem` with `notTrusted` for one that the trust root does not name.
  init(_ name: String, in root: TrustRoot, application: String, time: Instant) throws {
    guard let vendor = root.vendors?.first(where: { $0.id.utf8.elementsEqual(name.utf8) }) else {
      let known = (root.vendors ?? []).map(\.id).joined(separator: ", ")
      throw Problem(
        .notTrusted, "the trust root in force names no vendor \"\(name)\"",
        advice: known.isEmpty
          ? "Add it to the trust file under \"vendors\", and let the change be signed."
          : "It names: \(known)")
    }
    self.vendor = vendor
    self.application = application
    self.time = time
  }

  /// The keys that may sign something now.
  ///
  /// - Throws: `Problem` with `notTrusted` where there is none.
  func keys(for matter: TrustRoot.Vendor.Matter) throws -> [PublicKey] {
    let keys = try vendor.keys.filter { $0.maySign(matter, of: application, at: time) }.map { key in
      guard let bytes = Base64.decode(key.publicKey) else {
        throw Problem(.notTrusted, "the vendor's key \(key.id.short) is not base64")
      }
      let parsed = try PublicKey(encoded: bytes)
      guard parsed.id == key.id else {
        throw Problem(.notTrusted, "the id of a vendor's key is not the digest of its public key")
      }
      return parsed
    }
    guard !keys.isEmpty else {
      throw Problem(
        .notTrusted,
        "no key of \(vendor.id) may sign the \(matter.rawValue) of \(application) at \(time)")
    }
    return keys
  }
}
