/// Paths as texts. (`NSString.deletingLastPathComponent` of Foundation 6.3 on Linux crashes on a
/// name of one character, so it is not used here.)
public enum PathText {
  /// The folder that a path lies in: `.` for a bare name, `/` for what lies in the root.
  public static func parent(of path: String) -> String {
    var end = path.utf8.endIndex
    let bytes = path.utf8
    while end > bytes.startIndex, bytes[bytes.index(before: end)] == 0x2f {
      end = bytes.index(before: end)
    }
    guard end > bytes.startIndex else { return path.isEmpty ? "." : "/" }
    guard let slash = bytes[..<end].lastIndex(of: 0x2f) else { return "." }
    let parent = path[..<slash]
    return parent.isEmpty ? "/" : String(parent)
  }

  /// A path as seen from a folder: itself when it is absolute.
  public static func resolve(_ path: String, in folder: String) -> String {
    path.utf8.first == 0x2f || folder == "." ? path : "\(folder)/\(path)"
  }
}
