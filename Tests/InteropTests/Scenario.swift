/// A story of two to five machines that share a folder.
struct Scenario: Sendable, CustomStringConvertible {
  /// Its row in the matrix.
  let name: String
  /// Tells it on a place; throws ``Unexpected`` where something goes otherwise.
  let tell: @Sendable (MeetingPlace) throws -> Void

  var description: String { name }

  /// Its name as that of a folder, for spots of its own.
  func spotName(_ suffix: String = "") -> String {
    name.lowercased().filter { $0.isASCII && $0.isLetter } + suffix
  }

  init(_ name: String, _ tell: @escaping @Sendable (MeetingPlace, String) throws -> Void) {
    self.name = name
    let spot = name.lowercased().filter { $0.isASCII && $0.isLetter }
    self.tell = { try tell($0, spot) }
  }
}

extension Scenario {
  /// Two machines that show the same twelve papers.
  static func pair(_ spot: Spot) throws -> (Machine, Machine) {
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.imports(OwnDigest())
    try desk.adds("home", spot)
    try laptop.adds("home", spot)
    try desk.syncs()
    try laptop.syncs()
    try equal(try laptop.papers().count, 12, "papers on the laptop")
    return (desk, laptop)
  }
}
