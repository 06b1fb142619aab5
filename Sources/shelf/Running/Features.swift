import Arrivals
import Changes
import Digests
import Store
import Transport

/// What a build of shelf can read, write and reach. Each is a list that something new is one line
/// of; a test hands in another.
struct Features: Sendable {
  /// What it knows of libraries.
  var understanding = Understanding.standard
  /// The forms of digests that it reads.
  var digestFormats = DigestFormats.standard
  /// The formats that it writes papers in.
  var exportFormats = ExportFormat.standard
  /// The kinds of sources that it asks.
  var sourceKinds = SourceKinds.standard
  /// The kinds of folders that it syncs through.
  var remoteKinds = RemoteFolders.kinds

  /// This one.
  static let standard = Features()

  /// The registers that it knows.
  var registers: Registers { understanding.registers }
}
