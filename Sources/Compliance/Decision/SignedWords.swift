import Attestation
import Model
import Reading

/// Tells which signed statements stood before: the same words of the same signer.
///
/// An envelope can be written in many ways around one signed statement, so its digest would not do.
/// Statements are found by a number that is quick to compute, and compared in full where it agrees.
struct SignedWords {
  private var places: [UInt64: Int] = [:]

  /// Makes room for so many.
  init(capacity: Int) { places.reserveCapacity(capacity) }

  /// The place of the piece that says the same; `nil` for words that are new, which are then known by
  /// `place`.
  mutating func first(
    _ piece: AdmittedEvidence, at place: Int, among pieces: [AdmittedEvidence]
  ) -> Int? {
    var number = Fingerprint(piece).value
    while let known = places[number] {
      if pieces[known].signer.isSame(as: piece.signer),
        pieces[known].statement == piece.statement
      {
        return known
      }
      // Two that differ and share a number: very seldom, and then the next number is free.
      number &+= 1
    }
    places[number] = place
    return nil
  }
}

/// A number for what somebody signed: the same for the same bytes, hardly ever for others.
private struct Fingerprint {
  private(set) var value: UInt64 = 0x243f_6a88_85a3_08d3

  init(_ piece: AdmittedEvidence) {
    add(piece.signer)
    add(piece.statement.predicateType)
    for subject in piece.statement.subjects {
      add(subject.name)
      for digest in subject.digests { add(digest.hex) }
    }
    add(piece.statement.predicate)
  }

  private mutating func add(_ json: JSONValue) {
    switch json {
    case .null: add(1)
    case .bool(let truth): add(truth ? 2 : 3)
    case .integer(let number): add(UInt64(bitPattern: number))
    case .number(let number): add((number == 0 ? 0 : number).bitPattern)
    case .string(let text): add(text)
    case .array(let elements):
      add(UInt64(elements.count))
      for element in elements { add(element) }
    case .object(let object):
      add(UInt64(object.members.count))
      for member in object.members {
        add(member.name)
        add(member.value)
      }
    }
  }

  private mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      add(UInt64(raw.count))
      var place = 0
      while place + 8 <= raw.count {
        add(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        place += 8
      }
      var rest: UInt64 = 0
      while place < raw.count {
        rest = rest << 8 | UInt64(raw[place])
        place += 1
      }
      add(rest)
    }
  }

  private mutating func add(_ word: UInt64) {
    let product = (value ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    value = product.high ^ product.low &+ 0xa076_1d64_78bd_642f
  }
}
