import Changes
import Papers

/// The machines: what each is called, and whether it is gone.
struct MachineTable {
  let db: Database

  /// What a device's machine is called; nil where nobody said.
  func name(of device: DeviceID) throws -> String? {
    try db.first(
      "SELECT name FROM machine WHERE device = ? AND name <> ''", [SQLValue(device.description)]
    ) { try $0.text(0) }
  }

  /// What a device whose machine is called `wanted` is to be called: just so, or with the first
  /// number by which it is told from the machines that live. A number it bears it keeps.
  /// - Parameter predecessor: whose name it takes over.
  func name(
    for device: DeviceID, wanting wanted: String, after predecessor: DeviceID? = nil
  ) throws -> String {
    if let known = try name(of: device),
      known.hasBytes(of: wanted) || Self.isNumbered(known, wanted)
    {
      return known
    }
    let others = try db.all(
      """
      SELECT name FROM machine
      WHERE retired = 0 AND device NOT IN (?1, ?2) AND substr(name, 1, length(?3)) = ?3
      """,
      [
        SQLValue(device.description), SQLValue((predecessor ?? device).description),
        SQLValue(wanted),
      ]
    ) { ByteText(try $0.text(0)) }
    var name = wanted
    var number = 1
    let taken = Set(others)
    while !wanted.isEmpty, taken.contains(ByteText(name)) {
      number += 1
      name = "\(wanted) \(number)"
    }
    return name
  }

  /// Whether a name is another with a number.
  private static func isNumbered(_ name: String, _ wanted: String) -> Bool {
    guard name.utf8.starts(with: "\(wanted) ".utf8) else { return false }
    return Int(String(decoding: name.utf8.dropFirst(wanted.utf8.count + 1), as: UTF8.self)) != nil
  }

  /// Whether a device's own successor holds it to be gone.
  func isSucceeded(_ device: DeviceID) throws -> Bool {
    try db.exists(
      """
      SELECT 1 FROM machine WHERE device = ?1 AND retired = 1 AND ?4 = (
        SELECT o.what FROM change c JOIN operation o ON o.number = c.operation
        WHERE c.entity = ?2 AND c.field = ?3 ORDER BY c.ms DESC, c.counter DESC LIMIT 1)
      """,
      [
        SQLValue(device.description), SQLValue(EntityKind.device.entity(device.description)),
        SQLValue(Retired.field), SQLValue(OperationHeader.succession.what),
      ])
  }
}

extension LibraryReader {
  /// What a device's machine is called; nil where nobody said.
  package func machineName(of device: DeviceID) throws -> String? {
    try MachineTable(db: db).name(of: device)
  }

  /// What this library's device is called, or will be as soon as something is done here.
  /// - Parameter machineName: what the machine is called.
  package func ownName(_ machineName: String) throws -> String {
    try MachineTable(db: db).name(for: device(), wanting: machineName)
  }

  /// Whether a successor of this device holds it to be gone.
  package func isSucceeded() throws -> Bool { try MachineTable(db: db).isSucceeded(device()) }
}

extension Library {
  /// Takes back what a successor said that did not know of this machine: it lives. Not for the
  /// person to undo.
  /// - Throws: ``LibraryError``
  package func liveOn() throws {
    try record(.revival, isMine: false) { recorder in
      let device = try recorder.reader.device()
      guard try recorder.reader.isSucceeded() else { return }
      try recorder.write([.retired(device, false)], seeing: .thisTransaction)
    }
  }
}
