extension HTMLPage {
  /// What makes the list of papers a page to work with: filters, hits marked, keys.
  ///
  /// Where scripts run, the papers come as the text of a `noscript`, which costs no element; of
  /// those that fit the filter a screenful is made into elements, and more as one scrolls or
  /// prints. Where none run, the same text is the page. Nothing newer than ECMAScript 2018 is
  /// used: what a browser cannot read would leave the page empty.
  static let script = #"""

    (() => {
    "use strict";
    const get = id => document.getElementById(id);
    const main = get("papers"), source = get("store").textContent;
    const end = "</article>\n";
    const fields = ["words", "status", "starred", "day", "tag", "keyword"];
    const input = {};
    for (const field of fields) input[field] = get(field);

    // Texts are compared as `shelf search` does: case, width, marks and traditional forms folded,
    // letters apart from digits, Chinese by the character. A word begins with a space.
    const simple = new Map(), forms = Array.from(get("forms").textContent.trim());
    for (let at = 0; at + 1 < forms.length; at += 2) simple.set(forms[at], forms[at + 1]);
    const plain = text => Array.from(text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
      .normalize("NFC"), one => simple.get(one) || one).join("").toLowerCase();
    const han = "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3041-\\u30ff" +
      "\\u3105-\\u312f\\u3131-\\u318e\\u31a0-\\u31ff\\u3400-\\u9fff\\ua960-\\ua97c\\uac00-\\ud7a3" +
      "\\uf900-\\ufaff\\uff66-\\uff9d\\u{1b000}-\\u{1b16f}\\u{20000}-\\u{3ffff}";
    const isAlone = new RegExp("^[" + han + "]", "u"), isDigit = /^\p{N}/u;
    const isLetter = /^[\p{L}\p{M}]/u;
    // What each character is folded to and which kind it is, learnt as they are met: a text is
    // one pass over its units, so that millions of them take a blink.
    const GAP = 1, LETTER = 2, DIGIT = 3, ALONE = 4, NONE = 5;
    const kinds = new Uint8Array(65536), units = new Uint16Array(65536), longer = new Map();
    const learn = (code, one) => {
      const form = plain(one);
      const kind = !form ? NONE : isAlone.test(form) ? ALONE : isDigit.test(form) ? DIGIT
        : isLetter.test(form) ? LETTER : GAP;
      if (form.length !== 1 || code > 65535) longer.set(code, [kind, form]);
      else units[code] = form.charCodeAt(0);
      if (code < 65536) kinds[code] = kind;
    };
    let room = new Uint16Array(1 << 16);
    const decoder = new TextDecoder("utf-16le");
    // Of HTML, what stands between tags; but the page's own words, in <b> and <summary>.
    const fold = (text, isHTML) => {
      if (/[\u3099\u309a\uff9e\uff9f]/.test(text)) text = text.normalize("NFKC");
      if (room.length < 2 * text.length + 64) room = new Uint16Array(4 * text.length + 64);
      let out = 0, before = GAP;
      for (let at = 0; at < text.length; at += 1) {
        let code = text.charCodeAt(at);
        if (isHTML && code === 60) {
          const own = text.startsWith("<b ", at) || text.startsWith("<b>", at) ? "</b>"
            : text.startsWith("<summary>", at) ? "</summary>" : ">";
          const end = text.indexOf(own, at);
          if (end < 0) break;
          at = end + own.length - 1;
          before = GAP;
          continue;
        }
        if (isHTML && code === 38) {
          const end = text.indexOf(";", at);
          if (end < 0) break;
          at = end;
          before = GAP;
          continue;
        }
        if (code >= 0xd800 && code < 0xdc00) {
          const whole = text.codePointAt(at);
          if (whole > 65535) { code = whole; at += 1; }
        }
        let kind = code < 65536 ? kinds[code] : longer.has(code) ? longer.get(code)[0] : 0;
        if (!kind) {
          learn(code, String.fromCodePoint(code));
          kind = code < 65536 ? kinds[code] : longer.get(code)[0];
        }
        if (kind === NONE) continue;
        if (kind === GAP) { before = GAP; continue; }
        if (kind !== ALONE && kind !== before) room[out++] = 32;
        before = kind;
        const unit = code < 65536 ? units[code] : 0;
        if (unit) { room[out++] = unit; continue; }
        const form = longer.get(code)[1];
        for (let part = 0; part < form.length; part += 1) room[out++] = form.charCodeAt(part);
        if (out + text.length > room.length - 64) {
          const wider = new Uint16Array(2 * room.length);
          wider.set(room);
          room = wider;
        }
      }
      return decoder.decode(room.subarray(0, out));
    };
    const others = "(?:(?![" + han + "])[\\p{L}\\p{M}])+";
    const marked = new RegExp("[" + han + "]|[A-Za-z]+(?![\\p{L}\\p{M}])|\\p{N}+|" + others, "gu");

    const signs = {amp: "&", lt: "<", gt: ">", quot: "\"", "#39": "'"};
    const decode = text => text.replace(/&(amp|lt|gt|quot|#39);/g, (all, name) => signs[name]);

    const head = /^\s*<article data-status="([a-z]*)" data-starred="([a-z]*)" data-days="([^"]*)">/;
    const listed = /<span [^>]*class="([tk])">([^<]*)</g;
    const papers = source.split(end).slice(0, -1).map(html => {
      const found = head.exec(html) || ["", "", "", ""];
      const paper = {html: html + end, status: found[1], starred: found[2] === "true",
        days: found[3].split(" ").filter(Boolean), tags: [], keywords: [], text: null};
      listed.lastIndex = 0;
      for (let one; (one = listed.exec(html));) {
        const name = decode(one[2]);
        if (one[1] === "t") paper.tags.push(name.slice(1)); else paper.keywords.push(name);
      }
      return paper;
    });
    const folded = paper => {
      if (paper.text === null) paper.text = fold(paper.html, true);
      return paper.text;
    };
    // The choices, with how many papers each has.
    const names = new Map(), keys = new Map();
    const keyOf = word => {
      let key = keys.get(word);
      if (key === undefined) {
        keys.set(word, key = plain(word).trim());
        if (!names.has(key)) names.set(key, word);
      }
      return key;
    };
    const counted = values => {
      const counts = new Map();
      for (const paper of papers)
        for (const value of new Set(values(paper))) counts.set(value, (counts.get(value) || 0) + 1);
      return counts;
    };
    const withParents = tag =>
      tag.split("/").map((part, at, all) => all.slice(0, at + 1).join("/"));
    const choose = (field, counts, order, name) => {
      const select = input[field];
      for (const value of order(Array.from(counts.keys()), counts)) {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = name(value) + " (" + counts.get(value) + ")";
        select.append(option);
      }
      select.parentElement.hidden = select.options.length < (field === "tag" ? 2 : 3);
    };
    const same = name => name;
    const states = ["unread", "queued", "reading", "read", "skipped"];
    choose("status", counted(paper => [paper.status]), (all, counts) =>
      states.filter(state => counts.has(state)), same);
    choose("day", counted(paper => paper.days), all => all.sort().reverse(), same);
    choose("tag", counted(paper => [].concat(...paper.tags.map(withParents))), all => all.sort(),
      tag => "+" + tag);
    choose("keyword", counted(paper => paper.keywords.map(keyOf)), (all, counts) =>
      all.filter(key => key && (counts.get(key) > 1 || papers.length < 50))
        .sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1)).slice(0, 100),
      key => names.get(key));
    input.starred.parentElement.hidden = !papers.some(paper => paper.starred);

