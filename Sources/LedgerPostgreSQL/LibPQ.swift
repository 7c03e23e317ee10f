import CLibPQ
import Foundation
import Model

/// PostgreSQL's client library, loaded when a ledger lies on a server and not before, so that the
/// program starts on a machine that has none.
///
/// The types are those of its header; each function is looked up by name and called through a
/// pointer of exactly the header's signature.
struct LibPQ: Sendable {
  typealias Connection = OpaquePointer
  typealias Answer = OpaquePointer
  typealias Text = UnsafePointer<CChar>
  typealias Texts = UnsafePointer<UnsafePointer<CChar>?>
  typealias Numbers = UnsafePointer<Int32>
  typealias Options = UnsafeMutablePointer<PQconninfoOption>
  typealias Receiver = @convention(c) (UnsafeMutableRawPointer?, Answer?) -> Void

  let version: @Sendable @convention(c) () -> Int32
  let parse:
    @Sendable @convention(c) (Text?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) ->
      Options?
  let freeOptions: @Sendable @convention(c) (Options?) -> Void
  let freeMemory: @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Void
  let connect: @Sendable @convention(c) (Texts?, Texts?, Int32) -> Connection?
  let finish: @Sendable @convention(c) (Connection?) -> Void
  let status: @Sendable @convention(c) (Connection?) -> ConnStatusType
  let errorMessage: @Sendable @convention(c) (Connection?) -> UnsafeMutablePointer<CChar>?
  let serverVersion: @Sendable @convention(c) (Connection?) -> Int32
  let socket: @Sendable @convention(c) (Connection?) -> Int32
  let setNonBlocking: @Sendable @convention(c) (Connection?, Int32) -> Int32
  let setNoticeReceiver:
    @Sendable @convention(c) (Connection?, Receiver?, UnsafeMutableRawPointer?) -> Receiver?
  let enterPipeline: @Sendable @convention(c) (Connection?) -> Int32
  let pipelineSync: @Sendable @convention(c) (Connection?) -> Int32
  let sendPrepare:
    @Sendable @convention(c) (Connection?, Text?, Text?, Int32, UnsafePointer<Oid>?) -> Int32
  let sendPrepared:
    @Sendable @convention(c) (Connection?, Text?, Int32, Texts?, Numbers?, Numbers?, Int32) -> Int32
  let flush: @Sendable @convention(c) (Connection?) -> Int32
  let consumeInput: @Sendable @convention(c) (Connection?) -> Int32
  let isBusy: @Sendable @convention(c) (Connection?) -> Int32
  let getResult: @Sendable @convention(c) (Connection?) -> Answer?
  let resultStatus: @Sendable @convention(c) (Answer?) -> ExecStatusType
  let resultField: @Sendable @convention(c) (Answer?, Int32) -> UnsafeMutablePointer<CChar>?
  let commandStatus: @Sendable @convention(c) (Answer?) -> UnsafeMutablePointer<CChar>?
  let rowCount: @Sendable @convention(c) (Answer?) -> Int32
  let columnCount: @Sendable @convention(c) (Answer?) -> Int32
  let isNull: @Sendable @convention(c) (Answer?, Int32, Int32) -> Int32
  let length: @Sendable @convention(c) (Answer?, Int32, Int32) -> Int32
  let value: @Sendable @convention(c) (Answer?, Int32, Int32) -> UnsafeMutablePointer<CChar>?
  let clear: @Sendable @convention(c) (Answer?) -> Void

  private static let loaded = Result { try LibPQ(library: "libpq.so.5") }

  /// The library, loaded once.
  ///
  /// - Throws: `Problem` with `toolMissing`.
  static func load() throws -> LibPQ { try loaded.get() }

  /// Loads a library by its name.
  ///
  /// - Throws: `Problem` with `toolMissing` when it is not there or is older than version 14, which
  ///   brought pipelines.
  init(library: String) throws {
    let advice = "Install PostgreSQL's client library; on Debian: apt-get install libpq5"
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      throw Problem(
        .toolMissing, "a ledger on a PostgreSQL server needs \(library), which is not here",
        advice: advice)
    }
    // It stays loaded as long as the program runs.
    func find<Function>(_ name: String, _ type: Function.Type = Function.self) throws -> Function {
      guard let symbol = dlsym(handle, name) else {
        throw Problem(
          .toolMissing, "\(library) is too old: it has no \(name), version 14 has", advice: advice)
      }
      return unsafeBitCast(symbol, to: type)
    }
    version = try find("PQlibVersion")
    parse = try find("PQconninfoParse")
    freeOptions = try find("PQconninfoFree")
    freeMemory = try find("PQfreemem")
    connect = try find("PQconnectdbParams")
    finish = try find("PQfinish")
    status = try find("PQstatus")
    errorMessage = try find("PQerrorMessage")
    serverVersion = try find("PQserverVersion")
    socket = try find("PQsocket")
    setNonBlocking = try find("PQsetnonblocking")
    setNoticeReceiver = try find("PQsetNoticeReceiver")
    enterPipeline = try find("PQenterPipelineMode")
    pipelineSync = try find("PQpipelineSync")
    sendPrepare = try find("PQsendPrepare")
    sendPrepared = try find("PQsendQueryPrepared")
    flush = try find("PQflush")
    consumeInput = try find("PQconsumeInput")
    isBusy = try find("PQisBusy")
    getResult = try find("PQgetResult")
    resultStatus = try find("PQresultStatus")
    resultField = try find("PQresultErrorField")
    commandStatus = try find("PQcmdStatus")
    rowCount = try find("PQntuples")
    columnCount = try find("PQnfields")
    isNull = try find("PQgetisnull")
    length = try find("PQgetlength")
    value = try find("PQgetvalue")
    clear = try find("PQclear")
  }
}
