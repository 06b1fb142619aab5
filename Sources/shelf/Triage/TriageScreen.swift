import Papers
import Store

/// Draws a ``TriageState``: a pure function of it and a size.
///
/// Invariants, tested with random states and sizes: exactly as many lines as the terminal has rows,
/// none wider than it has columns, and nothing in them drives the terminal but the styles of a
/// ``Palette``.
struct TriageScreen: Sendable {
  /// The rows and columns of a terminal, bounded.
  struct Size: Hashable, Sendable {
    let columns: Int
    let rows: Int

    /// A size that makes sense, whatever the terminal says.
    init(columns: Int, rows: Int) {
      self.columns = max(1, min(1000, columns))
      self.rows = max(1, min(500, rows))
    }
  }

  /// What is seen.
  struct Frame: Hashable, Sendable {
    /// One for each row.
    var lines: [Styled]
    /// Row and column, from 0, of what is being typed; nil while nothing is.
    var cursor: (row: Int, column: Int)?
    /// The rows of the card that are seen at once, and all it has.
    var page: Int
    var length: Int

    static func == (a: Frame, b: Frame) -> Bool {
      a.lines == b.lines && a.cursor?.row == b.cursor?.row && a.cursor?.column == b.cursor?.column
    }

    func hash(into hasher: inout Hasher) { hasher.combine(lines) }
  }

  let size: Size
  let palette: Palette
  let cells: CellWidth
  let zone: Timestamp.Zone

  /// From so many columns on the stack is seen beside the card.
  private static let columnsOfList = 100
  /// Lines longer than this are hard to read.
  private static let widestText = 96

  /// What to show.
  func frame(_ state: TriageState) -> Frame {
    let hasMessageRow = size.rows >= 7
    let top = size.rows >= 3 ? 1 : 0
    let bottom = size.rows >= 4 ? (hasMessageRow ? 2 : 1) : 0
    let height = max(1, size.rows - top - bottom)
    let width = size.columns
    var body = body(state, width: width, height: height)
    var lines = top == 1 ? [head(state)] : []
    lines += body.lines
    var cursor: (row: Int, column: Int)?
    if hasMessageRow {
      let (line, column) = message(state)
      cursor = column.map { (lines.count, $0) }
      lines += [line, foot(state)]
    } else if let said = said(state) {
      // There is one line for both, or none, and then the last of the card.
      if bottom == 0 { lines[lines.count - 1] = said.line } else { lines.append(said.line) }
      cursor = said.column.map { (lines.count - 1, $0) }
    } else if bottom == 1 {
      lines.append(foot(state))
    }
    lines = lines.map { $0.clipped(to: width, cells).line }
    if let place = cursor { cursor = (place.row, min(place.column, width - 1)) }
    body.lines = lines
    body.cursor = cursor
    return body
  }

  private func said(_ state: TriageState) -> (line: Styled, column: Int?)? {
    if case .typing = state.mode { return message(state) }
    return state.message == nil ? nil : message(state)
  }

  // MARK: Head and foot

  private func head(_ state: TriageState) -> Styled {
    var line = Styled()
    guard let progress = state.progress else {
      line.append("triage", .bold, in: palette)
      return line
    }
    line.append(progress.day.words, .bold, in: palette)
    line = line + "  \(progress.place)/\(progress.total)"
    if progress.queued > 0 { line = line + " · \(progress.queued) queued" }
    if progress.starred > 0 { line = line + " · \(progress.starred) starred" }
    if let narrowing = state.narrowing {
      line = line + " · " + palette.paint(OneLine.flat(narrowing.words), .yellow)
    }
    return line
  }

  /// The keys, as many as fit; where all are found always.
  private func foot(_ state: TriageState) -> Styled {
    let typing = [("enter", "done"), ("esc", "never mind")]
    let whole: [TriageVerb] = [.card, .read, .queue, .skip, .next, .back]
    let items: [(String, String)]
    switch state.mode {
    case .typing(_, let line):
      if let candidates = candidates(line) { return candidates }
      items = typing
    case .notice: items = [("any key", "goes on")]
    case .help: items = [("any key", "goes back"), ("pagedown", "more")]
    case .whole: items = named(whole, state) + [("pagedown", "more")]
    case .card:
      items = named(
        [
          .read, .queue, .skip, .next, .back, .star, .tag, .note, .open, .card, .undo, .reading,
          .author, .search, .rest, .leave,
        ], state)
    }
    let last = state.mode == .card ? named([.help], state) : []
    return row(items, last)
  }

  private func named(_ verbs: [TriageVerb], _ state: TriageState) -> [(String, String)] {
    verbs.map { (state.keys.name(of: $0), $0 == .card ? "the card" : $0.label) }
  }

