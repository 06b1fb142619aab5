import JSONText

/// `name` of a device: what the person calls the machine.
public enum DeviceName: ValueRegister {
  /// A device.
  public static let kind = EntityKind.device
  /// `name`
  public static let field = "name"
  /// Only its own machine writes it.
  public static let merge = MergeRule.lastWriter(journalled: false)
  /// None.
  public static let unsaid: String? = nil

  /// A text.
  public static func write(_ value: String, to json: inout JSONTextWriter) { json.string(value) }
  /// A text.
  public static func read(_ reader: inout JSONTextReader) throws -> String { try reader.string() }

  /// The device must be one.
  public static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    DeviceID(entityKey) != nil && self.value(value) != nil
  }
}

extension Fact {
  /// What the person calls a machine.
  public static func deviceName(_ device: DeviceID, _ name: String) -> Fact {
    DeviceName.fact(device.description, name)
  }
}
