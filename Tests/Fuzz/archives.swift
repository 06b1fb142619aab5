// fuzz: Archives
import Glibc

@testable import Archives

/// Any bytes are an archive or none; what comes out is bounded by what went in.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchives(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  for kind in [ArchiveKind.gzip, .xz, .zip] {
    let whole = unpacked(bytes, kind, piece: max(count, 1))
    check(whole == unpacked(bytes, kind, piece: 3), "pieces make another \(kind)")
  }
  ftruncate(file, 0)
  guard pwrite(file, start, count, 0) == count else { fatalError("no file") }
  guard let archive = try? ZipArchive(file) else { return 0 }
  var packed = 0
  for part in archive.parts {
    try? part.read(from: file) { packed += $0.count }
  }
  // Deflate packs no more than 1032 bytes into one.
  check(packed <= 1100 * count, "parts share bytes")
  return 0
}

/// One file without a name for all runs.
private let file: Int32 = {
  var name = Array("/tmp/shelf-fuzz-XXXXXX".utf8CString)
  let file = mkstemp(&name)
  unlink(name)
  return file
}()

/// What comes out; nil for what is no archive.
private func unpacked(
  _ bytes: UnsafeRawBufferPointer, _ kind: ArchiveKind, piece: Int
) -> [UInt8]? {
  var out: [UInt8] = []
  do {
    var unpacking = try Unpacking(kind)
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + piece)
      try unpacking.feed(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { out += $0 }
      start = end
    }
    try unpacking.finish { out += $0 }
    return out
  } catch {
    return nil
  }
}
