import JSONText

/// `retired` of a device: whether the machine is gone, as the person said, or the device that goes
/// on for it.
package enum Retired: ValueRegister {
  /// A device.
  package static let kind = EntityKind.device
  /// `retired`
  package static let field = "retired"
  /// Whoever says it last knows best.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// Not.
  package static let unsaid: String? = "false"

  /// A truth.
  package static func write(_ value: Bool, to json: inout JSONTextWriter) { json.bool(value) }
  /// A truth.
  package static func read(_ reader: inout JSONTextReader) throws -> Bool { try reader.bool() }

  /// The device must be one.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    DeviceID(entityKey) != nil && self.value(value) != nil
  }
}

extension Fact {
  /// Whether a machine is gone.
  package static func retired(_ device: DeviceID, _ on: Bool) -> Fact {
    Retired.fact(device.description, on)
  }
}
