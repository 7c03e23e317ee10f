import Reading

/// A document that stood in a field.
struct FieldDocument {
  let place: String
  let content: [UInt8]
  let setting: PHISetting?
}

/// Reads the fields of one form, stretch by stretch.
protocol FieldWalk {
  /// Looks at the fields of a stretch.
  ///
  /// - Returns: how many bytes were looked at; the rest comes again with more behind it, unless
  ///   this was the last.
  /// - Throws: `ReadingError` for what is not read.
  mutating func walk(
    _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool, isClinical: Bool, into scan: inout FieldScan
  ) throws -> Int

  /// Documents that stood in fields, each with its place; they are given once.
  mutating func takeDocuments() -> [FieldDocument]
}

extension FieldWalk {
  mutating func takeDocuments() -> [FieldDocument] { [] }
}

/// A structured content that comes in pieces: it is looked at as text, and its fields one by one,
/// in stretches, so that memory stays flat.
final class FieldFlow {
  private let outer: ContentScan
  private var walk: any FieldWalk
  private var scanner: PHIScanner
  private var scan: FieldScan
  private var buffer: [UInt8] = []
  private var base = 0
  private var line = 1
  private var column = 1
  /// The size at which the fields are looked at next.
  private var next: Int
  private var isRefused = false
  private let stretch: Int

  init(_ outer: ContentScan, _ walk: any FieldWalk, _ scanner: PHIScanner) {
    self.outer = outer
    self.walk = walk
    self.scanner = scanner
    stretch = outer.log.stretch
    next = stretch
    scan = FieldScan(
      file: outer.file, prefix: outer.prefix, setting: .clinical, marker: outer.log.marker)
  }

  func add(_ bytes: [UInt8]) throws {
    scanner.add(bytes)
    guard !isRefused else { return }
    buffer += bytes
    if buffer.count >= next { try look(isLast: false) }
  }

  func end() throws {
    scanner.end()
    if !isRefused { try look(isLast: true) }
    buffer = []
  }

  private func look(isLast: Bool) throws {
    let isClinical = scanner.isClinical
    var used = 0
    do {
      try buffer.withUnsafeBufferPointer { bytes in
        scan.begin(bytes, at: base, line: line, column: column)
        used = try walk.walk(bytes, isLast: isLast, isClinical: isClinical, into: &scan)
      }
    } catch let error as ReadingError {
      // What was read before the fault is kept, and the rest was looked at as text.
      take()
      refuse(error.description)
      return
    }
    take()
    for document in walk.takeDocuments() {
      outer.nested(document.place, document.content, setting: document.setting)
    }
    if isLast { return }
    advance(used)
    next = buffer.count + stretch
    if buffer.count > ContentScan.wholeLimit {
      refuse(
        "a field has more than \(ContentScan.wholeLimit >> 20) MiB; from there on it was looked at"
          + " as text only")
    }
  }

  private func take() {
    outer.take(scan.hits)
    outer.log.more += scan.more
  }

  private func advance(_ used: Int) {
    (line, column) = scan.position(used)
    base += used
    buffer.removeFirst(used)
  }

  private func refuse(_ reason: String) {
    isRefused = true
    buffer = []
    outer.note(reason)
  }
}
