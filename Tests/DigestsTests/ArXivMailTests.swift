import Digests
import Papers
import Testing

@Suite struct ArXivMailTests {
  static let listing = #"""
    ------------------------------------------------------------------------------
    Send any comments regarding submissions directly to submitter.
    ------------------------------------------------------------------------------
     Submissions to:
    Computation and Language
     received from  Wed 25 Nov 26 19:00:00 GMT  to  Thu 26 Nov 26 19:00:00 GMT
    ------------------------------------------------------------------------------
    \\
    arXiv:2611.00001
    Date: Thu, 26 Nov 2026 18:00:01 GMT   (123kb)

    Title: An Invented Title That Runs Over
      Two Lines
    Authors: Ada Author (1), Berta Writer (2) and Carl Third ((1) Here, (2) There)
    Categories: cs.CL cs.LG
    Comments: 9 pages, extends arXiv:2401.00009
    DOI: 10.1000/x
    License: http://creativecommons.org/licenses/by/4.0/
    \\
      We invent an abstract which has
    more than one line.
      And another paragraph.
    \\ ( https://arxiv.org/abs/2611.00001 ,  123kb)
    %-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-
    ------------------------------------------------------------------------------
    \\
    arXiv:2611.00002 (*cross-listing*)
    Date: Thu, 26 Nov 2026 18:00:02 GMT   (99kb)

    Title: Second Title
    Authors: Dora Fourth
    Categories: cs.AI cs.CL
    \\
      Another abstract.
    \\ ( https://arxiv.org/abs/2611.00002 ,  99kb)
    %%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
    ------------------------------------------------------------------------------
    \\
    arXiv:2601.00003
    replaced with revised version Thu, 26 Nov 2026 10:00:00 GMT   (10kb)

    Title: An Old Paper
    Authors: E. Fifth
    Categories: cs.CL
    \\ ( https://arxiv.org/abs/2601.00003 ,  10kb)
    """#

  @Test func recordsOfAListing() throws {
    let reading = try Reading(Self.listing, name: "listing.txt")
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2611.00001", "2611.00002"])
    let first = try #require(reading.entries.first)
    #expect(first.content.title == "An Invented Title That Runs Over Two Lines")
    #expect(
      first.content.summary
        == "We invent an abstract which has more than one line.\n\nAnd another paragraph.")
    #expect(first.bibliography.authors == ["Ada Author", "Berta Writer", "Carl Third"])
    #expect(first.bibliography.categories == ["cs.CL", "cs.LG"])
    #expect(first.bibliography.published?.text == "2026-11-26")
    #expect(reading.entries.map(\.appearance.date?.text) == ["2026-11-26", "2026-11-26"])
    #expect(reading.entries.map(\.line) == [8, 26])
  }

  @Test func aMailbox() throws {
    let head = """
      From no-reply@arxiv.org Fri Nov 27 02:00:00 2026
      Received: from mail.example.org (mail.example.org [192.0.2.1])
      \tby mx.example.org; Fri, 27 Nov 2026 02:00:01 +0000
      Date: Fri, 27 Nov 2026 02:00:00 GMT
      From: no-reply@arxiv.org
      Subject: cs daily Subj-class mailing


      """
    let long = (0..<100).map { "X-Invented-\($0): \(String(repeating: "x", count: 60))\n" }.joined()
    for text in [
      head + Self.listing, head.replacing("From: no", with: long + "From: no") + Self.listing,
    ] {
      let reading = try Reading(text, name: "-")
      #expect(reading.entries.map(\.id.rawValue) == ["2611.00001", "2611.00002"])
      #expect(reading.entries.first?.appearance.date?.text == "2026-11-27")
    }
  }

  @Test func aRecordThatIsCutOffIsTold() throws {
    let cut = Self.listing.prefix(while: { $0 != "%" }).dropLast(60)
    let reading = try Reading(String(cut))
    #expect(reading.entries.map(\.id.rawValue) == ["2611.00001"])
    #expect(reading.problems.map(\.line) == [8])
  }
}
