import Archives
import Glibc

extension Failure {
  /// An archive in words.
  init(archive error: ArchiveError) {
    switch error {
    case .cutOff(let kind):
      self.init(
        .badInput, "\(kind.words) ends too early; nothing of it was read",
        advice: "get it again: it was not copied whole")
    case .damaged(let kind):
      self.init(
        .badInput, "\(kind.words) is damaged; nothing of it was read",
        advice: "get it again, or unpack what is left of it yourself")
    case .bomb(let kind):
      self.init(
        .badInput, "\(kind.words) unpacks to so much that it is no text; nothing of it was read",
        advice: "unpack it yourself where you trust it")
    case .encrypted:
      self.init(
        .badInput, "the zip archive is encrypted", advice: "unpack it with its password first")
    case .unknownMethod:
      self.init(
        .badInput, "the zip archive is packed in a way that shelf does not know",
        advice: "unpack it first")
    case .tooLarge:
      self.init(
        .badInput, "the zip archive holds too many files",
        advice: "unpack it, and import the folder")
    case .withoutLists:
      self.init(
        .badInput, "no file in the zip archive is called as lists are",
        advice: "unpack it, and name the files to read")
    case .noLibrary(let detail):
      self.init(
        .badInput, "xz files need liblzma (\(detail))",
        advice: "install the Debian package liblzma5, or unpack it first: xz -d")
    case .noMemory:
      self.init(.badInput, "not enough memory to unpack it", advice: "unpack it first")
    case .unreadable(let code):
      self.init(.inputOutput, "reading it failed: \(String(cString: strerror(code)))")
    }
  }
}

extension ArchiveKind {
  fileprivate var words: String {
    switch self {
    case .gzip: "the gzip file"
    case .xz: "the xz file"
    case .zip: "the zip archive"
    }
  }
}
