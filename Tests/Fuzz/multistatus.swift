// fuzz: URLText Disk XMLText Transport
@testable import Transport

/// Any bytes are a listing or none. A listing holds names of ours only, each once and in order: no
/// path, no other folder, nothing that a file system or a URL would take for more than a name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultistatus(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let trouble = Result { try CurlLibrary.open() }
  guard case .success = trouble, let folder = WebAddress("http://127.0.0.1/dav/my/shelf/") else {
    fatalError("\(trouble)")
  }
  let body = Array(UnsafeBufferPointer(start: start, count: count))
  if let listing = Multistatus(body) {
    check(listing.entries.count <= Multistatus.mostEntries, "too many entries")
    checkFiles(listing.files(in: folder))
    let answer = HTTPResponse(status: 207, headers: [:], body: body, address: folder)
    let isMissing = Multistatus.tellsMissing(answer)
    check(!isMissing || listing.files(in: folder).isEmpty, "a missing folder with files")
    _ = Multistatus.tellsFailure(answer)
  }
  if let listing = S3Listing(body) {
    check(listing.entries.allSatisfy { !$0.key.isEmpty && ($0.size ?? 0) >= 0 }, "an odd entry")
  }
  return 0
}

private func checkFiles(_ files: [ListedFile]) {
  for (one, next) in zip(files, files.dropFirst()) { check(one.name < next.name, "not in order") }
  for file in files {
    let isPlain = file.name.text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E
    }
    check(isPlain && !file.name.text.contains("..") && file.name.text.first != ".", "\(file)")
    check((file.size ?? 0) >= 0, "\(file)")
  }
}
