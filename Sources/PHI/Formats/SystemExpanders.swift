import Reading

/// zstd (RFC 8878), through the system's libzstd.
final class ZstdExpander: Expander {
  private struct Library: Sendable {
    let create: @convention(c) () -> UnsafeMutableRawPointer?
    let free: @convention(c) (UnsafeMutableRawPointer?) -> Int
    let step:
      @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer) ->
        Int
    let isError: @convention(c) (Int) -> UInt32

    init?() {
      guard let library = SystemLibrary(["libzstd.so.1", "libzstd.1.dylib"]),
        let create = library.find(
          "ZSTD_createDStream", (@convention(c) () -> UnsafeMutableRawPointer?).self),
        let free = library.find(
          "ZSTD_freeDStream", (@convention(c) (UnsafeMutableRawPointer?) -> Int).self),
        let step = library.find(
          "ZSTD_decompressStream",
          (@convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer
          ) -> Int).self),
        let isError = library.find("ZSTD_isError", (@convention(c) (Int) -> UInt32).self)
      else { return nil }
      (self.create, self.free, self.step, self.isError) = (create, free, step, isError)
    }
  }
  private static let library = Library()

  private let library: Library
  private let stream: UnsafeMutableRawPointer
  private var isDone = false

  /// - Throws: `ReadingError` when the library is not on this machine.
  init() throws {
    guard let library = Self.library, let stream = library.create() else {
      throw ReadingError("zstd is not read, since libzstd is not on this machine; expand it first")
    }
    (self.library, self.stream) = (library, stream)
  }

  deinit { _ = library.free(stream) }

  /// `ZSTD_inBuffer` and `ZSTD_outBuffer`: a pointer, a size, and how far it is used.
  private struct Buffer {
    var start: UnsafeRawPointer?
    var size: Int
    var place = 0
  }

  func add(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws {
    try bytes.withUnsafeBytes { input in
      var source = Buffer(start: input.baseAddress, size: input.count)
      var isFull = false
      while source.place < source.size || isFull {
        var status = 0
        let out = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { out, count in
          var target = Buffer(start: UnsafeRawPointer(out.baseAddress), size: out.count)
          status = withUnsafeMutableBytes(of: &target) { target in
            withUnsafeMutableBytes(of: &source) { source in
              guard let target = target.baseAddress, let source = source.baseAddress else {
                return -1
              }
              return library.step(stream, target, source)
            }
          }
          count = target.place
        }
        guard library.isError(status) == 0 else {
          throw ReadingError(
            "the compressed content is damaged, or needs more memory than is given")
        }
        isDone = status == 0
        isFull = out.count == Self.pieceSize
        if !out.isEmpty { try emit(out) }
      }
    }
  }

  func end() throws {
    guard isDone else { throw ReadingError("the compressed content is cut off") }
  }
}

/// bzip2 and xz, through the system's libbz2 and liblzma, whose streams begin with the same fields.
final class BlockExpander: Expander {
  /// The forms that are read this way.
  enum Form: Sendable { case bzip2, xz }

  private typealias Start = @convention(c) (UnsafeMutableRawPointer, Int32, Int32) -> Int32
  private typealias StartXZ = @convention(c) (UnsafeMutableRawPointer, UInt64, UInt32) -> Int32
  private typealias Step = @convention(c) (UnsafeMutableRawPointer) -> Int32
  private typealias StepXZ = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32

  /// Memory that xz may use: 256 MiB; its greatest level asks for 65.
  private static let memoryLimit: UInt64 = 256 << 20

  private struct BZip2: Sendable {
    let start: Start
    let step: Step
    let end: Step
    init?() {
      guard let library = SystemLibrary(["libbz2.so.1.0", "libbz2.so.1", "libbz2.1.0.dylib"]),
        let start = library.find("BZ2_bzDecompressInit", Start.self),
        let step = library.find("BZ2_bzDecompress", Step.self),
        let end = library.find("BZ2_bzDecompressEnd", Step.self)
      else { return nil }
      (self.start, self.step, self.end) = (start, step, end)
    }
  }
  private static let bzip2 = BZip2()

