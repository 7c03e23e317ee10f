extension String {
  /// Byte by byte: `==` would take canonically equivalent texts as one.
  func isSame(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
