/// What stands in an XML document, in order.
public enum XMLEvent: Hashable, Sendable {
  /// One attribute: its name as written, and its value with references resolved.
  public struct Attribute: Hashable, Sendable {
    /// The name as written, prefix included.
    public let name: String
    /// The value, white space made spaces (XML 1.0, section 3.3.3).
    public let value: String

    /// One attribute.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An element begins; an empty one is followed by its end.
  case start(String, [Attribute])
  /// An element ends.
  case end(String)
  /// Text, references resolved; one stretch may come in several parts.
  case text(String)
}

/// What becomes of a document type declaration. None is ever read from elsewhere, and entities of
/// a document's own are refused in any case.
public enum XMLDocumentType: Sendable {
  /// It is refused.
  case refused
  /// One that only names an external subset is passed over; one with an internal subset is refused.
  case external
}
