/// Finds the formulas `$…$` in a text that may stay TeX.
///
/// A formula stays only if its braces are balanced, it has no space inside its dollars (so `$5 and
/// $10` is money), and each control word in it is known to draw a sign and nothing else: `\input`,
/// `\write` and their like make it plain text.
enum TeXMath {
  /// A part of a text.
  struct Part: Equatable {
    var text: String
    var isMath: Bool
  }

  /// The parts of `text`, in order; joined they are `text`.
  static func split(_ text: String) -> [Part] {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return [Part(text: text, isMath: false)] }
    var parts: [Part] = []
    var plain = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "$") {
      plain += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      if let close = inside.firstIndex(of: "$"), isFormula(inside[..<close]),
        !(inside[close...].dropFirst().first?.isNumber ?? false)
      {
        if !plain.isEmpty { parts.append(Part(text: plain, isMath: false)) }
        plain = ""
        parts.append(Part(text: String(rest[open...close]), isMath: true))
        rest = inside[close...].dropFirst()
      } else {
        plain += "$"
        rest = inside
      }
    }
    plain += rest
    if !plain.isEmpty { parts.append(Part(text: plain, isMath: false)) }
    return parts
  }

  private static func isFormula(_ body: Substring) -> Bool {
    guard let first = body.first, let last = body.last, first != " ", last != " ",
      body.utf8.count <= 500
    else { return false }
    var depth = 0
    var rest = body
    while let character = rest.popFirst() {
      switch character {
      case "{": depth += 1
      case "}":
        depth -= 1
        if depth < 0 { return false }
      case "\\": if !takeCommand(&rest) { return false }
      case "%", "#", "&", "~": return false
      default:
        if !character.isASCII, character.unicodeScalars.contains(where: \.isASCII) {
          return false
        }
      }
    }
    return depth == 0
  }

  private static func takeCommand(_ rest: inout Substring) -> Bool {
    let name = rest.prefix { $0.isASCII && $0.isLetter }
    if name.isEmpty {
      guard let sign = rest.popFirst() else { return false }
      return ",;:! |_%#&".contains(sign)
    }
    rest = rest.dropFirst(name.count)
    return known.contains(name)
  }

  private static let known: Set<Substring> = Set(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi \
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi \
    Pi Sigma Upsilon Phi Psi Omega mathcal mathbb mathbf mathrm mathit mathsf mathtt mathfrak \
    boldsymbol bm text textbf textit textrm operatorname sqrt frac tfrac dfrac binom hat widehat \
    tilde widetilde bar overline underline vec dot ddot prime infty partial nabla ell hbar Re Im \
    aleph emptyset varnothing forall exists neg in notin ni subset subseteq supset supseteq cup cap \
    setminus times div cdot pm mp ast star circ bullet oplus otimes odot wedge vee leq le geq ge neq \
    ne ll gg approx sim simeq cong equiv propto perp parallel mid to rightarrow leftarrow \
    leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto longrightarrow uparrow downarrow sum \
    prod int oint lim sup inf max min arg log ln exp sin cos tan det dim ker Pr gcd langle rangle \
    lfloor rfloor lceil rceil left right big Big ldots cdots dots vdots ddots quad qquad angle \
    triangle square dagger ddagger top bot not
    """.split(separator: " "))
}
