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

  /// The device must be one.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    DeviceID(entityKey) != nil && self.value(value) != nil
  }
}

extension Fact {
  /// What the person calls a machine.
  package static func deviceName(_ device: DeviceID, _ name: String) -> Fact {
    DeviceName.fact(device.description, name)
  }
}
