import Testing
@testable import shelf
@Suite struct CellWidthTests { @Test func a() { #expect(CellWidth().width(of: "中a") == 3) } }
