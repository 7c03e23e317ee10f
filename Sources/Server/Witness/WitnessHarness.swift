import HTTPTypes
package import Hummingbird
import HummingbirdCore
import Ledger
import Logging
package import Model
import NIOCore

/// The witness over HTTP: reads, asks the witness, writes. What is decided is decided in `Ledger`.
package struct WitnessHarness: Sendable {
  private let witness: Witness
  private let store: FolderWitnessStore
  private let time: TimeSource
  private let bodyMilliseconds: Int64

  /// Serves what a folder holds.
  ///
  /// - Throws: `Problem` when the witness cannot cosign: without its key and state nothing starts.
  package init(
    _ folder: WitnessFolder, time: TimeSource, bodyMilliseconds: Int64 = 10_000
  ) async throws {
    witness = try await folder.witness()
    store = folder.store
    self.time = time
    self.bodyMilliseconds = bodyMilliseconds
  }

  /// The routes of C2SP `tlog-witness`, and one that says that the server is there.
  package func router() -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: RequestLog())
    router.get("health") { _, _ in Self.text(.ok, "there\n") }
    router.get(":identifier/checkpoint") { _, context in
      let identifier = try context.parameters.require("identifier")
      guard let note = try await store.note(identifier: identifier) else {
        return Self.text(.notFound, "this witness holds no checkpoint of such a log\n")
      }
      return Self.text(.ok, String(decoding: note, as: UTF8.self))
    }
    router.post("add-checkpoint") { request, context in
      let body = try await request.bytes(
        limit: WitnessRequest.maximumBytes, milliseconds: bodyMilliseconds)
      let answer = try await witness.answer(body, at: time.now())
      if answer.status == 422 {
        // Signed by the log and not consistent: it may be what proves a fork.
        context.logger.warning(
          "a checkpoint does not continue the one cosigned before",
          metadata: ["event.reason": "\(answer.body.dropLast())"])
      }
      return Self.response(answer)
    }
    return router
  }

  private static func response(_ answer: WitnessResponse) -> Response {
    Response(
      status: .init(code: answer.status), headers: [.contentType: answer.contentType],
      body: .init(byteBuffer: ByteBuffer(string: answer.body)))
  }

  static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}

/// Writes a line about each request, and turns what was thrown into an answer: a sentence for what
/// the asker did wrong, nothing of the inside for what went wrong here.
struct RequestLog: RouterMiddleware {
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let begin = ContinuousClock.now
    let response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError {
      response = WitnessHarness.text(error.status, "\(error.body ?? "there is no such thing")\n")
    } catch {
      context.logger.error(
        "a request could not be answered", metadata: ["error.message": "\(error)"])
      response = WitnessHarness.text(.internalServerError, "the witness could not do it\n")
    }
    let milliseconds = Int((ContinuousClock.now - begin) / .milliseconds(1))
    context.logger.info(
      "answered",
      metadata: [
        "http.request.method": "\(request.method.rawValue)",
        "url.path": "\(request.uri.path.prefix(200))",
        "http.response.status_code": "\(response.status.code)",
        "event.duration.ms": "\(milliseconds)",
      ])
    return response
  }
}