  private func row(_ items: [(String, String)], _ last: [(String, String)]) -> Styled {
    func width(_ item: (String, String)) -> Int {
      cells.width(of: item.0) + 1 + cells.width(of: item.1)
    }
    var line = Styled()
    var used = last.reduce(0) { $0 + 2 + width($1) } - 2
    var shown: [(String, String)] = []
    for item in items {
      guard used + 2 + width(item) <= size.columns else { break }
      used += 2 + width(item)
      shown.append(item)
    }
    for (index, item) in (shown + last).enumerated() {
      if index > 0 { line.append(spaces: 2) }
      line.append(item.0, .bold, in: palette)
      line.append(" " + item.1, .dim, in: palette)
    }
    return line
  }

  /// What Tab goes through; nil where there is nothing.
  private func candidates(_ line: LineInput) -> Styled? {
    let all = line.candidates
    guard !all.isEmpty else { return nil }
    var shown = Styled()
    // The one that stands there now is always seen.
    for (index, name) in all.enumerated().dropFirst(max(0, (line.chosen ?? 0) - 2)).prefix(20) {
      if !shown.isEmpty { shown.append(spaces: 2) }
      shown.append(OneLine.flat(name), index == line.chosen ? .reverse : .dim, in: palette)
    }
    return shown
  }

  private func message(_ state: TriageState) -> (line: Styled, column: Int?) {
    if case .typing(let purpose, let line) = state.mode { return typed(purpose, line, state) }
    guard let message = state.message else { return (Styled(), nil) }
    let text = cells.truncated(Printable.line(OneLine.flat(message.text)), to: size.columns)
    return (palette.paint(text, message.isComplaint ? .red : .dim), nil)
  }

  /// What is being typed, as much as fits about the cursor; what is wrong with it stands behind.
  private func typed(
    _ purpose: TriageState.Purpose, _ line: LineInput, _ state: TriageState
  ) -> (line: Styled, column: Int?) {
    let prompt = cells.prefix(of: purpose.prompt, cells: max(0, size.columns - 2))
    let room = max(1, size.columns - cells.width(of: prompt) - 1)
    let text = Printable.line(line.text)
    let before = Printable.line(String(line.text.prefix(line.cursor)))
    let start = cells.end(of: before, cells: room)
    var shown = palette.paint(prompt, .bold)
    let rest = text.utf8.count >= before.utf8.count ? String(text.dropFirst(before.count)) : ""
    shown = shown + start + cells.prefix(of: rest, cells: room - cells.width(of: start))
    if let message = state.message {
      shown = shown + "   " + palette.paint(OneLine.flat(message.text), .red)
    }
    return (shown, cells.width(of: prompt) + cells.width(of: start))
  }

  // MARK: Body

  private func body(_ state: TriageState, width: Int, height: Int) -> Frame {
    switch state.mode {
    case .help: return scrolled(help(state, width: width), state, height, more: "pagedown")
    case .notice(let lines):
      let wrap = Wrap(width: width, cells: cells)
      return scrolled(
        lines.flatMap { wrap.lines(Printable.block($0), hanging: 2) }.map { Styled($0) }, state,
        height, more: "")
    case .whole:
      let text = min(width, Self.widestText)
      let lines = state.card.map { card(text).lines($0, history: state.history) } ?? []
      return scrolled(lines, state, height, more: "pagedown")
    case .card, .typing: break
    }
    guard size.columns >= Self.columnsOfList, height >= 4 else {
      let text = min(width, Self.widestText)
      return scrolled(essence(state, text), state, height, more: more(state))
    }
    let left = min(60, width * 2 / 5)
    let right = width - left - 3
    var frame = scrolled(
      essence(state, min(right, Self.widestText)), state, height, more: more(state))
    let list = TriageList(width: left, height: height, palette: palette, cells: cells).lines(state)
    let bar = " " + palette.paint("│", .dim) + " "
    frame.lines = zip(list, frame.lines).map { beside, line in
      var (whole, used) = beside.clipped(to: left, cells)
      whole.append(spaces: left - used)
      return whole + bar + line
    }
    return frame
  }

  private func more(_ state: TriageState) -> String { state.keys.name(of: .card) }

  private func card(_ width: Int) -> Card {
    Card(width: width, palette: palette, cells: cells, zone: zone)
  }

  private func essence(_ state: TriageState, _ width: Int) -> [Styled] {
    if let paper = state.card { return card(width).essence(paper) }
    guard state.isAtEnd else {
      // Only for as long as it takes to read one, or of a paper that is gone.
      return state.current.map { [palette.paint($0.row.title, .dim)] } ?? []
    }
    let wrap = Wrap(width: width, cells: cells)
    return ending(state).flatMap { wrap.lines($0) }.map { Styled($0) }
  }

  private func ending(_ state: TriageState) -> [String] {
    let keys = state.keys
    let back = "\(keys.name(of: .back)) goes back, \(keys.name(of: .undo)) takes back"
    if let narrowing = state.narrowing {
      return ["Nothing is left of “\(narrowing.words)”.", "", "esc shows all again; " + back]
    }
    var lines = [state.passed == 0 ? "Nothing is left." : "That was all that is new."]
    if state.decisions > 0 { lines.append("Decided: \(Words.papers(state.decisions)).") }
    if state.passed > 0 {
      lines += [
        "",
        "\(Words.papers(state.passed)) that you passed over are left; "
          + "\(keys.name(of: .next)) begins with them again.",
      ]
    }
    return lines + ["", back + ", \(keys.name(of: .leave)) leaves."]
  }

