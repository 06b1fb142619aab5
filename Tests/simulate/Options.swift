import Foundation
import Simulator

/// The words of the command line.
struct Options {
  var first: UInt64 = 1
  var count: UInt64 = 100_000
  var seconds: Double?
  var jobs = 1
  var show: UInt64?
  var weakness: AbsentRule?
  var tellsWeaknesses = false
  /// Lives in which a server lies, or a machine that holds the key.
  var isHostile = false
  /// Started by another process of this program, to which it reports.
  var isWorker = false
  /// A worker that says how far all are, for they are alike.
  var showsProgress = false
  /// A worker takes every so many-th seed.
  var stride: UInt64 = 1

  struct Unknown: Error, CustomStringConvertible {
    var description: String
  }

  init(_ words: some Sequence<String>) throws {
    var words = words.makeIterator()
    while let word = words.next() {
      func number() throws -> UInt64 {
        guard let text = words.next(), let number = UInt64(text) else {
          throw Unknown(description: "\(word) wants a number")
        }
        return number
      }
      switch word {
      case "--first": first = try number()
      case "--count": count = try number()
      case "--seconds": seconds = Double(try number())
      case "--jobs": jobs = max(1, Int(clamping: try number()))
      case "--stride": stride = max(1, try number())
      case "--show": show = try number()
      case "--worker": isWorker = true
      case "--progress": showsProgress = true
      case "--hostile": isHostile = true
      case "--weaknesses": tellsWeaknesses = true
      case "--weakness":
        guard let rule = words.next().flatMap({ AbsentRule(rawValue: $0) }) else {
          let all = AbsentRule.allCases.map(\.rawValue).joined(separator: " ")
          throw Unknown(description: "--weakness wants one of: \(all)")
        }
        weakness = rule
      default: throw Unknown(description: "no such option: \(word)")
      }
    }
  }
}

/// Says on standard error what did not hold, without waiting for the end.
func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

/// Prints a line at once, whoever reads it: a long run is looked at while it runs.
func say(_ text: some CustomStringConvertible) {
  FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}
