import Changes
import Glibc
import Papers
import Store

/// Triage on a terminal: waits for keys, has done what they ask, and shows what came of it. All
/// that is decided is decided in ``TriageState``.
final class TriageLoop {
  /// How often it is looked whether somebody else has written, in milliseconds.
  private static let idle: Int32 = 2000

  private let session: Session
  private let desk: TriageDesk
  private let screen: FullScreen
  private let palette: Palette
  private let cells: CellWidth
  private let waiting = WaitingSign()
  private var state: TriageState
  private var isLeaving = false

  init(_ session: Session, _ desk: TriageDesk, _ state: TriageState) throws {
    self.session = session
    self.desk = desk
    self.state = state
    let look = try session.screen()
    palette = look.palette
    cells = look.cells
    screen = FullScreen(session.world)
    let waiting = waiting
    session.whenWaiting = { waiting.show() }
  }

  /// Until the person leaves, or the terminal is gone.
  func run() throws -> TriageState {
    try session.flush()
    try screen.enter()
    defer { screen.leave() }
    try perform(state.begin())
    while !isLeaving {
      try show()
      switch screen.read(within: Self.idle) {
      case .keys(let keys): try take(keys)
      case .ended: isLeaving = true
      case .redraw, .nothing: break
      }
      if !isLeaving, desk.isChangedElsewhere() { try perform(state.take(.changedElsewhere)) }
    }
    return state
  }

  private func take(_ keys: [Key]) throws {
    for key in keys where !isLeaving {
      try perform(state.take(.key(key)))
      // Whoever saw nothing happen for a while may have pressed it again.
      if waiting.wasShown() {
        screen.discardKeys()
        screen.forget()
        return
      }
      if keys.count > 1, !isLeaving { try show() }
    }
  }

  private func show() throws {
    let painter = TriageScreen(
      size: screen.size, palette: palette, cells: cells, zone: session.world.zone)
    var frame = painter.frame(state)
    let scroll = state.scroll
    state.measured(page: frame.page, lines: frame.length)
    if state.scroll != scroll { frame = painter.frame(state) }
    try screen.show(frame)
  }

  /// Does what is asked, and what that asks in turn.
  private func perform(_ actions: [TriageState.Action]) throws {
    var actions = actions[...]
    while let action = actions.popFirst() {
      for event in try events(of: action) { actions += state.take(event) }
    }
  }

  private func events(of action: TriageState.Action) throws -> [TriageState.Event] {
    switch action {
    case .leave:
      isLeaving = true
      return []
    case .repaint:
      screen.forget()
      return []
    case .note(let id): return try outside { try self.note(id) }
    case .open(let id): return try outside { try self.open(id) }
    default: return desk.perform(action)
    }
  }

  /// Gives the terminal to another program and takes it back.
  private func outside(_ body: () throws -> [TriageState.Event]) throws -> [TriageState.Event] {
    screen.leave()
    let events: [TriageState.Event]
    do { events = try body() } catch { events = [.failed(TriageDesk.lines(of: error))] }
    try session.flush()
    try screen.enter()
    return events
  }

  private func note(_ id: PaperID) throws -> [TriageState.Event] {
    guard let paper = state.card, paper.id == id else { return [] }
    var text = NoteText()
    (text.message, text.file) = (nil, nil)
    try NoteEditing(session, .new(on: paper)).write(text) { text, _ in
      try self.desk.note(id, text)
    }
    return [.noted(id)]
  }

  private func open(_ id: PaperID) throws -> [TriageState.Event] {
    guard let paper = state.card, paper.id == id else { return [] }
    let address = try OpenCommand.webLink(paper)
    try OpenCommand.open(address, session.configuration().openCommand, session)
    return [.opened]
  }
}
