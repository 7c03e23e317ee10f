import CPKCS11

/// Numbers of PKCS #11 that this program uses, by their names in the standard (2.40 and 3.0).
enum Cryptoki {
  static let osLockingOK: CK_FLAGS = 0x2
  static let serialSession: CK_FLAGS = 0x4
  static let user: CK_USER_TYPE = 1

  static let classAttribute: CK_ATTRIBUTE_TYPE = 0x0
  static let tokenAttribute: CK_ATTRIBUTE_TYPE = 0x1
  static let labelAttribute: CK_ATTRIBUTE_TYPE = 0x3
  static let keyTypeAttribute: CK_ATTRIBUTE_TYPE = 0x100
  static let idAttribute: CK_ATTRIBUTE_TYPE = 0x102
  static let pointAttribute: CK_ATTRIBUTE_TYPE = 0x181

  static let publicKeyClass: CK_ULONG = 2
  static let privateKeyClass: CK_ULONG = 3
  static let ecKey: CK_ULONG = 0x3
  static let edwardsKey: CK_ULONG = 0x40

  static let ecdsa: CK_MECHANISM_TYPE = 0x1041
  static let eddsa: CK_MECHANISM_TYPE = 0x1057

  static let ok: CK_RV = 0
  static let pinIncorrect: CK_RV = 0xa0
  static let pinInvalid: CK_RV = 0xa1
  static let pinLengthRange: CK_RV = 0xa2
  static let pinExpired: CK_RV = 0xa3
  static let pinLocked: CK_RV = 0xa4
  static let mechanismInvalid: CK_RV = 0x70
  static let tokenNotPresent: CK_RV = 0xe0
  static let userAlreadyLoggedIn: CK_RV = 0x100
  static let userPinNotInitialised: CK_RV = 0x102
  static let alreadyInitialised: CK_RV = 0x191

  /// Answers after which a new session may help: the session, the login or the token was gone.
  static let lostSession: Set<CK_RV> = [
    0x03,  // CKR_SLOT_ID_INVALID
    0x30,  // CKR_DEVICE_ERROR
    0x32,  // CKR_DEVICE_REMOVED
    0x60,  // CKR_KEY_HANDLE_INVALID
    0x82,  // CKR_OBJECT_HANDLE_INVALID
    0xb0,  // CKR_SESSION_CLOSED
    0xb3,  // CKR_SESSION_HANDLE_INVALID
    0xe0,  // CKR_TOKEN_NOT_PRESENT
    0x101,  // CKR_USER_NOT_LOGGED_IN
  ]

  /// An answer in words.
  static func words(_ answer: CK_RV) -> String {
    let known: [CK_RV: String] = [
      0x02: "no memory is left", 0x03: "the slot is gone", 0x05: "the module failed",
      0x06: "the module failed", 0x30: "the device failed", 0x32: "the device was removed",
      0x60: "the key is gone", 0x68: "the key may not sign", 0x70: "the mechanism is not known",
      0x82: "the key is gone", 0xb0: "the session was closed", 0xb3: "the session is gone",
      0xe0: "the token is not there", 0xe1: "the token is not recognised",
      0x101: "nobody is logged in",
    ]
    return (known[answer] ?? "the module refused") + " (0x\(String(answer, radix: 16)))"
  }
}
