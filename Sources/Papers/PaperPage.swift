import URLText

/// Pages that are papers: those whose address holds an id, and those of sites that have nothing but
/// papers.
package enum PaperPage {
  /// The paper an id or address names; nil where it names none, or a page that is no paper.
  package static func paper(of link: String) -> PaperID? {
    guard let id = PaperID(link: link) else { return nil }
    guard id.kind == .url else { return id }
    // What was kept as an address once is named by it.
    if link.hasPrefix("url:") { return id }
    let page = Page(id.url)
    return page.paper ?? (page.isPaper ? id : nil)
  }

  /// Whether an address is one of those that always hold an id, and holds none: it was cut, or
  /// mistyped.
  package static func lacksID(_ id: PaperID) -> Bool {
    guard id.kind == .url else { return false }
    let page = Page(id.url)
    return switch page.host {
    case "arxiv.org": ["abs", "pdf", "html"].contains(page.path.first)
    case "doi.org", "dx.doi.org": true
    case "huggingface.co": page.path.first == "papers" && page.path.count == 2
    default: false
    }
  }

  /// An address taken apart.
  private struct Page {
    let host: String
    let path: [String]

    init(_ url: String) {
      let rest = url.drop { $0 != ":" }.dropFirst(3)
      let parts = rest.prefix { $0 != "?" }.split(separator: "/").map(String.init)
      let name = parts.first ?? ""
      host = name.hasPrefix("www.") ? String(name.dropFirst(4)) : name
      path = Array(parts.dropFirst())
    }

    /// The paper whose id stands in the path: papers.cool, SciRate and others repeat that of arXiv,
    /// publishers the DOI.
    var paper: PaperID? {
      if Self.mirrors.contains(host), let last = path.last, let id = PaperID(link: last),
        id.kind == .arXiv
      {
        return id
      }
      guard let start = path.firstIndex(where: { $0.hasPrefix("10.") }), start + 1 < path.count
      else { return nil }
      // `10.1101/2025.01.02.123456v1.full` is a version and a form of the DOI before them.
      var end = path[(start + 1)...]
      if host.hasSuffix("rxiv.org"), let last = end.popFirst() {
        end = [String(last.prefix { $0.isNumber || $0 == "." })]
      }
      let text = ([path[start]] + end).joined(separator: "/")
      let plain = PercentEncoding.decode(text) ?? text
      return PaperID(link: plain).flatMap { $0.kind == .url ? nil : $0 }
    }

    private static let mirrors: Set<String> = [
      "papers.cool", "scirate.com", "arxiv-sanity-lite.com", "arxiv-vanity.com",
      "paperswithcode.com",
      "ar5iv.labs.arxiv.org", "hf-mirror.com", "emergentmind.com", "catalyzex.com",
      "themoonlight.io",
    ]

    /// Whether it is a page of a paper without an id in its address.
    var isPaper: Bool {
      guard let first = path.first else { return false }
      return Self.sites.contains { site in
        (host == site.host || host.hasSuffix("." + site.host))
          && (site.folder.isEmpty || path.contains { $0 == site.folder } || first == site.folder)
      }
    }

    private static let sites: [(host: String, folder: String)] = [
      ("openreview.net", "forum"), ("openreview.net", "pdf"), ("openreview.net", "forum?id"),
      ("aclanthology.org", ""), ("aclweb.org", "anthology"), ("semanticscholar.org", "paper"),
      ("neurips.cc", "paper"), ("neurips.cc", "paper_files"), ("nips.cc", "paper"),
      ("proceedings.mlr.press", ""), ("openaccess.thecvf.com", "content"),
      ("thecvf.com", "html"), ("ecva.net", "papers"), ("jmlr.org", "papers"),
      ("nature.com", "articles"), ("ieeexplore.ieee.org", "document"),
      ("sciencedirect.com", "pii"), ("pubmed.ncbi.nlm.nih.gov", ""), ("ncbi.nlm.nih.gov", "pmc"),
      ("ncbi.nlm.nih.gov", "pubmed"), ("eprint.iacr.org", ""), ("hal.science", ""),
      ("ssrn.com", ""), ("ojs.aaai.org", "view"), ("isca-archive.org", ""), ("osf.io", "preprints"),
      ("ijcai.org", "proceedings"), ("usenix.org", "presentation"), ("dblp.org", "rec"),
      ("zenodo.org", "records"), ("cell.com", "fulltext"), ("pnas.org", "doi"),
    ]
  }
}
