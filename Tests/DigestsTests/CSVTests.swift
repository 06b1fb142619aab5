import Digests
import Papers
import Testing

@Suite struct CSVTests {
  @Test func quotesLineEndsAndDoubledQuotes() throws {
    let text =
      "Title,URL,Note\n\"A, \"\"quoted\"\"\nTitle\",https://arxiv.org/abs/2401.00001,\"x\ny\"\nB,arxiv.org/abs/2401.00002,\n"
    for text in [text, text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r")] {
      let reading = try Reading(text, name: "list.csv")
      #expect(reading.problems.isEmpty)
      #expect(reading.entries.map(\.content.title) == ["A, \"quoted\" Title", "B"])
      #expect(reading.entries.map(\.line) == [2, 5])
    }
  }

  @Test func zotero() throws {
    let reading = try Reading(
      """
      "Key","Item Type","Author","Title","DOI","Url","Abstract Note","Date","Date Added","Extra","Notes","Manual Tags","Automatic Tags","Volume"
      "AB12","preprint","Author, Ada; Writer, Berta","A Title","","https://example.org/x","An abstract.","2024-05-06","2024-06-07 08:09:10","arXiv:2401.00001 [cs]
      Read_Status: In Progress
      Read_Status_Date: 2024-07-01T10:00:00Z
      Citation Key: key24
      of my own","<p>My <b>note</b>: 1 &lt; 2</p>","machine learning; nlp/x","Computer Science","7"
      "CD34","journalArticle","","Second","10.1000/2","","","","","","","","",""
      """)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "doi:10.1000/2"])
    let first = try #require(reading.entries.first)
    let marks = try #require(first.carried)
    #expect(first.bibliography.authors == ["Author, Ada", "Writer, Berta"])
    #expect(first.bibliography.abstract == "An abstract.")
    #expect(first.bibliography.published?.text == "2024-05-06")
    #expect(first.content.keywords == ["Computer Science"])
    #expect(marks.status == .reading)
    #expect(marks.statusTime == 1_719_828_000_000)
    #expect(marks.added == 1_717_747_750_000)
    #expect(first.bibliography.citekey == "key24")
    #expect(marks.tags.map(\.name) == ["machine-learning", "nlp/x"])
    #expect(marks.notes.map(\.text) == ["of my own", "My note: 1 < 2"])
    #expect(reading.entries.last?.carried == nil)
  }

  /// A row of each program, and what comes of it: status, star, tags, notes.
  @Test(
    arguments: [
      (
        "title,url,time_added,tags,status", "T,URL,1700000000,ml|to read,archive", "read ml to-read"
      ),
      ("title,url,time_added,cursor,tags,status", "T,URL,1700000000,,,unread", ""),
      (
        "URL,Title,Selection,Folder,Timestamp,Tags", "URL,T,,Starred,1700000000,\"[\"\"a b\"\"]\"",
        "★ a-b"
      ),
      (
        "URL,Title,Selection,Folder,Timestamp,Tags", "URL,T,Words,Archive,1700000000,[]",
        "read “Words”"
      ),
      ("URL,Title,Selection,Folder,Timestamp,Tags", "URL,T,,Mine,1700000000,[]", "Mine"),
      (
        "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen",
        "T,URL,x,\"['a', 'b c']\",2023-11-14 22:13:20+00:00,0,later,True", "queued a b-c"
      ),
      (
        "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen",
        "T,URL,x,,2023-11-14 22:13:20,1,archive,True", "read"
      ),
      (
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite",
        "7,T,N,,URL,Unsorted,\"a, b\",2023-11-14T22:13:20.000Z,,,true", "★ a b “N”"
      ),
      (
        "Title,Author,Publisher,URL,Tags,Word Count,In Queue,Favorited,Read",
        "T,A,P,URL,a; b,1,True,False,False", "queued a b"
      ),
      (
        "Title,Author,Publisher,URL,Tags,Word Count,In Queue,Favorited,Read",
        "T,A,P,URL,,1,True,True,True", "read ★"
      ),
      ("Paper;Link;State;Rating", "T;URL;to read;5", "queued “Rating: 5”"),
      ("标题,链接,状态,标签", "T,URL,已读,缓存", "read 缓存"),
      ("title\turl\ttags", "T\tURL\ta,b", "a b"),
    ] as [(String, String, String)])
  func programs(_ header: String, _ row: String, _ wanted: String) throws {
    let row = row.replacing("URL", with: "https://arxiv.org/abs/2401.00001")
    let reading = try Reading(header + "\n" + row + "\n", name: "list.csv")
    let entry = try #require(reading.entries.first)
    #expect(reading.problems.isEmpty && reading.entries.count == 1)
    #expect(entry.id.rawValue == "2401.00001" && entry.content.title == "T")
    let marks = entry.carried ?? CarriedMarks()
    var words = marks.status.map { [$0.rawValue] } ?? []
    if marks.isStarred { words.append("★") }
    words += marks.tags.map(\.name) + marks.notes.map { "“\($0.text)”" }
    #expect(words.joined(separator: " ") == wanted)
    if header.contains("ime") || header.contains("date") || header.contains("created") {
      #expect(marks.added == 1_700_000_000_000)
    }
  }

  @Test func ourOwnExportIsReadAsFarAsItTells() throws {
    let reading = try Reading(
      """
      id,title,url,status,starred,tags,keywords,tldr,summary,notes,date,source,added,updated
      2401.00001,'=A,https://arxiv.org/abs/2401.00001,read,true,"a, b",k,One.,Text.,N,2025-10-02,series,2025-10-03T00:00:00.000Z,2025-10-03T00:00:00.000Z
      url:https://example.org/x,B,https://example.org/x,unread,false,,,,,,,,2025-10-03T00:00:00.000Z,2025-10-03T00:00:00.000Z
      """)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "url:https://example.org/x"])
    let first = try #require(reading.entries.first)
    #expect(first.content.title == "=A" && first.content.tldr == "One.")
    #expect(first.appearance.date?.text == "2025-10-02" && first.appearance.source == "series")
    #expect(first.carried?.status == .read && first.carried?.isStarred == true)
  }

  @Test func aQuoteThatNothingClosesIsTold() throws {
    let reading = try Reading(
      "title,url\nA,arxiv.org/abs/2401.00001\n\"B,arxiv.org/abs/2401.00002\nC,x\n")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001"])
    #expect(reading.problems.map(\.line) == [3, 3])
  }

  @Test func rowsOfAnyLength() throws {
    let reading = try Reading("title,url,tags\nA\n,\nB,arxiv.org/abs/2401.00001,x,y,z\n\n,,,,\n")
    #expect(reading.entries.map(\.content.title) == ["B"])
    #expect(reading.problems.count == 1)
  }
}
