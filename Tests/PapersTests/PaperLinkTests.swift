import Papers
import TestSupport
import Testing

@Suite struct PaperLinkTests {
  @Test(arguments: [
    "2509.26507", "2509.26507v3", "arXiv:2509.26507", "ARXIV: 2509.26507v12", " 2509.26507. ",
    "https://arxiv.org/abs/2509.26507", "http://www.arxiv.org/abs/2509.26507v1",
    "https://arxiv.org/pdf/2509.26507", "https://arxiv.org/pdf/2509.26507v2.pdf",
    "https://arxiv.org/html/2509.26507v1", "https://arxiv.org/format/2509.26507",
    "https://arxiv.org/e-print/2509.26507", "https://export.arxiv.org/abs/2509.26507/",
    "https://browse.arxiv.org/abs/2509.26507?context=cs", "http://xxx.lanl.gov/abs/2509.26507#S1",
    "HTTPS://ARXIV.ORG/abs/2509.26507", "https://arxiv.org//abs/2509.26507),",
    "<https://arxiv.org/abs/2509.26507>", "arxiv.org/abs/2509.26507",
    "https://ar5iv.org/abs/2509.26507", "https://ar5iv.labs.arxiv.org/html/2509.26507",
    "https://ar5iv.org/2509.26507", "https://huggingface.co/papers/2509.26507",
    "https://hf.co/papers/2509.26507", "https://www.alphaxiv.org/abs/2509.26507v1",
    "https://alphaxiv.org/overview/2509.26507", "https://www.alphaxiv.org/pdf/2509.26507",
    "10.48550/arXiv.2509.26507", "https://doi.org/10.48550/ARXIV.2509.26507v2",
    "url:https://arxiv.org/abs/2509.26507", "https://arxiv.org:443/abs/2509.26507",
  ])
  func oneNewArXivID(_ link: String) { #expect(PaperID(link: link)?.rawValue == "2509.26507") }

  @Test(arguments: [
    ("hep-th/9901001", "hep-th/9901001"), ("math.GT/0309136v2", "math/0309136"),
    ("https://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
    ("https://arxiv.org/pdf/math.GT/0309136.pdf", "math/0309136"),
    ("https://arxiv.org/abs/hep-th%2F9901001", "hep-th/9901001"),
    ("arXiv:HEP-TH/9901001", "hep-th/9901001"), ("0704.0001", "0704.0001"),
    ("1412.9999v9", "1412.9999"), ("doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    ("https://doi.org/10.1016/S0140-6736(20)30183-5", "doi:10.1016/s0140-6736(20)30183-5"),
    ("10.1000/ABC.", "doi:10.1000/abc"), ("doi: 10.1000/x)", "doi:10.1000/x"),
    ("http://dx.doi.org/10.1000/a%2Fb", "doi:10.1000/a/b"),
    ("doi:10.1000/17[3]", "doi:10.1000/17[3]"), ("10.1000/a<b>", "doi:10.1000/a<b>"),
    ("10.1000/a]>,", "doi:10.1000/a"),
    ("https://doi.org/10.1000/(A)3:8%3C6::B%3E3;2-O)", "doi:10.1000/(a)3:8<6::b>3;2-o"),
    ("https://Example.org:443", "url:https://example.org/"),
    ("http://example.org:8080/A?b=C#d", "url:http://example.org:8080/A?b=C"),
    ("https://arxiv.org/list/cs.CL/new", "url:https://arxiv.org/list/cs.CL/new"),
    ("https://arxiv.org:8443/abs/2509.26507", "url:https://arxiv.org:8443/abs/2509.26507"),
    ("https://huggingface.co/models", "url:https://huggingface.co/models"),
  ])
  func otherForms(_ link: String, _ id: String) { #expect(PaperID(link: link)?.rawValue == id) }

  @Test(arguments: [
    "", " ", "2509.265", "2509.265071", "2513.00001", "2500.00001", "abc/9901001", "hep-th/990100",
    "hep-th/9913001", "26507", "hello", "https://", "http:///x", "https://user:pw@example.org/",
    "https://exa mple.org/", "ftp://example.org/", "javascript:alert(1)",
    "https://example.org/\u{1}",
    "10.1000", "10.1000/", "doi:", "arXiv:", "url:", "example.org/paper",
    "https://example.org:99999/", "https://e.org/\u{7F}",
  ])
  func noPaper(_ link: String) { #expect(PaperID(link: link) == nil) }

  @Test func linksAreBounded() {
    let long = "https://example.org/" + String(repeating: "a", count: 2028)
    #expect(PaperID(link: long) != nil)
    #expect(PaperID(link: long + "a") == nil)
    #expect(PaperID(link: String(repeating: "9", count: 1 << 20)) == nil)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func whatWasReadReadsAsItself(_ seed: UInt64) {
    let pieces = [
      "http://", "https://", "arxiv.org", "/abs/", "/pdf/", "2509.26507", "v2", ".pdf", "doi:",
      "10.1000/", "doi.org/", "hep-th/9901001", "math.GT/", "url:", "#a", "?b=%41", ":443", ":80",
      "%2F", "%25", "(", ")", ".", ",", "/", " ", "<", ">", "A", "é", "arXiv:", "example.org",
      "huggingface.co/papers/", "10.48550/arXiv.", "\u{0}", "@",
    ]
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      var link = ""
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        link += pieces[Int.random(in: pieces.indices, using: &random)]
      }
      guard let id = PaperID(link: link) else { continue }
      #expect(PaperID(link: id.rawValue) == id, "seed \(seed): \(link.debugDescription)")
      #expect(PaperID(rawValue: id.rawValue) == id, "seed \(seed): \(link.debugDescription)")
      #expect(PaperID(link: id.url) == id, "seed \(seed): \(link.debugDescription)")
    }
  }

  /// A host is measured as it is kept: six times as long as it was typed, at most.
  @Test func aHostThatIsTooLongOnceEscapedIsNone() throws {
    for count in 1...300 {
      let link = "https://" + String(repeating: "é", count: count) + ".example/x"
      guard let id = PaperID(link: link) else {
        #expect(count > 40)
        continue
      }
      #expect(count < 42)
      #expect(PaperID(rawValue: id.rawValue) == id, "\(count)")
    }
  }
}