  private struct XZ: Sendable {
    let start: StartXZ
    let step: StepXZ
    let end: @convention(c) (UnsafeMutableRawPointer) -> Void
    init?() {
      guard let library = SystemLibrary(["liblzma.so.5", "liblzma.5.dylib"]),
        let start = library.find("lzma_stream_decoder", StartXZ.self),
        let step = library.find("lzma_code", StepXZ.self),
        let end = library.find(
          "lzma_end", (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
      else { return nil }
      (self.start, self.step, self.end) = (start, step, end)
    }
  }
  private static let xz = XZ()

  private let form: Form
  /// `bz_stream` (80 bytes) or `lzma_stream` (136 bytes), as the libraries' headers lay them out on
  /// machines of 64 bits.
  private let stream = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 16)
  private var isDone = false
  private var isOpen = false

  /// - Throws: `ReadingError` when the library is not on this machine.
  init(_ form: Form) throws {
    self.form = form
    try open()
  }

  deinit {
    close()
    stream.deallocate()
  }

  private func open() throws {
    stream.initializeMemory(as: UInt8.self, repeating: 0, count: 256)
    let status: Int32? =
      switch form {
      case .bzip2: Self.bzip2?.start(stream, 0, 0)
      // The flag reads streams that stand behind one another.
      case .xz: Self.xz?.start(stream, Self.memoryLimit, 0x08)
      }
    guard status == 0 else {
      let (name, library) = form == .xz ? ("xz", "liblzma") : ("bzip2", "libbz2")
      throw ReadingError(
        "\(name) is not read, since \(library) is not on this machine; expand it first")
    }
    isOpen = true
    isDone = false
  }

  private func close() {
    guard isOpen else { return }
    isOpen = false
    switch form {
    case .bzip2: _ = Self.bzip2?.end(stream)
    case .xz: Self.xz?.end(stream)
    }
  }

  private var available: Int {
    get {
      form == .bzip2
        ? Int(stream.load(fromByteOffset: 8, as: UInt32.self))
        : stream.load(fromByteOffset: 8, as: Int.self)
    }
    set {
      if form == .bzip2 {
        stream.storeBytes(of: UInt32(newValue), toByteOffset: 8, as: UInt32.self)
      } else {
        stream.storeBytes(of: newValue, toByteOffset: 8, as: Int.self)
      }
    }
  }

  private var room: Int {
    get {
      form == .bzip2
        ? Int(stream.load(fromByteOffset: 32, as: UInt32.self))
        : stream.load(fromByteOffset: 32, as: Int.self)
    }
    set {
      if form == .bzip2 {
        stream.storeBytes(of: UInt32(newValue), toByteOffset: 32, as: UInt32.self)
      } else {
        stream.storeBytes(of: newValue, toByteOffset: 32, as: Int.self)
      }
    }
  }

  func add(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws {
    try bytes.withUnsafeBytes { input in
      guard let base = input.baseAddress else { return }
      var used = 0
      var isFull = false
      while used < input.count || isFull {
        if isDone {
          // bzip2 writes streams behind one another, as parallel compressors do.
          guard form == .bzip2, used < input.count else { return }
          if input[used...].allSatisfy({ $0 == 0 }) { return }
          close()
          try open()
        }
        let out = try step(base + used, input.count - used)
        used = input.count - available
        isFull = out.count == Self.pieceSize && !isDone
        if !out.isEmpty { try emit(out) }
      }
    }
  }

  private func step(_ input: UnsafeRawPointer, _ count: Int) throws -> [UInt8] {
    stream.storeBytes(of: input, as: UnsafeRawPointer.self)
    available = count
    var status: Int32? = -1
    let out = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { out, count in
      stream.storeBytes(
        of: out.baseAddress, toByteOffset: 24, as: UnsafeMutablePointer<UInt8>?.self)
      room = out.count
      status = form == .bzip2 ? Self.bzip2?.step(stream) : Self.xz?.step(stream, 0)
      count = out.count - room
    }
    switch (form, status) {
    case (.bzip2, 0), (.xz, 0), (.xz, 10): break
    case (.bzip2, 4), (.xz, 1): isDone = true
    default:
      throw ReadingError("the compressed content is damaged, or needs more memory than is given")
    }
    return out
  }

  func end() throws {
    if form == .xz, !isDone {
      // With streams behind one another, the end must be said: LZMA_FINISH.
      var status: Int32? = -1
      _ = [UInt8](unsafeUninitializedCapacity: 16) { out, count in
        available = 0
        stream.storeBytes(
          of: out.baseAddress, toByteOffset: 24, as: UnsafeMutablePointer<UInt8>?.self)
        room = out.count
        status = Self.xz?.step(stream, 3)
        count = 0
      }
      isDone = status == 1
    }
    guard isDone else { throw ReadingError("the compressed content is cut off") }
  }
}
