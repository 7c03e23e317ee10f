import Model
import Testing

@testable import Delivery

@Suite("haproxy's statistics")
struct HaproxyStatisticsTests {
  private static let columns = [
    "pxname", "svname", "scur", "hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx",
    "hrsp_other", "econ", "eresp", "srv_abrt", "status", "check_status", "last_chk", "req_tot",
  ]

  /// The table of a run that was tried by hand against haproxy 2.6: eight answers of servers, of
  /// which one was a 500 and one broke off; one 503 and one 502 made by haproxy; one request of a
  /// client that was not HTTP; two that ended without an answer; and three under way.
  static let tried = """
    # \(columns.joined(separator: ",")),
    entrance,FRONTEND,1,0,7,0,1,3,0,,,,OPEN,,,16,
    to-blue,blue,2,0,3,0,0,1,0,0,2,1,DOWN,L4CON,"a, ""quoted"" text",0,
    to-blue,green,1,0,4,0,0,0,0,0,0,0,UP,,,0,
    to-blue,BACKEND,3,0,7,0,0,3,0,1,2,1,UP,,,0,
    to-green,green,0,0,0,0,0,0,0,0,0,0,UP,L7OK,,0,
    to-green,blue,0,0,0,0,0,0,0,0,0,0,DOWN,,,0,
    to-green,BACKEND,0,0,0,0,0,0,0,0,0,0,UP,,,0,

    """

  @Test("nothing that a client missed is hidden, and none of it is put on the application")
  func counts() throws {
    let count = try HaproxyStatistics(Self.tried).count(epoch: "1")
    #expect(count.served == 7)
    #expect(count.lost == 5)
    #expect(count.serverErrors == 1)
    #expect(count.slots["blue"] == .init(answers: 4, serverErrors: 1))
    #expect(count.slots["green"] == .init(answers: 4, serverErrors: 0))
    let without = try HaproxyStatistics(Self.tried.replacing(",16,", with: ",14,")).count(epoch: "")
    #expect(without.lost == 3)
  }

  @Test("a slot's open requests are those of both backends, and only its own check makes it up")
  func slots() throws {
    let statistics = try HaproxyStatistics(Self.tried)
    #expect(try statistics.open(.blue) == 2)
    #expect(try statistics.open(.green) == 1)
    #expect(statistics.isUp(.green))
    #expect(!statistics.isUp(.blue))
    #expect(!statistics.isClosed(.blue))
    let other = Self.tried.replacing("DOWN,L4CON", with: "MAINT,").replacing(
      "UP,L7OK", with: "UP,INI")
    #expect(try HaproxyStatistics(other).isClosed(.blue))
    #expect(try !HaproxyStatistics(other).isUp(.green))
  }

  @Test(
    "a table that is not understood is an error",
    arguments: [
      ("# pxname", "pxname"), ("entrance,", "entrance,,"), ("FRONTEND", "frontend"),
      (",7,0,1,3,", ",7,0,1,x,"), ("\"a, ", "a, "), ("srv_abrt", "srv_other"),
    ])
  func refuses(old: String, new: String) throws {
    let text = Self.tried.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.tried)
    #expect(throws: Problem.self) { try HaproxyStatistics(text).count(epoch: "1") }
  }

  @Test("counts of two starts are never subtracted from each other")
  func epochs() throws {
    let earlier = try HaproxyStatistics(Self.tried).count(epoch: "1")
    let later = try HaproxyStatistics(
      Self.tried.replacing("to-green,green,0,0,0", with: "to-green,green,0,0,9")
    ).count(epoch: "1")
    #expect(later.since(earlier).served == 9)
    #expect(later.since(earlier).slots["green"]?.answers == 9)
    let restarted = try HaproxyStatistics(Self.tried).count(epoch: "2")
    #expect(restarted.since(earlier) == restarted)
  }

  @Test("an answer that is not HTTP has no status")
  func status() {
    #expect(HealthProbe.status(of: Array("HTTP/1.1 204 No Content\r\n".utf8)) == 204)
    #expect(HealthProbe.status(of: Array("HTTP/1.0 503".utf8)) == 503)
    #expect(HealthProbe.status(of: Array("HTTP/2 200 OK".utf8)) == nil)
    #expect(HealthProbe.status(of: Array("HTTP/1.1 2x0 OK".utf8)) == nil)
    #expect(HealthProbe.status(of: Array("HTTP/1.1 20".utf8)) == nil)
    #expect(HealthProbe.status(of: []) == nil)
  }
}