    // What is typed: words, "phrases", -word or not, or, and conditions of shelf's own filters.
    const escaped = text => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const wordTerm = word => {
      const text = fold(word);
      if (!text) return null;
      const last = /( [a-z]{4,})$/.exec(text);
      const stem = last && last[1].replace(/(?:ies|es|s|ing|ed|ly|e|y)$/, "");
      let pattern = escaped(text);
      if (stem && stem.length > 3 && stem !== last[1] && !word.includes("*")) {
        const other = escaped(text.slice(0, last.index)) + stem +
          "(?:ies|es|s|ings?|ed|ly|e|y)?(?![a-z])";
        const form = new RegExp(other);
        return {pattern: pattern + "|" + other, test: paper => {
          const all = folded(paper);
          return all.includes(text) || form.test(all);
        }};
      }
      return {pattern, test: paper => folded(paper).includes(text)};
    };
    const isOf = tag => name => name === tag || name.startsWith(tag + "/");
    const conditions = {
      is: value => value === "starred" ? paper => paper.starred
        : value === "tagged" ? paper => paper.tags.length > 0
        : value === "unfinished" ? paper => paper.status !== "read" && paper.status !== "skipped"
        : states.includes(value) ? paper => paper.status === value : null,
      status: value => states.includes(value) ? paper => paper.status === value : null,
      tag: value => value && (paper => paper.tags.some(isOf(value))),
      date: value => value && (paper => paper.days.some(day => day.startsWith(value)))
    };
    const term = word => {
      const condition = /^(is|status|tag|date):(\S+)$/.exec(word.replace(/^\+(?=\S)/, "tag:"));
      const test = condition && conditions[condition[1]](condition[2]);
      return test ? {pattern: null, test} : wordTerm(word);
    };
    const query = text => {
      const groups = [[]];
      let isNot = false;
      for (let word of text.match(/-?"[^"]*"?|\S+/g) || []) {
        const joint = word.toLowerCase();
        if (joint === "and") continue;
        if (joint === "or") { groups.push([]); continue; }
        if (joint === "not") { isNot = !isNot; continue; }
        if (/^[-!]./.test(word)) { isNot = !isNot; word = word.slice(1); }
        const one = term(word);
        if (one) groups[groups.length - 1].push({pattern: isNot ? null : one.pattern,
          test: isNot ? paper => !one.test(paper) : one.test});
        isNot = false;
      }
      return groups.filter(group => group.length);
    };
    const fitting = groups => paper =>
      !groups.length || groups.some(group => group.every(one => one.test(paper)));

