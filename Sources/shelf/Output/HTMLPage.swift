import Filters

/// What stands around the papers in the exported page.
///
/// The page loads nothing: its content security policy allows this style and this script, by their
/// SHA-256, and nothing else, so markup that slipped through escaping would still not run. Whoever
/// changes the style or the script puts the new hash here; a test compares them.
enum HTMLPage {
  /// `sha256-…` of ``style`` (Content Security Policy level 3, section 2.3.1).
  static let styleHash = "sha256-PKOtu2fsiA760l770qUIP4kUYzHi7eckX4xPqTp5p5M="
  /// `sha256-…` of ``script``.
  static let scriptHash = "sha256-o/QPoJXKSkAW2AoZ4Hrhp6zPTh9LWzN+MNAmzYPXkqg="

  /// Everything before the first paper.
  static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src '\(styleHash)'; script-src '\(scriptHash)'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta name="color-scheme" content="light dark">
    <title>Papershelf</title>
    <style>\(style)</style>
    </head>
    <body>
    <header>
    <h1>Papershelf</h1>
    <div id="search" role="search" hidden>
    <label for="words">Filter</label>
    <input id="words" type="search" autocomplete="off" placeholder="words in title, summary, notes">
    <label for="status">Status</label>
    <select id="status"><option value="">any</option><option>unread</option><option>queued</option>\
    <option>reading</option><option>read</option><option>skipped</option></select>
    <label><input id="starred" type="checkbox"> starred</label>
    <output id="count" for="words status starred" aria-live="polite"></output>
    </div>
    </header>
    <main>

    """

  /// Everything after the last paper.
  static let tail = """
    </main>
    <script>\(script)</script>
    </body>
    </html>

    """

  /// The style sheet.
  static let style = """

    :root{--ink:#1c1c1e;--soft:#5c5c63;--page:#fbfaf7;--card:#fff;--line:#dedbd3;--link:#0b57a4;
    --mark:#8a6100}
    @media (prefers-color-scheme:dark){:root{--ink:#e9e7e2;--soft:#a9a7a1;--page:#17181a;
    --card:#202225;--line:#383b40;--link:#8dbdf5;--mark:#e3b84f}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.65 system-ui,-apple-system,
    "Segoe UI",Roboto,"Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei",
    "Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif}
    header{position:sticky;top:0;background:var(--page);border-bottom:1px solid var(--line);
    padding:.6rem max(1rem,calc(50% - 23rem))}
    h1{font-size:1.1rem;margin:0}
    main{max-width:48rem;margin:0 auto;padding:1rem}
    #search:not([hidden]){display:flex;flex-wrap:wrap;gap:.4rem .7rem;align-items:center;
    margin-top:.4rem}
    #words{flex:1 1 14rem;min-width:0}
    input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
    border-radius:.35rem;padding:.15rem .5rem}
    output,.meta,.keywords{color:var(--soft);font-size:.9rem}
    article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
    padding:.9rem 1.1rem;margin:0 0 1rem;overflow-wrap:anywhere}
    article[hidden]{display:none}
    h2{font-size:1.1rem;line-height:1.4;margin:0 0 .3rem}
    h3{font-size:1rem;margin:.9rem 0 0}
    a{color:var(--link)}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    p{margin:.4rem 0;white-space:pre-line}
    .meta>*{margin-right:.7rem}
    .star{color:var(--mark)}
    .status{border:1px solid var(--line);border-radius:1rem;padding:.05rem .6rem}
    .tldr{font-weight:600}
    summary{cursor:pointer;color:var(--soft)}
    blockquote{margin:.7rem 0;padding:.1rem .9rem;border-inline-start:3px solid var(--mark)}
    @media print{body{background:#fff;color:#000;font-size:10.5pt}header{position:static}
    #search:not([hidden]),summary{display:none}main{max-width:none;padding:0}
    article{border:0;border-top:1px solid #999;border-radius:0;padding:.6rem 0}
    h2,h3{break-after:avoid}h2 a::after{content:" " attr(href);font-weight:400;font-size:.8em}}

    """

  /// The filter. Without scripts the page is whole, only the filter is not shown.
  static let script = """

    (function(){"use strict";
    var get=function(id){return document.getElementById(id)},words=get("words"),
    status=get("status"),starred=get("starred"),count=get("count"),
    fold=function(text){return text.normalize("NFKC").toLowerCase()},
    papers=Array.from(document.querySelectorAll("article"),function(element){
    return{element:element,text:fold(element.textContent),status:element.dataset.status,
    starred:element.dataset.starred==="true"}});
    function filter(){var wanted=fold(words.value).split(/\\s+/).filter(Boolean),shown=0;
    papers.forEach(function(paper){var fits=(!status.value||paper.status===status.value)&&
    (!starred.checked||paper.starred)&&
    wanted.every(function(word){return paper.text.includes(word)});
    paper.element.hidden=!fits;if(fits)shown+=1});
    count.textContent=shown+" of "+papers.length}
    [words,status,starred].forEach(function(input){input.addEventListener("input",filter)});
    addEventListener("beforeprint",function(){
    document.querySelectorAll("details").forEach(function(part){part.open=true})});
    get("search").hidden=false;filter()})();

    """
}
