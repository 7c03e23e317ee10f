import Foundation

/// The processes of this machine.
public enum RunningProcesses {
  /// Living processes, but this one, that carry a text in their environment or arguments, or work
  /// below the folder of that name: `number command`.
  public static func carrying(_ text: String) -> [String] {
    let needle = Data(text.utf8)
    let own = "\(ProcessInfo.processInfo.processIdentifier)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { $0.allSatisfy(\.isNumber) && $0 != own }.compactMap { name in
      let folder = "/proc/\(name)"
      guard isAlive(folder) else { return nil }
      let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/cwd")
      let isFound =
        contents("\(folder)/environ").range(of: needle) != nil
        || contents("\(folder)/cmdline").range(of: needle) != nil
        || place?.hasPrefix(text) == true
      guard isFound, isAlive(folder) else { return nil }
      let words = contents("\(folder)/cmdline").split(separator: 0).map {
        String(decoding: $0, as: UTF8.self)
      }
      return "\(name) \(words.joined(separator: " "))"
    }
  }

  private static func isAlive(_ folder: String) -> Bool {
    let text = String(decoding: contents("\(folder)/stat"), as: UTF8.self)
    guard let close = text.lastIndex(of: ")") else { return false }
    let state = text[text.index(after: close)...].drop { $0 == " " }.first
    return state != nil && state != "Z" && state != "X"
  }

  /// A file of `/proc`, whose size is not known beforehand.
  private static func contents(_ path: String) -> Data {
    guard let file = FileHandle(forReadingAtPath: path) else { return Data() }
    defer { try? file.close() }
    return (try? file.readToEnd()) ?? Data()
  }
}
