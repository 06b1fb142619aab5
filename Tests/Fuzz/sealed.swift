// fuzz: URLText Papers JSONText Filters Changes Sealing
import Papers

@testable import Changes
@testable import Sealing

/// Whatever a server gives: files as they are, and what stands in them, behind hashes that no
/// mutation would find. Every bytes give a value or a ``SegmentError``; a value written again reads
/// the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSealed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var choices = Choices(start, count)
  let mode = choices.choose(8)
  let bytes = choices.remainder()
  switch mode {
  case 0: readFile(bytes)
  case 1: readHeader(bytes)
  case 2: readPeers(bytes)
  case 3: readStream(bytes)
  case 4: readLines(bytes)
  case 5: readHead(bytes)
  case 6: readSummedHeader(bytes)
  default: readChangedFile(bytes)
  }
  return 0
}

let writer = DeviceID(bits: 0x0123_4567_89AB_CDEF)
nonisolated(unsafe) let clear = RemoteKeys(cipher: .none, library: 7, root: nil)
nonisolated(unsafe) let secret = RemoteKeys(
  cipher: .aesGCM, library: 7, root: .init([UInt8](repeating: 9, count: 32)))

private func readFile(_ bytes: [UInt8]) {
  for keys in [clear, secret] {
    guard let file = try? SealedFile(opening: bytes, with: keys) else { continue }
    check(keys.cipher == .none, "forged a sealed file")
    check(file.payload.count + SealedFile.headerLength + 32 == bytes.count, "another length")
    check(file.place.part < file.place.parts, "a part beyond the parts")
  }
}

/// A whole file in which one thing was changed is never taken for whole.
private func readChangedFile(_ bytes: [UInt8]) {
  let payload = Array(bytes.dropFirst(4))
  let place = SealedFile.Place(kind: .segment, device: writer, number: 3)
  for keys in [clear, secret] {
    guard var sealed = try? SealedFile(place: place, payload: payload).sealed(with: keys) else {
      return check(payload.count > SealedFile.maximumPayload, "not sealed")
    }
    check((try? SealedFile(opening: sealed, with: keys))?.payload == payload, "does not open")
    guard bytes.count >= 4, bytes[2] != 0 else { continue }
    let at = (Int(bytes[0]) << 8 | Int(bytes[1])) % sealed.count
    sealed[at] ^= bytes[2]
    check((try? SealedFile(opening: sealed, with: keys)) == nil, "took a change of byte \(at)")
    let short = Array(sealed.prefix(at))
    check((try? SealedFile(opening: short, with: keys)) == nil, "took \(at) bytes for a file")
  }
}

private func readHeader(_ bytes: [UInt8]) {
  guard let header = try? RemoteHeader(bytes) else { return }
  check(header.derivation?.isAcceptable ?? true, "a derivation that is not acceptable")
  check((try? RemoteHeader(header.bytes)) == header, "another header the second time")
}

/// As ``readHeader(_:)``, with the sum made right, which stands for `@`.
private func readSummedHeader(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  let fields = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
  guard fields.count == 9, fields.allSatisfy({ !$0.contains("\"") && !$0.contains("\\") }) else {
    return
  }
  let parts = ["papershelf", "1"] + fields.prefix(8)
  let sum = Hex.text(SealedFile.hash(Array(parts.joined(separator: "|").utf8)))
  let json = #"""
    {"papershelf":"remote","format":1,"library":"\#(fields[0])","generation":\#(fields[1]),\#
    "cipher":"\#(fields[2])","kdf":{"n":\#(fields[3]),"r":\#(fields[4]),"p":\#(fields[5]),"salt":"\#(fields[6])"},"check":"\#(fields[7])","sum":"\#(sum)"}
    """#
  readHeader(Array(json.utf8))
}

private func readPeers(_ bytes: [UInt8]) {
  guard let list = try? PeerList(bytes) else { return }
  check(list.devices.count <= PeerList.maximumDevices, "\(list.devices.count) peers")
  check(list.bytes.count <= PeerList.maximumLength, "a list longer than may be read")
  check((try? PeerList(list.bytes)) == list, "another list the second time")
}

private func readHead(_ bytes: [UInt8]) {
  let place = SealedFile.Place(kind: .head, device: writer, number: 9)
  guard let sealed = try? SealedFile(place: place, payload: bytes).sealed(with: clear),
    let head = try? DeviceHead(opening: sealed, device: writer, with: clear)
  else { return }
  check(head.log >= 1 && head.name.count <= 64, "\(head)")
  let again = (try? head.sealed(device: writer, with: clear)) ?? []
  check(again.count == SealedFile.headerLength + DeviceHead.length + 32, "\(again.count) bytes")
  check((try? DeviceHead(opening: again, device: writer, with: clear)) != nil, "does not open")
}

private func readStream(_ bytes: [UInt8]) {
  // A bomb ends at the limit: reading more than that is what must not happen.
  let limit = 1 << 20
  guard let text = try? Inflate.bytes(bytes, limit: limit) else { return }
  check(text.count <= limit, "\(text.count) bytes came out")
  readLines(text)
}

private func readLines(_ text: [UInt8]) {
  let stream = Deflate()
  stream.append(text)
  guard let bytes = try? stream.finish(), let segment = try? Segment(stream: bytes, writer: writer)
  else { return }
  check(segment.opening.peers.count <= Segment.maximumPeers, "too many peers")
  for change in segment.changes { checkChange(change) }
  var again = SegmentWriter(opening: segment.opening.text, writer: writer)
  for change in segment.changes where !again.append(change) { return }
  let payload = ((try? again.payloads()) ?? []).flatMap { $0 }
  let second = try? Segment(stream: payload, writer: writer)
  // A log that starts beyond what a number of JSON can say is the only thing that is not kept.
  guard segment.opening.log <= 1 << 62 else { return }
  // Lines that were no change are counted and not written again.
  var written = segment
  written.untaken = 0
  check(second == written, "another segment the second time")
  fold(segment.changes)
}

private func checkChange(_ change: Change) {
  check(change.stamp.milliseconds >= 0, "a stamp before 1970")
  check(Stamp(change.stamp.description) == change.stamp, "a stamp that is not read again")
  guard let (register, key) = Registers.standard.find(change.name),
    register.understands(change.value, key: key, of: change.name.entityKey),
    let register = register as? any ValueRegister.Type
  else { return }
  checkValue(register, change)
}

/// A value that is read is written as one that reads the same.
private func checkValue<Kept: ValueRegister>(_ register: Kept.Type, _ change: Change) {
  guard let value = Kept.value(change.value) else { return check(false, "\(change) is not read") }
  let again = Kept.value(Kept.json(value)).map(Kept.json)
  check(again == Kept.json(value), "\(change) reads \(again ?? "nothing")")
}

/// Folding takes anything, in any order.
private func fold(_ changes: [Change]) {
  let id = PaperID(trusted: "2509.00001")
  let (first, second) = (PaperFold(id, changes), PaperFold(id, changes.reversed()))
  guard Set(changes.map(\.stamp)).count == changes.count else { return }
  // All of the paper: its registers are in it.
  check(first.paper == second.paper && first.added == second.added, "order")
  check(first.journal == second.journal, "order")
}