    // Marks what was found in the texts of a card.
    const foldedWords = new Map();
    const foldedWord = word => {
      let text = foldedWords.get(word);
      if (text === undefined) {
        if (foldedWords.size > 20000) foldedWords.clear();
        foldedWords.set(word, text = fold(word));
      }
      return text;
    };
    const mark = (element, pattern) => {
      const isOwn = {acceptNode: node => node.nodeType === 3 ? NodeFilter.FILTER_ACCEPT
        : node !== element && /^(DETAILS|SUMMARY|B)$/.test(node.nodeName) ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP};
      const walker = document.createTreeWalker(element, 5, isOwn), nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      for (const node of nodes) {
        const places = [];
        let text = "";
        marked.lastIndex = 0;
        for (let word; (word = marked.exec(node.data));) {
          const form = foldedWord(word[0]);
          if (!form) continue;
          places.push([text.length, text.length + form.length, word.index, marked.lastIndex]);
          text += form;
        }
        const ranges = [];
        let place = 0;
        pattern.lastIndex = 0;
        for (let hit; (hit = pattern.exec(text));) {
          if (!hit[0]) { pattern.lastIndex += 1; continue; }
          while (place < places.length && places[place][1] <= hit.index) place += 1;
          if (place === places.length) break;
          const start = places[place][2];
          let stop = start;
          for (let at = place; at < places.length && places[at][0] < pattern.lastIndex; at += 1)
            stop = places[at][3];
          const before = ranges[ranges.length - 1];
          if (before && start <= before[1]) before[1] = Math.max(stop, before[1]);
          else ranges.push([start, stop]);
        }
        for (const [start, stop] of ranges.reverse()) {
          const rest = node.splitText(start);
          rest.splitText(stop - start);
          const hit = document.createElement("mark");
          rest.replaceWith(hit);
          hit.append(rest);
        }
      }
    };

