import TestSupport

/// A disk that keeps for sure only what was flushed, as POSIX has it: `fsync` of a file keeps its
/// content, `fsync` of a folder the names in it, and neither does the other's work.
///
/// What was not flushed may be there or not when the power goes: of a file's writes any, in any
/// order, torn at sectors; of a folder's changes of names those up to any one, for journals keep
/// their order.
struct SimulatedDisk {
  /// Bytes that are written as a whole or not at all.
  private static let sector = 512

  private final class Content {
    var flushed: [UInt8] = []
    var now: [UInt8] = []
    var pending: [Change] = []
  }

  private enum Change {
    case write(Int, ArraySlice<UInt8>)
    case resize(Int)
  }

  private enum Entry {
    case file(Content)
    case folder
  }

  /// A change of the names in one folder; nil takes a name away.
  private typealias Names = [String: Entry]

  private var flushed: Names = [:]
  private var now: Names = [:]
  private var pending: [String: [[(String, Entry?)]]] = [:]
  private var byInode: [UInt64: Content] = [:]

  /// A disk that says it has flushed and has not: what a test must notice.
  var isLying = false

  /// A rename across folders, which nothing here does.
  struct NotSimulated: Error { var what: String }

  /// Does what a process did. Files that it did not make (its standard output) are passed over.
  mutating func apply(_ event: DiskEvent) throws {
    switch event {
    case .create(let inode, let path, _):
      let content = Content()
      byInode[inode] = content
      change([(path, .file(content))])
    case .write(let inode, let offset, let bytes):
      guard let content = byInode[inode] else { return }
      content.pending.append(.write(offset, bytes))
      Self.write(bytes, at: offset, into: &content.now)
    case .resize(let inode, let size):
      guard let content = byInode[inode] else { return }
      content.pending.append(.resize(size))
      Self.resize(&content.now, size)
    case .flush where isLying: break
    case .flushFolder where isLying: break
    case .flush(let inode):
      guard let content = byInode[inode] else { return }
      content.flushed = content.now
      content.pending = []
    case .flushFolder(let path):
      for group in pending.removeValue(forKey: path) ?? [] { Self.apply(group, to: &flushed) }
    case .makeFolder(let path, _): change([(path, .folder)])
    case .remove(let path): change([(path, nil)])
    case .rename(let from, let to):
      guard let entry = now[from], Self.folder(of: from) == Self.folder(of: to) else {
        throw NotSimulated(what: "rename \(from) to \(to)")
      }
      change([(from, nil), (to, entry)])
    }
  }

  private mutating func change(_ group: [(String, Entry?)]) {
    Self.apply(group, to: &now)
    pending[Self.folder(of: group[0].0), default: []].append(group)
  }

  // MARK: Looking

  /// The files as the processes saw them, by path.
  func files() -> [String: [UInt8]] {
    now.compactMapValues { entry in
      if case .file(let content) = entry { content.now } else { nil }
    }
  }

  /// The files a disk might hold had the power gone now.
  func filesAfterCut(_ generator: inout SeededGenerator) -> [String: [UInt8]] {
    var names = flushed
    for folder in pending.keys.sorted() {
      let groups = pending[folder] ?? []
      let count = [0, groups.count, Int.random(in: 0...groups.count, using: &generator)]
        .randomElement(using: &generator)
      for group in groups.prefix(count ?? 0) { Self.apply(group, to: &names) }
    }
    var files: [String: [UInt8]] = [:]
    for path in names.keys.sorted() where isReachable(path, names) {
      guard case .file(let content)? = names[path] else { continue }
      files[path] = Self.cut(content, &generator)
    }
    return files
  }

  private func isReachable(_ path: String, _ names: Names) -> Bool {
    let folder = Self.folder(of: path)
    // The folder that is recorded was there before.
    guard now[folder] != nil || flushed[folder] != nil else { return true }
    guard case .folder? = names[folder] else { return false }
    return isReachable(folder, names)
  }

  private static func cut(_ content: Content, _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = content.flushed
    // None, all, or some of it: one kind for the whole file, or orderly losses would be too rare.
    let kind = Int.random(in: 0..<6, using: &generator)
    let stop = Int.random(in: 0...content.pending.count, using: &generator)
    for (index, change) in content.pending.enumerated() {
      switch kind {
      case 0: return bytes
      case 1: apply(change, to: &bytes)
      case 2: if index < stop { apply(change, to: &bytes) }
      case 3: if index >= stop { apply(change, to: &bytes) }
      case 4: if Bool.random(using: &generator) { apply(change, to: &bytes) }
      default: tear(change, into: &bytes, &generator)
      }
    }
    return bytes
  }

  /// Some sectors of a write; of those that are lost beyond the end, nothing or what was there
  /// before.
  private static func tear(
    _ change: Change, into bytes: inout [UInt8], _ generator: inout SeededGenerator
  ) {
    guard case .write(let offset, let new) = change else {
      if Bool.random(using: &generator) { apply(change, to: &bytes) }
      return
    }
    var start = new.startIndex
    while start < new.endIndex {
      let place = offset + start - new.startIndex
      let end = min(new.endIndex, start + sector - place % sector)
      if Bool.random(using: &generator) {
        write(new[start..<end], at: place, into: &bytes)
      } else if place + end - start > bytes.count, Bool.random(using: &generator) {
        let old = UInt8.random(in: 0...255, using: &generator)
        write(Array(repeating: old, count: end - start)[...], at: place, into: &bytes)
      }
      start = end
    }
  }

  // MARK: Bytes and names

  private static func apply(_ change: Change, to bytes: inout [UInt8]) {
    switch change {
    case .write(let offset, let new): write(new, at: offset, into: &bytes)
    case .resize(let size): resize(&bytes, size)
    }
  }

  private static func write(_ new: ArraySlice<UInt8>, at offset: Int, into bytes: inout [UInt8]) {
    if bytes.count < offset + new.count { resize(&bytes, offset + new.count) }
    bytes.replaceSubrange(offset..<(offset + new.count), with: new)
  }

  private static func resize(_ bytes: inout [UInt8], _ size: Int) {
    if size < bytes.count { bytes.removeLast(bytes.count - size) }
    bytes += [UInt8](repeating: 0, count: size - bytes.count)
  }

  private static func apply(_ group: [(String, Entry?)], to names: inout Names) {
    for (path, entry) in group { names[path] = entry }
  }

  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