  /// The part that is seen; its last line says how much more there is.
  private func scrolled(
    _ lines: [Styled], _ state: TriageState, _ height: Int, more key: String
  ) -> Frame {
    let from = max(0, min(state.scroll, lines.count - height))
    var shown = Array(lines.dropFirst(from).prefix(height))
    let below = lines.count - from - shown.count
    if below > 0, height > 2 {
      let hint = key.isEmpty ? "" : "  (\(key))"
      shown[height - 1] = palette.paint(
        "… \(Words.number(below + 1, "more line"))\(hint)", .dim)
    }
    shown += Array(repeating: Styled(), count: height - shown.count)
    return Frame(lines: shown, cursor: nil, page: height, length: lines.count)
  }

  private func help(_ state: TriageState, width: Int) -> [Styled] {
    let keys = TriageVerb.allCases.map { Printable.line(state.keys.names(of: $0)) }
    let rows =
      Array(zip(keys, TriageVerb.allCases.map(\.about)))
      + [
        ("up, down", "a paper back, a paper on, whatever it is"),
        ("pageup, pagedown", "through a card that is longer than the screen"),
        ("ctrl-l", "draw the screen again"),
        ("ctrl-z, ctrl-c", "to the shell and back with fg; leave at once"),
      ]
    let left = rows.map { cells.width(of: $0.0) }.max() ?? 0
    let wrap = Wrap(width: max(10, min(width, Self.widestText) - left - 2), cells: cells)
    return rows.flatMap { key, about in
      wrap.lines(about).enumerated().map { index, line in
        palette.paint(cells.padded(index == 0 ? key : "", to: left), .bold) + "  " + line
      }
    } + [Styled(), Styled("`shelf config edit`, [keys], gives them other keys.")]
  }
}

extension LibraryReader.ShelfDay {
  /// As the head line says it.
  var words: String { date?.text ?? "no day" }
}

extension CellWidth {
  /// The longest end of `text` that takes at most `cells`.
  func end(of text: String, cells: Int) -> String {
    var room = cells
    var start = text.endIndex
    while start > text.startIndex {
      let before = text.index(before: start)
      room -= width(of: text[before])
      if room < 0 { break }
      start = before
    }
    return String(text[start...])
  }
}

/// The stack beside the card: the papers about the cursor, which stays in the middle as long as
/// there is something above and below.
struct TriageList: Sendable {
  let width: Int
  let height: Int
  let palette: Palette
  let cells: CellWidth

  private enum Row {
    case day(LibraryReader.ShelfDay)
    case paper(Int)
  }

  /// As many lines as it is high.
  func lines(_ state: TriageState) -> [Styled] {
    let near = max(0, state.cursor - height)..<min(state.entries.count, state.cursor + height)
    var rows: [Row] = []
    var place = 0
    for index in near {
      let day = state.entries[index].day
      if index == 0 || state.entries[index - 1].day != day { rows.append(.day(day)) }
      if index == state.cursor { place = rows.count }
      rows.append(.paper(index))
    }
    if state.cursor >= state.entries.count { place = rows.count }
    let from = max(0, min(place - height / 2, rows.count - height))
    var lines = rows.dropFirst(from).prefix(height).map { line($0, state) }
    lines += Array(repeating: Styled(), count: height - lines.count)
    return Array(lines)
  }

  private func line(_ row: Row, _ state: TriageState) -> Styled {
    switch row {
    case .day(let day): return palette.paint(day.words, .dim)
    case .paper(let index): return paper(state.entries[index], isHere: index == state.cursor, state)
    }
  }

  private func paper(
    _ entry: TriageState.Entry, isHere: Bool, _ state: TriageState
  ) -> Styled {
    let row = entry.row
    let star = row.starred ? "★" : ""
    let letter = Self.letter(row.status, entry.isGone)
    let before = (isHere ? "> " : "  ") + letter + " "
    var line = palette.paint(before, isHere ? .bold : nil)
    line.append(cells.padded(star, to: cells.width(of: "★")) + " ", .yellow, in: palette)
    let room = width - cells.width(of: before) - cells.width(of: "★") - 1
    let title = OneLine.flat(row.title.isEmpty ? row.id.rawValue : row.title)
    let style: Palette.Style? = isHere ? .reverse : state.isOpen(entry) ? nil : .dim
    line.append(cells.truncated(Printable.line(title), to: max(0, room)), style, in: palette)
    return line
  }

  /// A status in one letter: that of its standard key.
  private static func letter(_ status: ReadingStatus, _ isGone: Bool) -> String {
    guard !isGone else { return "-" }
    return switch status {
    case .unread: " "
    case .queued: "q"
    case .reading: "g"
    case .read: "r"
    case .skipped: "s"
    }
  }
}
