import CEL
import Foundation
import Synchronization
import Testing

/// Expressions at the limits on a thread with two MiB of stack.
@Suite struct StackTests {
  private final class Outcome: Sendable {
    let texts = Mutex<[String]>([])
  }

  private static func around(_ open: String, _ inner: String, _ close: String, _ count: Int)
    -> String
  {
    String(repeating: open, count: count) + inner + String(repeating: close, count: count)
  }

  private static let sources = [
    around("[", "1", "]", 98), around("(", "1", ")", 98), around("!", "true", "", 98),
    around("{1: ", "1", "}", 98), around("[1].map(x, ", "1", ")", 98),
    around("true ? 1 : ", "2", "", 98), around("size([", "1", "])", 48),
    "1" + String(repeating: " + 1", count: 98), around("a[", "1", "]", 98),
    // A value as deep as expressions may build it, compared and put into words.
    "cel.bind(x, \(around("[", "1", "]", 60)), cel.bind(y, \(around("[", "x", "]", 60)), "
      + "cel.bind(z, \(around("[", "y", "]", 60)), [z] == [z] && '%s'.format([z]).size() > 0)))",
    "'a'.matches('\(around("(", "a", ")", 98))')",
    "'a'.matches('\(around("(?:", "a", ")*", 98))')",
  ]

  @Test func deepExpressionsFitASmallStack() throws {
    let outcome = Outcome()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      for source in Self.sources {
        for isChecked in [true, false] {
          do throws(CELError) {
            let program = try Program(source, in: Environment(), isChecked: isChecked)
            _ = try program.trace()
            _ = try program.evaluate()
            outcome.texts.withLock { $0.append("value") }
          } catch {
            outcome.texts.withLock { $0.append(error.message) }
          }
        }
      }
      done.signal()
    }
    thread.stackSize = 2 << 20
    thread.start()
    done.wait()
    let texts = outcome.texts.withLock { $0 }
    // All but the one whose name is unknown, checked and not, have a value.
    #expect(texts.count == 2 * Self.sources.count)
    #expect(texts.filter { $0 != "value" } == ["undeclared name 'a'", "undeclared name 'a'"])
  }
}
