import Changes
import Store

extension Recorder {
  /// Records facts as somebody does who looked within the same transaction.
  @discardableResult
  package mutating func write(_ facts: [Fact], at: Int64? = nil) throws -> Bool {
    try write(facts, seeing: .thisTransaction, at: at)
  }
}
