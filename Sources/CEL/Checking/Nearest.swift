/// Finds the word that was probably meant.
enum Nearest {
  /// A phrase for the end of an error, or nothing when no word is near.
  static func hint(_ word: String, _ words: [String]) -> String {
    guard word.utf8.count <= 100 else { return "" }
    let limit = max(1, word.utf8.count / 3)
    var best: (word: String, distance: Int)?
    for other in words.sorted() where abs(other.utf8.count - word.utf8.count) <= limit {
      let distance = distance(Array(word.utf8), Array(other.utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (other, distance) }
    }
    return best.map { "; did you mean '\($0.word)'?" } ?? ""
  }

  /// Letters to insert, remove, replace or swap with their neighbour.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var least = min(previous[column + 1], current[column]) + 1
        least = min(least, previous[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          least = min(least, before[column - 1] + 1)
        }
        current.append(least)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
