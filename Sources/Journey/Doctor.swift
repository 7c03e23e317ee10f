import Foundation
import Ledger
import LedgerSQLite
import Model
import Processes
import Tokens

/// What a machine has and lacks.
public struct Diagnosis: Sendable, Encodable {
  /// One thing that was looked for.
  public struct Item: Sendable, Encodable {
    /// What was looked for.
    public let name: String
    /// Whether it is there and works.
    public let isThere: Bool
    /// Its version, or what is wrong.
    public let detail: String
    /// What is refused while it is missing.
    public let refused: String
  }

  /// All that was looked for.
  public let items: [Item]
}

/// Looks at the machine and says what would be refused on it.
public struct Doctor: Sendable {
  private let environment: [String: String]
  private let commands: CommandRunner
  private let ring: KeyRing

  /// Looks with the caller's environment.
  ///
  /// - Parameter ring: opens the ledger's keys.
  public init(environment: [String: String], ring: KeyRing = KeyRing()) {
    self.ring = ring
    self.environment = RunSetting.toolEnvironment(from: environment)
    commands = .live
  }

  /// Looks.
  public func diagnose(ledgerPath: String, feed: String?) async -> Diagnosis {
    var items: [Diagnosis.Item] = []
    let tools: [(String, [String], String)] = [
      ("git", ["--version"], "every run: there is no commit without git"),
      (
        "podman", ["info", "--format", "{{.Version.Version}}"], "image builds, containers, rollouts"
      ),
      ("trivy", ["--version"], "image/scan, so every gate that asks for a scan"),
      ("haproxy", ["-v"], "rollouts to environments with a front"),
      ("ssh-keygen", ["-?"], "nothing of ours; people make their keys with it"),
    ]
    for (name, arguments, refused) in tools {
      items.append(await tool(name, arguments, refused: refused))
    }
    items.append(await ledger(ledgerPath))
    items += tokens(ledgerPath)
    items += await clock(ledgerPath)
    items.append(feedItem(feed))
    return Diagnosis(items: items)
  }

  private func tool(_ name: String, _ arguments: [String], refused: String) async -> Diagnosis.Item
  {
    do {
      let result = try await commands.run(
        Command(name, arguments, environment: environment, timeoutMilliseconds: 30_000))
      let line = result.text.split(separator: "\n").first.map(String.init) ?? "is there"
      let works = result.status.isSuccess || name == "ssh-keygen"
      let complaint = String(decoding: result.errorOutput, as: UTF8.self)
      return Diagnosis.Item(
        name: name, isThere: works,
        detail: works ? line : complaint.split(separator: "\n").last.map(String.init) ?? "fails",
        refused: refused)
    } catch {
      return Diagnosis.Item(
        name: name, isThere: false, detail: (error as? Problem)?.message ?? "\(error)",
        refused: refused)
    }
  }

  /// Whether the clock of whoever recorded went back lately: no damage, since the order is the
  /// ledger's, but a period is answered by these times.
  private func clock(_ path: String) async -> [Diagnosis.Item] {
    guard let home = try? LedgerHome.open(at: path, readOnly: true),
      let jumps = try? await home.clockJumps(last: 1_000)
    else { return [] }
    return [
      Diagnosis.Item(
        name: "clock", isThere: true,
        detail: jumps.last.map {
          "went back \($0.milliseconds) ms before entry \($0.index); \(jumps.count) times in the"
            + " last 1000 entries"
        } ?? "the times of the last entries follow their order",
        refused: "nothing; the order of the entries holds, whatever their times say")
    ]
  }

  private func ledger(_ path: String) async -> Diagnosis.Item {
    let refused = "everything that records: without a ledger and its key nothing starts"
    do {
      let home = try LedgerHome.open(at: path, readOnly: true, ring: ring)
      _ = try await home.recorder(role: .pipeline, time: .system, flushesSpool: false)
      return Diagnosis.Item(
        name: "ledger", isThere: true, detail: "\(home.ledger.key.name), \(path)", refused: refused)
    } catch {
      return Diagnosis.Item(
        name: "ledger", isThere: false, detail: (error as? Problem)?.message ?? "\(error)",
        refused: refused)
    }
  }

  /// The tokens behind which the ledger keeps keys; looking asks for no PIN.
  private func tokens(_ path: String) -> [Diagnosis.Item] {
    let folder = KeyFolder(path: "\(path)/keys", ring: ring)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { $0.hasSuffix(".uri") }.map { file in
      let name = String(file.dropLast(".uri".count))
      let refused = "everything that this key signs: nothing is signed without its token"
      do {
        guard let text = try folder.tokenURI(name) else { throw Problem(.notFound, "it is gone") }
        let uri = try TokenURI(text)
        try TokenKey.look(uri)
        return Diagnosis.Item(
          name: "token of keys/\(name)", isThere: true,
          detail: "\(uri.tokenName), \(uri.modulePath)",
          refused: refused)
      } catch {
        return Diagnosis.Item(
          name: "token of keys/\(name)", isThere: false,
          detail: (error as? Problem)?.message ?? "\(error)", refused: refused)
      }
    }
  }

  private func feedItem(_ feed: String?) -> Diagnosis.Item {
    let refused = "image/scan: a scan without a feed finds nothing and proves nothing"
    guard let feed else {
      return Diagnosis.Item(
        name: "vulnerability feed", isThere: false, detail: "none is named (PRATIQUE_FEED, --feed)",
        refused: refused)
    }
    do {
      let found = try ImageScan.feed(folder: feed)
      return Diagnosis.Item(
        name: "vulnerability feed", isThere: true,
        detail: "of \(found.updatedAt.date)\(found.isExample ? ", an EXAMPLE feed" : "")",
        refused: refused)
    } catch {
      return Diagnosis.Item(
        name: "vulnerability feed", isThere: false,
        detail: (error as? Problem)?.message ?? "\(error)", refused: refused)
    }
  }
}