    let groups = [], shown = [], made = 0, pattern = null;
    const exported = query(main.dataset.words || "");
    const sentinel = document.createElement("p");
    sentinel.id = "more";
    const button = (element, field, value) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = element.className;
      made.dir = "auto";
      made.lang = element.lang;
      made.dataset.field = field;
      made.dataset.value = value;
      made.append(...element.childNodes);
      element.replaceWith(made);
    };
    const markPart = part => {
      if (pattern && !part.dataset.marked) mark(part, pattern);
      part.dataset.marked = "1";
    };
    const card = (article, paper, place) => {
      article.tabIndex = -1;
      article.dataset.place = place;
      for (const one of article.querySelectorAll(".t"))
        button(one, "tag", one.textContent.slice(1));
      for (const one of article.querySelectorAll(".k"))
        button(one, "keyword", keyOf(one.textContent));
      for (const one of article.querySelectorAll("time")) button(one, "day", one.textContent);
      if (!pattern) return;
      mark(article, pattern);
      // A summary is opened where it holds a word that stands nowhere in what is seen anyway; the
      // others are marked when they are opened.
      const parts = article.querySelectorAll("details");
      const seen = {text: fold(paper.html.replace(/<details>[^]*?<\/details>/g, " "), true)};
      const wanted = [].concat(...groups, ...exported)
        .filter(one => one.pattern && !one.test(seen));
      for (const part of parts) {
        const text = wanted.length ? {text: fold(part.innerHTML, true)} : null;
        if (wanted.some(one => one.test(text))) { markPart(part); part.open = true; }
        else part.addEventListener("toggle", () => markPart(part), {once: true});
      }
    };
    const add = count => {
      const upTo = Math.min(shown.length, made + count);
      const template = document.createElement("template");
      template.innerHTML = shown.slice(made, upTo).map(paper => paper.html).join("");
      Array.from(template.content.querySelectorAll("article")).forEach((one, at) =>
        card(one, shown[made + at], made + at));
      made = upTo;
      main.insertBefore(template.content, sentinel);
      sentinel.textContent = made < shown.length ? "…" : "";
    };
    const watch = "IntersectionObserver" in window && new IntersectionObserver(seen => {
      if (!seen.some(one => one.isIntersecting) || made >= shown.length) return;
      add(12);
      // Asks again whether that was enough.
      watch.unobserve(sentinel);
      watch.observe(sentinel);
    }, {rootMargin: "1600px"});

    const number = count => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
    // The first screenful is looked for and shown at once, the rest after it in small pieces, so
    // that a key never waits for all papers.
    const screenful = 6;
    let fits = () => true, place = 0, later = 0;
    const scan = (milliseconds, enough) => {
      const until = performance.now() + milliseconds;
      while (place < papers.length && shown.length < enough && performance.now() < until)
        for (const upTo = Math.min(place + 20, papers.length); place < upTo; place += 1)
          if (fits(papers[place])) shown.push(papers[place]);
    };
    const tell = () => {
      const isDone = place === papers.length, all = number(papers.length);
      get("count").textContent = !isDone ? "… of " + all
        : shown.length === papers.length ? all + " papers" : number(shown.length) + " of " + all;
      if (isDone && !shown.length && papers.length)
        sentinel.textContent = "No paper fits. Esc shows all again.";
      if (isDone && watch) watch.observe(sentinel);
    };
    const goOn = () => {
      scan(12, Infinity);
      if (made < screenful) add(screenful - made);
      tell();
      if (place < papers.length) later = setTimeout(goOn, 0);
    };
    const finish = () => {
      clearTimeout(later);
      scan(Infinity, Infinity);
      tell();
    };
    const show = () => {
      clearTimeout(later);
      if (watch) watch.unobserve(sentinel);
      const typed = fitting(groups), status = input.status.value, day = input.day.value;
      const isStarred = input.starred.checked, tag = input.tag.value, isTag = isOf(tag);
      const keyword = input.keyword.value;
      fits = paper => (!status || paper.status === status) && (!isStarred || paper.starred) &&
        (!day || paper.days.includes(day)) && (!tag || paper.tags.some(isTag)) &&
        (!keyword || paper.keywords.some(word => keyOf(word) === keyword)) && typed(paper);
      const patterns = [].concat(...groups, ...exported).map(one => one.pattern).filter(Boolean);
      pattern = patterns.length ? new RegExp(patterns.join("|"), "gu") : null;
      shown = [];
      made = place = 0;
      if (watch) scan(10, screenful); else scan(Infinity, Infinity);
      main.textContent = "";
      main.append(sentinel);
      add(watch ? screenful : shown.length);
      tell();
      if (place < papers.length) later = setTimeout(goOn, 40);
    };

    // The address keeps the filter, so that it can be kept, sent, and gone back to.
    const isSet = field => field === "starred" ? input[field].checked : input[field].value !== "";
    const address = () => {
      const parts = fields.filter(isSet).map(field => field + "=" +
        encodeURIComponent(field === "starred" ? "1" : input[field].value));
      return "#" + parts.join("&");
    };
    let keeping = 0;
    const keep = () => {
      clearTimeout(keeping);
      keeping = setTimeout(() => {
        if (address() === (location.hash || "#")) return;
        // A frame may have no history.
        try { history.replaceState(null, "", address()); } catch (error) { return; }
      }, 300);
    };
    const set = (field, value) => {
      const one = input[field];
      if (field === "starred") { one.checked = value === "1"; return; }
      const missing = one.options && value && !Array.from(one.options).some(o => o.value === value);
      if (missing) {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = field === "tag" ? "+" + value : names.get(value) || value;
        one.append(option);
        one.parentElement.hidden = false;
      }
      one.value = value;
    };
    const read = () => {
      const told = new Map(location.hash.slice(1).split("&").map(part => {
        const at = part.indexOf("="), value = part.slice(at + 1).replace(/\+/g, "%20");
        try {
          return [part.slice(0, at), decodeURIComponent(value)];
        } catch (error) {
          return ["", ""];
        }
      }));
      for (const field of fields) set(field, told.get(field) || "");
    };
    const refresh = () => {
      groups = query(input.words.value);
      show();
      for (const field of fields) input[field].classList.toggle("set", isSet(field));
      get("clear").hidden = !fields.some(isSet);
      keep();
    };
    const asked = () => {
      refresh();
      if (scrollY) scrollTo(0, 0);
    };
    const clear = () => {
      for (const field of fields) set(field, "");
      asked();
    };

    const current = () =>
      document.activeElement.closest ? document.activeElement.closest("article") : null;
    let last = -1;
    const go = step => {
      finish();
      const from = current() ? Number(current().dataset.place) : last;
      const to = Math.max(0, Math.min(shown.length - 1, from + step));
      if (to >= made) add(to - made + 24);
      const next = main.querySelector("article[data-place=\"" + to + "\"]");
      if (!next) return;
      last = to;
      next.focus({preventScroll: true});
      next.scrollIntoView({block: "start"});
    };
    const key = event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const typing = event.target === input.words;
      if (event.key === "Escape") {
        if (fields.some(isSet)) { clear(); event.preventDefault(); }
        else if (typing) input.words.blur();
        return;
      }
      if (typing) {
        if (event.key !== "Enter" && event.key !== "ArrowDown") return;
        last = -1;
        go(1);
      } else if (event.target.matches && event.target.matches("input,select")) return;
      else if (event.key === "/") { input.words.focus(); input.words.select(); }
      else if (event.key === "j") go(1);
      else if (event.key === "k") go(-1);
      else if (event.key === "Enter" && event.target.matches("article")) {
        const parts = Array.from(event.target.querySelectorAll("details"));
        const isOpen = parts.some(part => part.open);
        parts.forEach(part => { part.open = !isOpen; });
      } else if (event.key === "o" && current()) {
        const link = current().querySelector("h2 a");
        if (link) open(link.href, "_blank", "noopener");
      } else return;
      event.preventDefault();
    };

    for (const field of fields)
      input[field].addEventListener(field === "words" ? "input" : "change", asked);
    document.addEventListener("keydown", key);
    main.addEventListener("click", event => {
      const pressed = event.target.closest("button[data-field]");
      if (!pressed) return;
      set(pressed.dataset.field, pressed.dataset.value);
      asked();
    });
    get("clear").addEventListener("click", clear);
    addEventListener("hashchange", () => { read(); refresh(); });
    // Paper has no room for a list that goes on as one scrolls.
    let before = 0;
    addEventListener("beforeprint", () => {
      before = scrollY;
      finish();
      const filter = fields.filter(isSet).map(field =>
        field === "starred" ? "starred" : input[field].value);
      get("printed").textContent = filter.concat(get("count").textContent).join(" · ");
      add(shown.length);
      for (const part of main.querySelectorAll("details")) { markPart(part); part.open = true; }
    });
    addEventListener("afterprint", () => {
      const count = made > 200 ? 200 : made;
      show();
      add(count - made);
      scrollTo(0, before);
    });

    get("search").hidden = false;
    read();
    refresh();
    // Texts are folded while nobody waits, too.
    let ready = 0;
    const prepare = () => {
      const until = performance.now() + 8;
      while (ready < papers.length && performance.now() < until) folded(papers[ready++]);
      if (ready < papers.length) setTimeout(prepare, 0);
    };
    setTimeout(prepare, 100);
    })();

    """#
}
