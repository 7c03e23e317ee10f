import Testing

/// The reader of traces finds what is in the wrong order.
@Suite("Reading a trace of calls")
struct CallTraceTests {
  private static let wal = "7</l/ledger.sqlite-wal>"
  private static let write = "11 pwrite64(\(wal), \"x\", 1, 0) = 1"
  private static let flush = "12 fdatasync(\(wal)) = 0"
  private static let said = "10 write(2</e>, \"12:00:00  s/a passed in 0.0 s\\n\", 30) = 30"

  private func faults(_ lines: [String]) -> Int {
    CallTrace(lines.joined(separator: "\n")).unflushed(
      "ledger.sqlite-wal", before: " passed in "
    ).count
  }

  @Test("the right order has no fault, every other has one")
  func order() {
    #expect(faults([Self.write, Self.flush, Self.said]) == 0)
    #expect(faults([Self.write, Self.said, Self.flush]) == 1)
    #expect(faults([Self.flush, Self.write, Self.said]) == 1)
    #expect(faults([Self.write, Self.said]) == 1)
    #expect(faults([Self.said]) == 1)
    // The first step's flush says nothing of the second step.
    #expect(faults([Self.write, Self.flush, Self.said, Self.said]) == 1)
    #expect(faults([Self.write, Self.flush, Self.said, Self.write, Self.said]) == 1)
    #expect(faults([Self.write, Self.flush, Self.said, Self.write, Self.flush, Self.said]) == 0)
  }

  @Test("a flush that had not returned, failed, or was of another file does not count")
  func notFlushed() {
    let begins = "12 fdatasync(\(Self.wal) <unfinished ...>"
    let ends = "12 <... fdatasync resumed>) = 0"
    #expect(faults([Self.write, begins, ends, Self.said]) == 0)
    #expect(faults([Self.write, begins, Self.said, ends]) == 1)
    #expect(
      faults([Self.write, "12 fdatasync(\(Self.wal)) = -1 EIO (Input/output error)", Self.said])
        == 1)
    #expect(faults([Self.write, "12 fdatasync(8</l/ledger.sqlite>) = 0", Self.said]) == 1)
    #expect(faults([begins, Self.write, ends, Self.said]) == 1)
  }

  private static let blob = [
    "1 mkdir(\"/l/blobs/ab\", 0700) = 0", "1 fsync(3</l/blobs>) = 0",
    "1 write(3</l/blobs/ab/c.part>, \"x\", 1) = 1", "1 fsync(3</l/blobs/ab/c.part>) = 0",
    "1 rename(\"/l/blobs/ab/c.part\", \"/l/blobs/ab/c\") = 0", "1 fsync(3</l/blobs/ab>) = 0",
    write,
  ]

  @Test("a blob: each call that is missing or late is found")
  func blobs() {
    func faults(_ lines: [String]) -> [String] {
      CallTrace(lines.joined(separator: "\n")).careless(
        below: "/l/blobs", before: "ledger.sqlite-wal")
    }
    #expect(faults(Self.blob) == [])
    for flush in [1, 3, 5] {
      var without = Self.blob
      let line = without.remove(at: flush)
      #expect(faults(without).count == 1, "without \(line)")
      #expect(faults(without + [line]).count == 1, "\(line) too late")
    }
    var swapped = Self.blob
    swapped.swapAt(2, 3)
    #expect(faults(swapped).count == 1)
    swapped = Self.blob
    swapped.swapAt(3, 4)
    #expect(faults(swapped).count == 1)
  }
}
