// The only normal forms to be had without Foundation and its 34 MB of ICU data; swift-foundation
// reads them so too.
@_spi(_Unicode) import Swift

/// The normal forms of Unicode (Standard Annex 15).
extension String {
  /// Composed (NFC): what a person types is stored and looked for in this form, whatever the
  /// keyboard or the file system made of it.
  package var composed: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var scalars = String.UnicodeScalarView()
    for scalar in _nfc { scalars.append(scalar) }
    return String(scalars)
  }

  /// Decomposed (NFD): letters apart from their marks.
  package var decomposed: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var scalars = String.UnicodeScalarView()
    for scalar in _nfd { scalars.append(scalar) }
    return String(scalars)
  }
}
