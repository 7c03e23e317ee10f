import Attestation
import Foundation
import Ledger
import Model
import Server
import TestKit

/// A log in memory that can also lie: two histories under one key, which fork after some entries.
struct LyingLog: Sendable {
  let key: PrivateKey
  let noteKey: NoteKey
  private let nodes: [[NodePlace: TreeHash]]
  private let roots: [[TreeHash]]
  let size: Int64

  init(origin: String, size: Int64, forkAt fork: Int64) throws {
    key = PrivateKey.generate()
    noteKey = try NoteKey(name: origin, publicKey: key.publicKey)
    self.size = size
    var nodes: [[NodePlace: TreeHash]] = []
    var roots: [[TreeHash]] = []
    for branch in 0..<2 {
      var range = CompactRange()
      var stored: [NodePlace: TreeHash] = [:]
      var heads = [TreeHash.empty]
      for index in 0..<size {
        let text = "\(origin) \(index) \(index < fork ? 0 : branch)"
        range.append(.leaf(Array(text.utf8))) { stored[$0] = $1 }
        heads.append(range.root)
      }
      nodes.append(stored)
      roots.append(heads)
    }
    self.nodes = nodes
    self.roots = roots
  }

  func root(_ size: Int64, branch: Int = 0) -> TreeHash { roots[branch][Int(size)] }

  func note(_ size: Int64, branch: Int = 0) throws -> SignedNote {
    try Checkpoint(origin: noteKey.name, size: size, root: root(size, branch: branch))
      .sign(by: key.signer)
  }

  /// Body of a request for a cosignature.
  func request(from old: Int64, to size: Int64, branch: Int = 0) throws -> [UInt8] {
    let stored = nodes[branch]
    let maker = ProofMaker { place in
      guard let hash = stored[place] else { throw Problem(.notFound, "\(place)") }
      return hash
    }
    let proof = old <= size ? try maker.consistency(from: old, to: size) : []
    return Array(
      try WitnessRequest(oldSize: old, proof: proof, note: note(size, branch: branch))
        .description.utf8)
  }
}

extension Program {
  static func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  /// Writes a file, or takes it away.
  static func write(_ text: String?, _ path: String) throws {
    if let text {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } else {
      try FileManager.default.removeItem(atPath: path)
    }
  }
}

/// A witness that was started and does not serve.
struct NotServing: Error, CustomStringConvertible {
  let description: String
}

extension Spawned {
  /// Waits for the line that says where it serves.
  func port() async throws -> Int {
    for _ in 0..<5000 {
      if let line = output.split(separator: "\n").first, output.contains("\n"),
        let text = line.split(separator: "/").dropFirst().first?.split(separator: ":").last,
        let port = Int(text)
      {
        return port
      }
      if let ending = endingNow {
        throw NotServing(description: "ended with \(ending): \(errorOutput)")
      }
      try await Task.sleep(for: .milliseconds(2))
    }
    throw NotServing(description: "the witness does not serve: \(errorOutput)")
  }
}
