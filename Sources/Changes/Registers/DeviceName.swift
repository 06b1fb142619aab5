import JSONText

/// `name` of a device: what the person calls the machine.
package enum DeviceName: ValueRegister {
  /// A device.
  package static let kind = EntityKind.device
  /// `name`
  package static let field = "name"
  /// The machine, of itself.
  package static let author = RegisterAuthor.machine
  /// Only its own machine writes it.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// None.
  package static let unsaid: String? = nil

  /// A text.
  package static func write(_ value: String, to json: inout JSONTextWriter) { json.string(value) }
  /// A text.
  package static func read(_ reader: inout JSONTextReader) throws -> String { try reader.string() }

  /// The device must be one, and the name a line that can be read.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    guard DeviceID(entityKey) != nil, let name = self.value(value) else { return false }
    return ReadableLine.isOne(name, longest: longest)
  }

  /// A name of a machine has no more bytes. The system's own has 255.
  private static let longest = 1024

  /// A name as others take it.
  static func acceptable(_ name: String) -> String {
    ReadableLine.made(of: name, longest: longest)
  }
}

extension Fact {
  /// What the person calls a machine.
  package static func deviceName(_ device: DeviceID, _ name: String) -> Fact {
    DeviceName.fact(device.description, DeviceName.acceptable(name))
  }
}
