import ArgumentParser
import Store

/// `shelf count [FILTER]`
struct CountCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "count", abstract: "Print how many papers a filter selects.")

  @Argument(help: ArgumentHelp("Which papers; none is all.", valueName: "filter"))
  var words: [String] = []
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let filter = try session.filter(words)
    let context = try session.filterContext()
    let count = try session.read { try $0.count(filter, in: context) }
    try session.out.line(String(count ?? 0))
    return .ok
  }
}
