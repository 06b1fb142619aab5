/// The encoding that a server declares, by the labels of the web (WHATWG Encoding Standard, 4.2).
/// What is not listed there is nothing declared: no words from outside reach the C library.
enum DeclaredEncoding: Hashable {
  case bigEndian, littleEndian
  /// One that the C library knows by this name.
  case named(String)

  /// The encoding of a `Content-Type` (RFC 9110, 8.3); nil where it declares none, UTF-8, or one
  /// that is not known.
  init?(contentType: String) {
    let parameters = contentType.prefix(1000).split(separator: ";").dropFirst()
    for parameter in parameters {
      let parts = parameter.split(separator: "=", maxSplits: 1).map { RecordText.trimmed($0) }
      guard parts.count == 2, parts[0].lowercased() == "charset" else { continue }
      self.init(label: parts[1].filter { $0 != "\"" && $0 != "'" }.lowercased())
      return
    }
    return nil
  }

  private init?(label: String) {
    switch label {
    case "utf-16", "utf-16le", "unicode", "ucs-2", "iso-10646-ucs-2": self = .littleEndian
    case "utf-16be": self = .bigEndian
    default:
      guard let name = Self.names[label] else { return nil }
      self = .named(name)
    }
  }

  /// What the C library calls the encodings. As on the web, a label means the larger encoding that
  /// people write under it.
  private static let names: [String: String] = {
    var names: [String: String] = [:]
    func add(_ name: String, _ labels: String) {
      for label in labels.split(separator: " ") { names[String(label)] = name }
    }
    add("GB18030", "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 iso-ir-58")
    add("BIG5-HKSCS", "big5 big5-hkscs cn-big5 csbig5 x-x-big5")
    add("CP932", "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j")
    add("EUC-JP", "euc-jp x-euc-jp cseucpkdfmtjapanese")
    add("CP949", "euc-kr ks_c_5601-1987 ksc5601 korean windows-949 cseuckr")
    add("CP1252", "iso-8859-1 iso8859-1 latin1 l1 us-ascii ascii windows-1252 cp1252 x-cp1252")
    add("KOI8-R", "koi8-r koi8 koi")
    add("KOI8-U", "koi8-u koi8-ru")
    for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
      add("ISO-8859-\(part)", "iso-8859-\(part) iso8859-\(part)")
    }
    add("CP1254", "iso-8859-9 latin5 windows-1254 cp1254")
    for page in [1250, 1251, 1253, 1255, 1256, 1257, 1258] {
      add("CP\(page)", "windows-\(page) cp\(page) x-cp\(page)")
    }
    return names
  }()
}
