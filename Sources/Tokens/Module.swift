import CPKCS11
import Foundation
import Model
import Synchronization

/// A PKCS #11 module: a shared library that talks to tokens, loaded once in a process.
struct Module {
  private static let loaded = Mutex<[String: UInt]>([:])

  let path: String
  let functions: UnsafePointer<CK_FUNCTION_LIST>

  /// Loads and initialises a module, or takes the one that is loaded already.
  ///
  /// - Throws: `Problem` with `toolMissing`.
  init(path: String) throws {
    let address = try Self.loaded.withLock { loaded in
      if let known = loaded[path] { return known }
      let address = try Self.load(path)
      loaded[path] = address
      return address
    }
    guard let functions = UnsafePointer<CK_FUNCTION_LIST>(bitPattern: address) else {
      throw Self.missing(path, "it has no functions")
    }
    self.path = path
    self.functions = functions
  }

  private static func missing(_ path: String, _ reason: String) -> Problem {
    Problem(
      .toolMissing, "the PKCS #11 module cannot be used: \(reason)", at: path,
      advice: "Name the module of your token in the key's URI: ?module-path=/PATH/OF/MODULE.so")
  }

  private static func load(_ path: String) throws -> UInt {
    // It stays loaded: a module that is unloaded while it holds threads takes the process with it.
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw missing(path, "it cannot be loaded")
    }
    guard let symbol = dlsym(library, "C_GetFunctionList") else {
      throw missing(path, "it is no PKCS #11 module")
    }
    typealias GetFunctionList =
      @convention(c) (
        UnsafeMutablePointer<UnsafePointer<CK_FUNCTION_LIST>?>?
      ) -> CK_RV
    let getFunctionList = unsafeBitCast(symbol, to: GetFunctionList.self)
    var list: UnsafePointer<CK_FUNCTION_LIST>?
    guard getFunctionList(&list) == Cryptoki.ok, let list else {
      throw missing(path, "it does not name its functions")
    }
    guard list.pointee.version.major == 2 || list.pointee.version.major == 3 else {
      throw missing(path, "it is of version \(list.pointee.version.major) of PKCS #11")
    }
    var arguments = CK_C_INITIALIZE_ARGS()
    arguments.flags = Cryptoki.osLockingOK
    guard let initialise = list.pointee.C_Initialize else { throw missing(path, "it cannot begin") }
    let answer = initialise(&arguments)
    guard answer == Cryptoki.ok || answer == Cryptoki.alreadyInitialised else {
      throw missing(path, Cryptoki.words(answer))
    }
    return UInt(bitPattern: list)
  }

  /// The slots that hold a token now, each with label and serial number of its token.
  func tokens() throws -> [(slot: CK_SLOT_ID, label: String, serial: String)] {
    // A token may come between the two questions; then the second is asked with more room.
    var slots: [CK_SLOT_ID] = []
    for _ in 0..<3 {
      var count: CK_ULONG = 0
      try check(functions.pointee.C_GetSlotList?(1, nil, &count))
      slots = [CK_SLOT_ID](repeating: 0, count: Int(min(count + 8, 4096)))
      count = CK_ULONG(slots.count)
      let answer = functions.pointee.C_GetSlotList?(1, &slots, &count)
      if answer == 0x150 { continue }  // CKR_BUFFER_TOO_SMALL
      try check(answer)
      slots = Array(slots.prefix(Int(count)))
      break
    }
    var tokens: [(CK_SLOT_ID, String, String)] = []
    for slot in slots {
      var info = CK_TOKEN_INFO()
      guard functions.pointee.C_GetTokenInfo?(slot, &info) == Cryptoki.ok else { continue }
      tokens.append((slot, Self.text(info.label), Self.text(info.serialNumber)))
    }
    return tokens
  }

  /// A field of fixed length without the spaces that fill it.
  private static func text<Field>(_ field: Field) -> String {
    var bytes = withUnsafeBytes(of: field) { Array($0) }
    while bytes.last == 0x20 || bytes.last == 0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Throws what a function answered unless it was good; `nil` is a function that is not there.
  func check(_ answer: CK_RV?) throws {
    guard let answer else { throw Self.missing(path, "a function is not there") }
    guard answer == Cryptoki.ok else { throw CryptokiError(answer: answer) }
  }
}

/// A module's answer that was not good; it becomes a `Problem` where it is known what was done.
struct CryptokiError: Error {
  let answer: CK_RV
}
