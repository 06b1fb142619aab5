import Foundation
import TestSupport
import Testing

/// Every command that README.md prints is run, and what comes is what is printed.
@Suite(.enabled(if: TriageScript.isInstalled, "run Tests/tools/install.sh")) struct ReadmeTests {
  @Test func everyCommandPrintsWhatThePageSays() throws {
    let script = PackageRoot.url.appendingPathComponent("Tests/tools/readme.py").path
    let process = Process()
    process.executableURL = TriageScript.python
    process.arguments = [script, ShelfProcess.binary.path]
    let out = Pipe()
    process.standardOutput = out
    process.standardError = out
    try process.run()
    let told = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && told == "", "\(told)")
  }
}
