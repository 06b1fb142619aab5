import Disk

/// A BibTeX file of which our entries are brought in step: `export bibtex --keep`, and `[keep]`.
struct KeptFile {
  let path: String
  private static let attempts = 3

  /// An editor may save the file while its papers are read: then all begins again with what it
  /// saved.
  func bringInStep(_ export: Exporting) throws {
    let session = export.session
    for _ in 0..<Self.attempts {
      let before = try Files.bytesIfThere(path)
      var kept = try KeptBibliography(before ?? [], path: path)
      var count = 0
      try export.forEachPaper { paper in
        count += 1
        kept.take(paper)
      }
      if count == 0, kept.hasOurs {
        return try session.say("no paper fits, so \(path) stays as it is")
      }
      let after = kept.bytes()
      let isDone = try Files.withLock(Paths.join(session.paths.state, "keep.lock")) {
        guard try Files.bytesIfThere(path) == before else { return false }
        if after != before ?? [] {
          _ = try Files.keep(path) { try Files.write(after, to: $0, path) }
        }
        return true
      }
      if isDone { return try session.say("\(path): \(kept.counts.words)") }
    }
    throw Failure(
      .busy, "\(path) is written by another program again and again; it stays as that left it",
      advice: "close it there, then do it again")
  }
}
