import Changes
import JSONText

/// Stretches of segments of devices, as JSON: `"DEVICE":[FIRST,LAST,FIRST,LAST]`.
enum DeviceNumbers {
  /// No more devices are told or believed, and of each no more stretches.
  static let most = 64

  static func write(_ numbers: [DeviceID: [ClosedRange<UInt64>]], to json: inout JSONTextWriter) {
    for (device, stretches) in numbers.sorted(by: { $0.key < $1.key }).prefix(most) {
      json.key(text: device.description)
      json.array { json in
        for stretch in stretches.prefix(most) {
          json.number(stretch.lowerBound)
          json.number(stretch.upperBound)
        }
      }
    }
  }

  static func read(
    _ reader: inout JSONTextReader
  ) throws -> [DeviceID: [ClosedRange<UInt64>]] {
    var numbers: [DeviceID: [ClosedRange<UInt64>]] = [:]
    try reader.object { key, reader in
      var ends: [UInt64] = []
      try reader.array { reader in
        let end = UInt64(clamping: max(0, try reader.integer()))
        if ends.count < 2 * most { ends.append(end) }
      }
      guard numbers.count < most, let device = DeviceID(key) else { return }
      numbers[device] = stride(from: 0, to: ends.count - 1, by: 2).compactMap {
        ends[$0] > 0 && ends[$0] <= ends[$0 + 1] && ends[$0 + 1] < 1 << 62
          ? ends[$0]...ends[$0 + 1] : nil
      }
    }
    return numbers
  }
}
