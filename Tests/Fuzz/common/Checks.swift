/// Ends the run where something does not hold: libFuzzer keeps the input.
func check(_ holds: Bool, _ message: @autoclosure () -> String) {
  if !holds { fatalError(message()) }
}

/// Whether the bytes of a text are UTF-8: the unchecked copies of a reader must be right.
func isValid(_ text: String) -> Bool {
  String(validating: Array(text.utf8), as: UTF8.self) != nil
}

/// The fuzzer's bytes as a run of choices, so that mutations change one of them and not all.
/// Beyond the end every choice is 0.
struct Choices {
  private var rest: ArraySlice<UInt8>

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
  }

  var isEmpty: Bool { rest.isEmpty }

  /// One of `count` choices.
  mutating func choose(_ count: Int) -> Int { Int(rest.popFirst() ?? 0) % max(count, 1) }

  /// The bytes up to a line feed, which is taken too.
  mutating func line() -> [UInt8] {
    let line = Array(rest.prefix { $0 != 0x0A })
    rest = rest.dropFirst(line.count + 1)
    return line
  }

  /// As ``line()``, as text.
  mutating func text() -> String { String(decoding: line(), as: UTF8.self) }

  /// All that is left.
  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}
