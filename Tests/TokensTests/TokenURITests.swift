import Model
import Testing
import Tokens

@Suite("pkcs11 URIs")
struct TokenURITests {
  @Test("reads token, object, id, module and PIN file, percent-encoded or not")
  func good() throws {
    let uri = try TokenURI(
      "pkcs11:token=Our%20token;object=log;id=%01%ff;type=private"
        + "?module-path=/usr/lib/module.so&pin-source=file:/etc/pin")
    #expect(uri.token == "Our token")
    #expect(uri.object == "log")
    #expect(uri.id == [1, 255])
    #expect(uri.modulePath == "/usr/lib/module.so")
    #expect(uri.pinSource == "/etc/pin")
    for source in ["/etc/pin", "file:///etc/pin", "file:%2Fetc%2Fpin"] {
      let text = "pkcs11:serial=12;id=a?module-path=/m&pin-source=\(source)"
      #expect(try TokenURI(text).pinSource == "/etc/pin")
    }
    #expect(try TokenURI("pkcs11:token=t;object=o?module-path=/m").pinSource == nil)
    #expect(!TokenURI.isTokenURI("keys/pkcs11:x"))
  }

  @Test(
    "refuses what would be another key, or cannot be taken as it stands",
    arguments: [
      "pkcs11:", "pkcs11:token=t;object=o", "pkcs11:object=o?module-path=/m",
      "pkcs11:token=t?module-path=/m", "pkcs11:token=t;object=o?module-path=m.so",
      "pkcs11:token=t;object=o;slot-id=1?module-path=/m",
      "pkcs11:token=t;token=t;object=o?module-path=/m",
      "pkcs11:token=;object=o?module-path=/m", "pkcs11:token=t;object=o;type=public?module-path=/m",
      "pkcs11:token=t;object=o?module-path=/m&pin-source=|cat",
      "pkcs11:token=t;object=%zz?module-path=/m",
      "pkcs11:token=t;object=o?module-path=/m&pin-source=file://host/pin",
      "pkcs11:token=t;object=o?module-name=opensc", "pkcs11:token=a b;object=o?module-path=/m",
      "pkcs11:token=%ff;object=o?module-path=/m", "pkcs11:token=t;object=%4?module-path=/m", "file",
    ])
  func bad(text: String) {
    #expect(throws: Problem(.badInput, "")) { try TokenURI(text) }
  }

  @Test("a PIN in the URI is refused, and not repeated")
  func pinValue() throws {
    do {
      _ = try TokenURI("pkcs11:token=t;object=o?module-path=/m&pin-value=471147114711")
      Issue.record("it was taken")
    } catch {
      #expect(!"\(error)".contains("4711"))
      #expect("\(error)".contains("pin-source"))
    }
  }
}
