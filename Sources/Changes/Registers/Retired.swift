import JSONText

/// `retired` of a device: whether the person said that the machine is gone.
public enum Retired: ValueRegister {
  /// A device.
  public static let kind = EntityKind.device
  /// `retired`
  public static let field = "retired"
  /// Whoever says it last knows best.
  public static let merge = MergeRule.lastWriter(journalled: false)
  /// Not.
  public static let unsaid: String? = "false"

  /// A truth.
  public static func write(_ value: Bool, to json: inout JSONTextWriter) { json.bool(value) }
  /// A truth.
  public static func read(_ reader: inout JSONTextReader) throws -> Bool { try reader.bool() }

  /// The device must be one.
  public static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    DeviceID(entityKey) != nil && self.value(value) != nil
  }
}

extension Fact {
  /// Whether the person said that a machine is gone.
  public static func retired(_ device: DeviceID, _ on: Bool) -> Fact {
    Retired.fact(device.description, on)
  }
}
