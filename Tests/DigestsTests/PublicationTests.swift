import Papers
import Testing

@testable import Digests

/// When a paper was published, as far as a list tells.
@Suite struct PublicationTests {
  @Test(
    arguments: [
      ("2025", "2025"), ("2017///", "2017"), ("2017/06//", "2017-06"),
      ("2017/06/12/", "2017-06-12"),
      ("2025-10", "2025-10"), ("Oct. 2025", "2025-10"), ("October 2025", "2025-10"),
      ("10/2025", "2025-10"), ("Winter 2025", "2025"), ("June 12, 2017", "2017-06-12"),
      ("2025-13", "2025"), ("12", nil), ("n.d.", nil), ("99999", nil), ("", nil), ("0000", nil),
    ] as [(String, String?)])
  func dates(_ text: String, _ date: String?) {
    #expect(PublicationDate(loose: text)?.text == date)
  }

  @Test(arguments: [
    ("2025", "2025-10-02", "2025-10-02"), ("2025-10-02", "2025", "2025-10-02"),
    ("2025", "2024-05-06", "2024-05-06"), ("2024", "2025-01", "2024"), ("2025", "2025", "2025"),
  ])
  func theMoreExactOrTheEarlierHolds(_ one: String, _ other: String, _ joined: String) throws {
    let one = try #require(PublicationDate(one))
    let other = try #require(PublicationDate(other))
    #expect(one.joined(with: other).text == joined)
    #expect(other.joined(with: one).text == joined)
  }

  @Test(arguments: ["25", "2025-1", "2025-13", "2025-02-30", "0000", "202a", "2025-10-02-1"])
  func noDate(_ text: String) { #expect(PublicationDate(text) == nil) }

  /// What programs write for a paper whose day nobody knows.
  @Test(arguments: [
    (
      "a.bib", "@article{k, title = {A Title of Words}, doi = {10.1000/xyz}, year = {2019}}",
      "2019"
    ),
    (
      "a.bib",
      "@article{k, title = {A Title of Words}, doi = {10.1000/xyz}, year = 2019, month = jun}",
      "2019-06"
    ),
    (
      "a.ris",
      "TY  - JOUR\nTI  - A Title of Words\nDO  - 10.1000/xyz\nPY  - 2019\nDA  - 2019/06//\nER  - \n",
      "2019-06"
    ),
    (
      "a.json",
      """
      [{"id": "k", "type": "article-journal", "title": "A Title of Words", "DOI": "10.1000/xyz", \
      "issued": {"date-parts": [[2019, 6]]}}]
      """, "2019-06"
    ),
    (
      "a.csv",
      """
      Key,Item Type,Publication Year,Author,Title,DOI,Url,Date,Date Added
      K,journalArticle,2019,"Lee, Ann",A Title of Words,10.1000/xyz,,2019-06,2024-01-01 10:00:00
      """, "2019-06"
    ),
  ])
  func aYearOrAMonthAloneIsRead(_ name: String, _ text: String, _ date: String) throws {
    let entry = try #require(try Reading(text, name: name).entries.first)
    #expect(entry.bibliography.published?.text == date)
  }
}
