// The respondent's page. The server sends the whole page as data at every reply; this draws it, keeps what has not
// changed (bubbles, a half-written answer, the focus), and sends back what the respondent does. How each kind of
// question is answered stands in replies.js.
(() => {
  const ARMING = 250; // milliseconds in which a new question takes no reply: a double press answers only once
  const AGAIN = [300, 4000, 6000, 8000, 10000]; // milliseconds after which a reply that nobody heard is sent again
  const vocabulary = JSON.parse(document.querySelector('meta[name="samtal-words"]').content);

  const h = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value") element.value = value;
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const looks = { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": true, fill: "none" };
    for (const [name, value] of Object.entries(looks)) svg.setAttribute(name, value);
    const strokes = { d: path, stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round" };
    for (const [name, value] of Object.entries({ ...strokes, "stroke-linejoin": "round" })) line.setAttribute(name, value);
    svg.append(line);
    return svg;
  };

  // Pages that no other page may frame open in a tab of their own when the chat is embedded.
  const APART = window.self === window.top ? {} : { target: "_blank", rel: "noopener" };

  // What ends a half-made answer to the question that waited; a change of language, or a look at the link, does not.
  const SETTLES = ["answer", "skip", "keep"];

  const ICONS = {
    change: "M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4",
    back: "M15 5l-7 7 7 7",
    send: "M5 12h14M13 6l6 6-6 6",
  };

  // Whether the last thing touched was the keyboard: then the focus goes to the next thing to press.
  let byKeyboard = false;
  document.addEventListener("keydown", () => (byKeyboard = true), true);
  document.addEventListener("pointerdown", () => (byKeyboard = false), true);

  class Chat {
    constructor(place) {
      this.drafts = {};
      this.shown = null;
      this.busy = false;
      this.top = h("div", { class: "top" });
      this.log = h("div", { role: "log", "aria-live": "polite", class: "log", tabindex: -1 });
      this.status = h("div", { role: "status", class: "notes", id: "samtal-notes" });
      this.dots = h("div", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
      this.reply = h("div", { class: "reply" });
      this.aside = h("div", { class: "aside" });
      this.scroller = h("div", { class: "scroller" });
      this.foot = h("div", { class: "foot" }, this.status, this.reply, this.aside);
      this.scroller.append(h("div", { class: "column" }, this.log, this.dots, this.foot));
      this.dialog = h("dialog", { class: "link" });
      this.root = h("div", { class: "samtal" }, this.top, this.scroller, this.dialog);
      place.append(this.root);
      place.closest("main")?.removeAttribute("tabindex"); // it does not scroll: no stop for the keyboard
      document.querySelector(".splash")?.remove();
      this._stay();
      this._fit();
      window.visualViewport?.addEventListener("resize", () => this._fit());
    }

    draw(page, deliver) {
      const before = this.shown;
      this.deliver = deliver;
      this.shown = page;
      this.words = vocabulary[page.language];
      this._hear(page);
      document.documentElement.lang = page.language;
      if (page.title) document.title = page.title;
      this._top(page, before);
      const grown = this._log(page);
      const noted = this._notes(page);
      const asked = this._reply(page, before);
      this._aside(page);
      this._link(page);
      if (grown || asked || noted) this._follow(before === null);
      if (asked) this._focus(before === null);
      else if (page.notes.length) this._refocus();
    }

    // A reply is sent until the server has heard it: a server that was restarted meanwhile drops the first one.
    send(what) {
      if (this.busy || (what.do !== "speak" && this.reply.hasAttribute("data-arming"))) return;
      this.busy = true;
      this.root.setAttribute("data-busy", "");
      this.sent = { ...what, nonce: crypto.getRandomValues(new Uint32Array(2)).join("-") };
      this._deliver(1);
    }

    _deliver(times) {
      this.deliver(this.sent);
      this._wait(times);
    }

    _wait(times) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => {
        if (times > 1) this.status.textContent = this.words.slow;
        this._deliver(times + 1);
      }, AGAIN[Math.min(times, AGAIN.length - 1)]);
    }

    _hear(page) {
      if (this.busy && page.heard !== this.sent.nonce) {
        this._wait(0);
        return;
      }
      clearTimeout(this.waiting);
      this.busy = false;
      this.root.removeAttribute("data-busy");
    }

    // When the connection is lost, Streamlit opens a dialog for developers, which chat.css hides, and locks the page.
    _stay() {
      const app = document.getElementById("root");
      const unlock = () => app.inert && (app.inert = false);
      if (app) new MutationObserver(unlock).observe(app, { attributes: true, attributeFilter: ["inert"] });
    }

    _fit() {
      const height = window.visualViewport ? `${Math.round(window.visualViewport.height)}px` : "100dvh";
      this.root.style.setProperty("--height", height);
      if (this.shown) this._follow(true);
    }

    _top(page, before) {
      const sign = JSON.stringify([page.language, page.title, page.languages]);
      const same = before && this.head === sign;
      this.head = sign;
      if (!same) {
        const heading = h("h1", page.title ? {} : { class: "unseen" }, page.title || this.words.conversation);
        this.bar = h("div", { role: "progressbar", class: "bar", "aria-valuemin": 0, "aria-valuemax": 100 }, h("i"));
        this.count = h("p", { class: "count" });
        this.top.replaceChildren(
          h("div", { class: "column" }, h("div", { class: "row" }, heading, this._languages(page) ?? "")),
          h("div", { class: "column progress" }, this.bar, this.count),
        );
      }
      const { progress } = page;
      this.bar.parentElement.hidden = !progress;
      if (!progress) return;
      const percent = Math.round(100 * progress.fraction);
      this.bar.firstChild.style.transform = `scaleX(${progress.fraction})`;
      this.bar.setAttribute("aria-valuenow", percent);
      this.bar.setAttribute("aria-label", progress.text);
      this.count.textContent = progress.text;
    }

    _languages(page) {
      if (page.languages.length < 2) return null;
      const options = page.languages.map((code) =>
        h("option", { value: code, lang: code, selected: code === page.language }, vocabulary[code].language_name),
      );
      const speak = (event) => this.send({ do: "speak", language: event.target.value });
      return h("select", { class: "language", "aria-label": this.words.language, onchange: speak }, ...options);
    }

    _log(page) {
      const { log, words } = this;
      log.setAttribute("aria-label", words.conversation);
      let changed = false;
      page.bubbles.forEach((bubble, index) => {
        const sign = JSON.stringify([page.language, bubble]);
        const old = log.children[index];
        if (old?.dataset.sign === sign) return;
        changed = true;
        const drawn = this._bubble(bubble, sign);
        if (old) old.replaceWith(drawn);
        else log.append(drawn);
      });
      while (log.children.length > page.bubbles.length) log.lastElementChild.remove();
      return changed;
    }

    _bubble({ who, text, skipped, folded, edit }, sign) {
      const [line, ...rest] = folded ? text.split("\n") : [];
      const words = folded
        ? h("details", {}, h("summary", {}, `${line} …`), h("p", {}, rest.join("\n")))
        : h("p", { class: skipped ? "skipped" : null }, text);
      const label = who === "you" ? this.words.you : this.words.guide;
      const bubble = h("div", { class: who, role: "group", "aria-label": label }, words);
      bubble.dataset.sign = sign;
      if (edit) {
        const name = `${this.words.change}: ${text.slice(0, 80)}`;
        const change = () => this.send({ do: "edit", question: edit });
        const looks = { type: "button", class: "change", "aria-label": name, title: this.words.change, onclick: change };
        bubble.prepend(h("button", looks, icon(ICONS.change)));
      }
      return bubble;
    }

    _notes(page) {
      const text = page.notes.join("\n");
      const changed = this.status.textContent !== text;
      if (changed) this.status.textContent = text;
      return changed && text !== "";
    }

    _reply(page, before) {
      const spec = page.reply;
      const sign = JSON.stringify([page.language, spec?.id, page.stage, page.draw]);
      if (this.sign === sign && before) return false;
      this.sign = sign;
      this.reply.replaceChildren();
      this.widget = null;
      this.foot.dataset.look = spec?.look ?? page.stage;
      if (before?.reply && before.reply.id !== spec?.id && SETTLES.includes(this.sent?.do)) delete this.drafts[before.reply.id];
      const begun = { ...spec, value: this.drafts[spec?.id] ?? spec?.value };
      if (spec) this.widget = window.samtalReplies[spec.look](begun, this._tools(spec));
      if (this.widget) this.reply.append(...this._heading(spec), this.widget);
      if (page.stage === "consent") this.reply.append(this._consent());
      if (page.draw) this.reply.append(this._draw(page.draw));
      if (page.again) {
        const again = () => this.send({ do: "begin" });
        this.reply.append(h("button", { type: "button", class: "main wide", onclick: again }, this.words.begin_again));
      }
      if (before) this.reply.setAttribute("data-arming", "");
      setTimeout(() => this.reply.removeAttribute("data-arming"), ARMING);
      return true;
    }

    _heading(spec) {
      const part = spec.part
        ? h("p", { class: "part", id: "samtal-part" }, h("span", {}, spec.part.count), h("strong", {}, spec.part.text))
        : null;
      const hint = spec.hint ? h("p", { class: "hint", id: "samtal-hint" }, spec.hint) : null;
      return [part, hint].filter(Boolean);
    }

    _consent() {
      const looks = { type: "text", name: "website", id: "samtal-website", tabindex: -1, autocomplete: "off" };
      const unasked = { "data-1p-ignore": "", "data-bwignore": "", "data-lpignore": "true", "data-form-type": "other" };
      const trap = h("input", { ...looks, ...unasked }); // what fills forms in for people is asked to leave it alone
      const button = (what, looks, more) => {
        const press = () => this.send({ do: what, ...more?.() });
        return h("button", { type: "button", class: `${looks} wide`, onclick: press }, this.words[what]);
      };
      return h(
        "div",
        { class: "stack" },
        h("div", { class: "trap", "aria-hidden": "true" }, h("label", { for: looks.id }, this.words.trap), trap),
        button("agree", "main", () => ({ trap: trap.value })),
        button("decline", "option"),
      );
    }

    _draw({ text, label, href }) {
      return h("div", { class: "stack" }, h("p", { class: "part" }, text), h("a", { class: "main wide", href, ...APART }, label));
    }

    _tools(spec) {
      const { question, turn } = spec;
      return {
        h,
        words: this.words,
        language: this.shown.language,
        icon: (name) => icon(ICONS[name]),
        send: (value) => this.send({ do: "answer", question, turn, value }),
        keep: (value) => (this.drafts = { [spec.id]: value }),
      };
    }

    _aside(page) {
      const spec = page.reply;
      const press = (name, what, extra = null) => {
        const looks = { type: "button", class: `quiet ${name}`, onclick: () => this.send(what) };
        return h("button", looks, extra, this.words[name]);
      };
      const skip = spec && { do: "skip", question: spec.question, turn: spec.turn };
      const answers = page.answers && page.stage !== "asking";
      this.aside.replaceChildren(
        ...[
          page.back ? press("back", { do: "back" }, icon(ICONS.back)) : null,
          page.savable ? press("save", { do: "link" }) : null,
          page.keep ? press("keep", { do: "keep" }) : null,
          page.skip ? press("skip", skip) : null,
          answers ? h("a", { class: "quiet mine", href: page.answers, ...APART }, this.words.my_answers) : null,
        ].filter(Boolean),
      );
    }

    _link(page) {
      const { link } = page;
      if (!link) return;
      const { words, dialog } = this;
      const field = h("input", { readonly: true, id: "samtal-link", value: link.url, onfocus: (event) => event.target.select() });
      const said = h("span", { role: "status" });
      const copy = async () => {
        field.select();
        await navigator.clipboard?.writeText(link.url);
        said.textContent = words.copied;
      };
      dialog.setAttribute("aria-labelledby", "samtal-link-title");
      dialog.replaceChildren(
        h("h2", { id: "samtal-link-title" }, words.save),
        h("p", {}, words.save_hint),
        h("img", { src: link.qr, alt: words.qr, width: 168, height: 168 }),
        h("label", { for: "samtal-link" }, words.link),
        field,
        h("p", { class: "warning" }, words.save_warning),
        h("a", { href: page.answers, class: "quiet mine", ...APART }, words.my_answers),
        h(
          "div",
          { class: "ends" },
          said,
          h("button", { type: "button", class: "option", onclick: copy, hidden: !navigator.clipboard }, words.copy),
          h("button", { type: "button", class: "main", onclick: () => dialog.close() }, words.close),
        ),
      );
      if (!dialog.open) dialog.showModal();
    }

    _follow(still) {
      const { scroller, log } = this;
      requestAnimationFrame(() => {
        const asked = [...log.children].findLast((bubble) => bubble.classList.contains("guide"));
        const bottom = scroller.scrollHeight - scroller.clientHeight;
        const top = asked ? Math.min(bottom, asked.offsetTop - 12) : bottom;
        const calm = still || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        scroller.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
      });
    }

    // The button that had the focus is gone: it goes where the next answer is given. A phone's keyboard opens only when
    // somebody asks for it.
    _focus(first) {
      const target = this.reply.querySelector(':is(button, input, select, textarea):not([tabindex="-1"]):not(:disabled)');
      const field = target?.matches("input:not([type=checkbox]):not([type=range]), textarea");
      const fine = window.matchMedia("(pointer: fine)").matches;
      if (target && (field ? fine || byKeyboard : byKeyboard && !first)) target.focus({ preventScroll: true });
      else if (!first) (this.widget ?? this.log).focus({ preventScroll: true });
    }

    _refocus() {
      if (document.activeElement === document.body) this._focus(false);
      const field = ":is(input[type=text], input[type=email], textarea):not([tabindex='-1'])";
      this.reply.querySelector(field)?.setAttribute("aria-describedby", "samtal-notes");
    }
  }

  // One mount at a time: Streamlit calls this again with new data for as long as the page lives.
  window.samtal = ({ data, parentElement, setTriggerValue }) => {
    parentElement.samtal ??= new Chat(parentElement);
    parentElement.samtal.draw(data[0], (what) => setTriggerValue("said", what));
  };
})();
