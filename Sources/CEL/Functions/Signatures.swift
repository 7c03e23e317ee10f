/// The forms of the standard functions and operators; capitals are type parameters.
enum Signatures {
  /// All of them, one a word.
  static let all = [
    operators, comparisons, conversions, texts, moreTexts, times, optionals, mathematics,
  ].joined(separator: "\n")

  private static let operators = """
    !_(bool):bool -_(int):int -_(double):double
    _&&_(bool,bool):bool _||_(bool,bool):bool _?_:_(bool,A,A):A
    _==_(A,A):bool _!=_(A,A):bool
    @in(A,list(A)):bool @in(A,map(A,B)):bool
    _[_](list(A),int):A _[_](map(A,B),A):B
    _[_](optional_type(list(A)),int):optional_type(A)
    _[_](optional_type(map(A,B)),A):optional_type(B)
    _[?_](list(A),int):optional_type(A) _[?_](map(A,B),A):optional_type(B)
    _[?_](optional_type(list(A)),int):optional_type(A)
    _[?_](optional_type(map(A,B)),A):optional_type(B)
    _+_(int,int):int _+_(uint,uint):uint _+_(double,double):double
    _+_(string,string):string _+_(bytes,bytes):bytes _+_(list(A),list(A)):list(A)
    _+_(timestamp,duration):timestamp _+_(duration,timestamp):timestamp
    _+_(duration,duration):duration
    _-_(int,int):int _-_(uint,uint):uint _-_(double,double):double
    _-_(timestamp,timestamp):duration _-_(timestamp,duration):timestamp
    _-_(duration,duration):duration
    _*_(int,int):int _*_(uint,uint):uint _*_(double,double):double
    _/_(int,int):int _/_(uint,uint):uint _/_(double,double):double
    _%_(int,int):int _%_(uint,uint):uint
    """

  /// Each order for each pair of types that has one.
  private static let comparisons: String = {
    let same = ["bool", "string", "bytes", "timestamp", "duration"].map { ($0, $0) }
    let numbers = ["int", "uint", "double"]
    let pairs = same + numbers.flatMap { left in numbers.map { (left, $0) } }
    return ["_<_", "_<=_", "_>_", "_>=_"].flatMap { name in
      pairs.map { "\(name)(\($0.0),\($0.1)):bool" }
    }.joined(separator: "\n")
  }()

  private static let conversions = """
    dyn(A):dyn type(A):type(A)
    bool(bool):bool bool(string):bool
    bytes(bytes):bytes bytes(string):bytes
    double(double):double double(int):double double(uint):double double(string):double
    int(int):int int(uint):int int(double):int int(string):int int(timestamp):int
    uint(uint):uint uint(int):uint uint(double):uint uint(string):uint
    string(string):string string(bool):string string(int):string string(uint):string
    string(double):string string(bytes):string string(timestamp):string string(duration):string
    timestamp(timestamp):timestamp timestamp(string):timestamp timestamp(int):timestamp
    duration(duration):duration duration(string):duration
    base64.encode(bytes):string base64.decode(string):bytes
    """

  private static let texts = """
    size(string):int size(bytes):int size(list(A)):int size(map(A,B)):int
    string->size():int bytes->size():int list(A)->size():int map(A,B)->size():int
    string->contains(string):bool string->startsWith(string):bool string->endsWith(string):bool
    string->matches(string):bool matches(string,string):bool
    """

  private static let moreTexts = """
    string->charAt(int):string
    string->indexOf(string):int string->indexOf(string,int):int
    string->lastIndexOf(string):int string->lastIndexOf(string,int):int
    string->lowerAscii():string string->upperAscii():string string->trim():string
    string->reverse():string
    string->replace(string,string):string string->replace(string,string,int):string
    string->split(string):list(string) string->split(string,int):list(string)
    string->substring(int):string string->substring(int,int):string
    list(string)->join():string list(string)->join(string):string
    string->format(list(dyn)):string strings.quote(string):string
    """

  private static let times = """
    timestamp->getFullYear():int timestamp->getFullYear(string):int
    timestamp->getMonth():int timestamp->getMonth(string):int
    timestamp->getDayOfYear():int timestamp->getDayOfYear(string):int
    timestamp->getDayOfMonth():int timestamp->getDayOfMonth(string):int
    timestamp->getDate():int timestamp->getDate(string):int
    timestamp->getDayOfWeek():int timestamp->getDayOfWeek(string):int
    timestamp->getHours():int timestamp->getHours(string):int duration->getHours():int
    timestamp->getMinutes():int timestamp->getMinutes(string):int duration->getMinutes():int
    timestamp->getSeconds():int timestamp->getSeconds(string):int duration->getSeconds():int
    timestamp->getMilliseconds():int timestamp->getMilliseconds(string):int
    duration->getMilliseconds():int
    """

  private static let optionals = """
    optional.of(A):optional_type(A) optional.ofNonZeroValue(A):optional_type(A)
    optional.none():optional_type(A) optional.unwrap(list(optional_type(A))):list(A)
    list(optional_type(A))->unwrapOpt():list(A)
    optional_type(A)->hasValue():bool optional_type(A)->value():A
    optional_type(A)->or(optional_type(A)):optional_type(A) optional_type(A)->orValue(A):A
    """

  private static let mathematics: String = {
    let numbers = ["int", "uint", "double"]
    var lines: [String] = []
    for name in ["math.greatest", "math.least"] {
      for one in numbers {
        lines.append("\(name)(\(one)):\(one)")
        lines.append("\(name)(list(\(one))):\(one)")
        for other in numbers {
          lines.append("\(name)(\(one),\(other)):\(one == other ? one : "dyn")")
        }
      }
    }
    for name in ["ceil", "floor", "round", "trunc"] { lines.append("math.\(name)(double):double") }
    for name in ["isNaN", "isInf", "isFinite"] { lines.append("math.\(name)(double):bool") }
    for one in numbers {
      lines.append("math.abs(\(one)):\(one)")
      lines.append("math.sign(\(one)):\(one)")
      lines.append("math.sqrt(\(one)):double")
    }
    for one in ["int", "uint"] {
      for name in ["bitAnd", "bitOr", "bitXor"] {
        lines.append("math.\(name)(\(one),\(one)):\(one)")
      }
      lines.append("math.bitNot(\(one)):\(one)")
      for name in ["bitShiftLeft", "bitShiftRight"] {
        lines.append("math.\(name)(\(one),int):\(one)")
      }
    }
    return lines.joined(separator: "\n")
  }()
}
