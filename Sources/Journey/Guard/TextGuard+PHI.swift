import PHI
import Pipeline

extension TextGuard {
  /// Looks for PHI with the program's own recognisers; each text is taken for what it is.
  static let phi = TextGuard { bytes in
    PHIScanner.findings(in: bytes).map { Hit(kind: $0.type.rawValue, range: $0.start..<$0.end) }
  }
}
