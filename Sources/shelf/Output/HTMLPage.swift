import Filters

/// What stands around the papers in the exported page.
///
/// The page loads nothing: its content security policy allows this style and this script, by their
/// SHA-256, and nothing else, so markup that slipped through escaping would still not run. Whoever
/// changes the style or the script puts the new hash here; a test compares them.
enum HTMLPage {
  /// `sha256-…` of ``style`` (Content Security Policy level 3, section 2.3.1).
  static let styleHash = "sha256-dptE5O6OZYClw9FVOfrvWG0jSqLowuecxrJ2c6jCqcI="
  /// `sha256-…` of ``script``.
  static let scriptHash = "sha256-dCfZyE3DBzu91uZmhJFT+VRdvax9IIaDx+ngdgGZw7s="

  /// Everything before the first paper of a page that was made from this.
  static func head(_ origin: ExportOrigin?) -> String {
    let filter = origin?.filter ?? ""
    let name = filter.isEmpty ? "Papershelf" : filter
    let made = origin.map { "<p class=\"made\">\(HTMLText.escaped($0.words))</p>\n" } ?? ""
    let words = (origin?.phrases ?? []).map { "\"" + $0.split(separator: "\"").joined() + "\"" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src '\(styleHash)'; script-src '\(scriptHash)'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta name="color-scheme" content="light dark">
      <title>\(HTMLText.escaped(filter.isEmpty ? name : name + " · Papershelf"))</title>
      <style>\(style)</style>
      </head>
      <body>
      <header>
      \(HTMLText.element("h1", name))
      \(made)<p id="printed"></p>
      </header>
      \(search)
      <main id="papers" data-words="\(HTMLText.escaped(words.joined(separator: " or ")))">\
      <noscript id="store">

      """
  }

  /// Where the page tells when it was made: at the end of the paragraph that says what of.
  static func moment(in page: [UInt8]) -> Range<Int>? {
    let page = page[...]
    guard let start = page.firstRange(of: "\n<p class=\"made\">".utf8),
      let end = page[start.upperBound...].firstRange(of: "</p>".utf8),
      end.lowerBound - start.upperBound >= ExportOrigin.momentLength
    else { return nil }
    return end.lowerBound - ExportOrigin.momentLength..<end.lowerBound
  }

  /// The filters; shown where scripts run.
  private static let search = """
    <div id="search" role="search" hidden>
    <div id="first">
    <input id="words" type="search" autocomplete="off" autocapitalize="none" spellcheck="false" \
    aria-label="Filter" placeholder="Filter: words, &quot;a phrase&quot;, -not, +tag, is:unread">
    <output id="count" for="words status starred day tag keyword" aria-live="polite"></output>
    </div>
    <div id="choices">
    <label hidden><span class="name">Status</span>\
    <select id="status"><option value="">any status</option></select></label>
    <label hidden><input id="starred" type="checkbox"> ★ starred</label>
    <label hidden><span class="name">Day</span>\
    <select id="day"><option value="">any day</option></select></label>
    <label hidden><span class="name">Tag</span>\
    <select id="tag"><option value="">any tag</option></select></label>
    <label hidden><span class="name">Keyword</span>\
    <select id="keyword"><option value="">any keyword</option></select></label>
    <button id="clear" type="button" hidden>Clear</button>
    <span class="keys"><kbd>/</kbd> filter <kbd>j</kbd> <kbd>k</kbd> go <kbd>Enter</kbd> summary \
    <kbd>o</kbd> open <kbd>Esc</kbd> all</span>
    </div>
    </div>
    """

  /// Everything after the last of so many papers.
  static func tail(count: Int) -> String {
    """
    \(count == 0 ? "<p>No papers.</p>\n" : "")</noscript></main>
    <script type="text/plain" id="forms">\(SearchWords.traditionalForms)</script>
    <script>\(script)</script>
    </body>
    </html>

    """
  }
}
