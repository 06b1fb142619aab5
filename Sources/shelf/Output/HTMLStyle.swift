extension HTMLPage {
  /// The style sheet: light and dark as the reader has it, a phone's width, paper.
  static let style = """

    :root{--ink:#1c1c1e;--soft:#5c5c63;--page:#f6f4ef;--card:#fff;--line:#dcd8ce;--link:#0b57a4;
    --star:#8a6100;--hit:#ffe58a;--queued:#0b57a4;--reading:#8a4b00;--done:#2b6a3f}
    @media (prefers-color-scheme:dark){:root{--ink:#e9e7e2;--soft:#aaa8a2;--page:#151618;
    --card:#1f2124;--line:#383b40;--link:#8dbdf5;--star:#e3b84f;--hit:#6b5300;--queued:#8dbdf5;
    --reading:#f0a860;--done:#8fce9f}}
    *{box-sizing:border-box}
    html{scroll-padding-top:7rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.65 system-ui,-apple-system,
    "Segoe UI",Roboto,"Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei",
    "Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif}
    header,#search,main{padding-inline:max(1rem,calc(50% - 23rem))}
    header{padding-top:.8rem}
    h1{font-size:1.15rem;line-height:1.35;margin:0;overflow-wrap:anywhere}
    header p{margin:.1rem 0 0}
    #search:not([hidden]){position:sticky;top:0;z-index:1;background:var(--page);
    border-bottom:1px solid var(--line);padding-block:.5rem;display:flex;flex-wrap:wrap;
    gap:.4rem .6rem;align-items:center}
    #search label[hidden]{display:none}
    #search .name{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    #first{flex:1 1 100%;min-width:0;display:flex;gap:.6rem;align-items:center}
    #words{flex:1 1 auto;min-width:0;padding-block:.35rem}
    #choices{position:relative;display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center;
    width:100%}
    #clear[hidden],#printed{display:none}
    input,select,#clear{font:inherit;color:inherit;background:var(--card);
    border:1px solid var(--line);border-radius:.4rem;padding:.15rem .5rem}
    select{max-width:8.8rem}
    select,#choices label,#clear{font-size:.9rem}
    .set{border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}
    input[type=checkbox]{accent-color:var(--link);width:1rem;height:1rem;vertical-align:-.15em}
    #clear{cursor:pointer}
    output{white-space:nowrap;font-variant-numeric:tabular-nums}
    output,.meta,.keywords,.made,#printed,.label,.keys{color:var(--soft);font-size:.9rem}
    main{padding-block:1rem 3rem}
    article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
    padding:.85rem 1.1rem;margin:0 0 .9rem;overflow-wrap:anywhere;scroll-margin-top:7rem}
    article:focus{outline:2px solid var(--link);outline-offset:1px}
    h2{font-size:1.08rem;line-height:1.4;margin:0 0 .25rem}
    h3{font-size:1rem;margin:.9rem 0 0}
    a{color:var(--link);text-underline-offset:.15em}
    h2 a:not(:hover){text-decoration:none}
    [data-status=read] h2 a,[data-status=skipped] h2 a{color:var(--soft)}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    mark{background:var(--hit);color:inherit;border-radius:.15rem}
    p{margin:.4rem 0;white-space:pre-line}
    .meta>*{margin-inline-end:.6rem}
    .star{color:var(--star)}
    .status{font-weight:400;border:1px solid var(--line);border-radius:1rem;padding:.05rem .6rem}
    [data-status=unread] .status{color:var(--ink);font-weight:600}
    [data-status=queued] .status{color:var(--queued);border-color:currentColor}
    [data-status=reading] .status{color:var(--reading);border-color:currentColor}
    [data-status=read] .status{color:var(--done)}
    .k:not(:last-child)::after{content:" ·"}
    .t{color:var(--link)}
    button.k,button.t,button.d{font:inherit;color:inherit;background:none;border:0;padding:0;
    text-align:start;cursor:pointer}
    button.t{color:var(--link)}
    button.k:hover,button.t:hover,button.d:hover{text-decoration:underline}
    summary{cursor:pointer;color:var(--soft);padding:.15rem 0}
    details[open]{border-inline-start:2px solid var(--line);padding-inline-start:.9rem}
    .label{margin:.7rem 0 -.3rem}
    blockquote{margin:.4rem 0;padding:.1rem .9rem;border-inline-start:3px solid var(--star)}
    #more{text-align:center;color:var(--soft)}
    kbd{font:inherit;border:1px solid var(--line);border-radius:.25rem;padding:0 .3em}
    @media (max-width:40rem){.keys{display:none}article{padding:.75rem .85rem}
    #choices{flex-wrap:nowrap;overflow-x:auto;margin-inline:-1rem;padding-inline:1rem;
    width:auto;flex:1 1 100%;min-width:0;scrollbar-width:none}
    #choices label{flex:none}select{max-width:9rem}h3{margin-top:.7rem}}
    @media (hover:none){.keys{display:none}}
    @media print{:root{--ink:#000;--soft:#333;--page:#fff;--card:#fff;--line:#999;--link:#000;
    --star:#000;--queued:#000;--reading:#000;--done:#000;--hit:#fff}
    body{font-size:10.5pt;line-height:1.5}
    #search:not([hidden]),summary,.keys,#more{display:none}
    header,main{padding:0}#printed{display:block}mark{text-decoration:underline}
    article{border:0;border-top:1px solid #999;border-radius:0;padding:.5rem 0;margin:0}
    h2,h3{break-after:avoid}p{orphans:3;widows:3}
    details[open]{border:0;padding:0}details::details-content{content-visibility:visible;
    block-size:auto}h2 a{text-decoration:none}
    h2 a::after{content:" " attr(href);font-weight:400;font-size:.8em}}

    """
}
