import Disk
import Glibc
import Store

/// One file of `[keep]`: an export that is brought in step whenever the list has changed.
struct KeptExport {
  /// `NAME` of `keep.NAME`.
  let name: String
  let format: ExportFormat
  /// The filter as config.toml has it.
  let filter: String
  /// The file, from the root.
  let file: String

  /// Nil where no file is named.
  init?(_ name: String, _ settings: [String: ConfigurationKey.Value], _ session: Session) {
    let file = Self.file(of: settings)
    guard !file.isEmpty else { return nil }
    self.name = name
    self.file = session.world.expandingTilde(file)
    filter = Self.text("filter", settings) ?? ""
    let known = session.features.exportFormats
    let named = Self.text("format", settings) ?? ExportFormat.html.name
    format = known.first { $0.name == named } ?? .html
  }

  /// The file as config.toml has it; empty for none.
  static func file(of settings: [String: ConfigurationKey.Value]) -> String {
    text("file", settings) ?? ""
  }

  private static func text(
    _ key: String, _ settings: [String: ConfigurationKey.Value]
  ) -> String? {
    guard case .text(let text)? = settings[key] else { return nil }
    return text
  }

  /// The papers that are to stand in it.
  func export(_ session: Session) throws -> Exporting {
    try Exporting(session, format, filter.isEmpty ? [] : [filter])
  }

  /// Brings the file in step; one that tells the same already is not touched.
  func bringInStep(_ session: Session) throws {
    let export = try export(session)
    if format == .bibtex { return try KeptFile(path: file).bringInStep(export) }
    _ = try export.keep(file)
  }
}

/// All files of `[keep]`.
struct KeptExports {
  private let session: Session
  private let folder: String

  init(_ session: Session) {
    self.session = session
    folder = BackgroundDoor(session.paths).folder
  }

  /// Brings in step those that may not be: what cannot be written is told on the dashboard.
  func bringInStep() {
    guard let configuration = try? session.configuration() else { return }
    let all = configuration.keeps.sorted { $0.key < $1.key }
      .compactMap { KeptExport($0.key, $0.value, session) }
    guard !all.isEmpty, let library = try? session.existingLibrary(),
      let place = try? library.lastPlace()
    else { return }
    let troubles = BackgroundTroubles(session.paths)
    for kept in all {
      // Filters speak of days.
      let state = "\(place) \(session.world.today) \(kept.format.name) \(kept.filter)\n\(kept.file)"
      let mark = Paths.join(folder, "kept." + Draft.name(kept.name))
      if access(kept.file, F_OK) == 0, (try? Files.text(mark, limit: 64 << 10)) == state {
        continue
      }
      do {
        try kept.bringInStep(session)
        troubles.forget(.keep, kept.name)
        try? Files.replace(mark, mode: 0o600, isFlushed: false) {
          try Files.write(Array(state.utf8), to: $0, mark)
        }
      } catch {
        let trouble = BackgroundTrouble(
          error, after: troubles.known(.keep, kept.name), session.world.now(), spread: 0)
        troubles.keep(trouble, .keep, kept.name)
      }
    }
  }
}
