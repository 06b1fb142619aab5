import ArgumentParser
import JSONText
import Store

/// `shelf count [FILTER]`
struct CountCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "count", abstract: "Print how many papers a filter selects.")

  @Argument(help: ArgumentHelp("Which papers; none is all.", valueName: "filter"))
  var words: [String] = []
  @Flag(help: "A JSON object, {\"count\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let filter = try session.filter(words)
    let context = try session.filterContext()
    let count = try session.read { try $0.count(filter, in: context) }
    guard !json else {
      try session.print { $0.member("count", count ?? 0) }
      return .ok
    }
    try session.out.line(String(count ?? 0))
    return .ok
  }
}
