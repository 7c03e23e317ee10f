import Model

/// What haproxy is started with.
///
/// Two backends hold both slots, each with the other one in reserve: while a new release is
/// watched, a request that finds it dead goes to the old one. Which backend a request takes is
/// said by a map, which can be changed while haproxy runs. A slot that must not get requests is
/// in maintenance.
struct HaproxyConfiguration: Hashable, Sendable {
  let name: String
  let front: Int
  let blue: Int
  let green: Int
  let health: HealthCheck

  static let socket = "haproxy.sock"
  static let map = "haproxy.map"
  static let process = "haproxy.pid"
  static let file = "haproxy.cfg"
  /// The map's only key.
  static let key = "green"

  /// Says which configuration a running haproxy has: what `show info` gives as description.
  var description: String {
    "pratique \(name) \(Digest.sha256(text(.closed, description: "").utf8).short)"
  }

  /// The file, with the slots in maintenance that get no requests.
  func text(_ traffic: Traffic) -> String { text(traffic, description: description) }

  /// The map, with the green slot's share.
  func map(_ traffic: Traffic) -> String { "\(Self.key) \(traffic.share(of: .green))\n" }

  private func text(_ traffic: Traffic, description: String) -> String {
    """
    # Written by pratique; it is written anew at each change, so changes by hand are lost.
    global
      description \(description)
      stats socket unix@\(Self.socket) mode 600 level admin expose-fd listeners
      stats timeout 60s
      maxconn 4000
      # With one thread a look at the counts is a look at one moment.
      nbthread 1
      hard-stop-after 60s

    defaults
      mode http
      timeout connect 2s
      timeout client 60s
      timeout server 60s
      timeout queue 5s
      timeout http-request 10s
      timeout http-keep-alive 30s
      timeout check \(health.timeoutMilliseconds)ms
      # A request that may change something is sent again only when the connection failed, so
      # nothing is processed twice. One that only reads is sent again, to the other slot, when the
      # application says 503: who reads while a release turns unhealthy gets the release before.
      # A connection to the application carries one request: one that is kept open could be
      # closed by the application just when the next request is written to it.
      retries 3
      retry-on conn-failure 503
      option redispatch 1
      option http-server-close
      option httpchk
      http-check send meth GET uri \(health.path) ver HTTP/1.1 hdr Host 127.0.0.1
      http-check expect status 200-299

    frontend entrance
      bind 127.0.0.1:\(front)
      http-request set-var(txn.green) str(\(Self.key)),map_str_int(\(Self.map),0)
      use_backend to-green if { rand(100),sub(txn.green) -m int lt 0 }
      default_backend to-blue

    backend to-blue
      http-request disable-l7-retry unless METH_GET
    \(server(.blue, traffic))
    \(reserve(.green))

    backend to-green
      http-request disable-l7-retry unless METH_GET
    \(server(.green, traffic))
    \(reserve(.blue))

    """
  }

  private func server(_ slot: Slot, _ traffic: Traffic) -> String {
    "  server \(slot.rawValue) 127.0.0.1:\(slot == .blue ? blue : green) check"
      + " inter \(health.intervalMilliseconds)ms"
      + " weight 256 fall \(health.failures) rise 1 observe layer4 error-limit 1 on-error mark-down"
      + (traffic.slots.contains(slot) ? "" : " disabled")
  }

  private func reserve(_ slot: Slot) -> String {
    "  server \(slot.rawValue) 127.0.0.1:\(slot == .blue ? blue : green) weight 1"
      + " track to-\(slot.rawValue)/\(slot.rawValue)"
  }
}
