// What Streamlit leaves out of a chat: the page's language, live regions, names for the bubbles, a place for the focus when
// the button that had it is gone, and the newest bubble in view.
(() => {
  const words = JSON.parse(document.querySelector('meta[name="samtal-words"]').content);
  const status = document.createElement("div");
  let shown = 0;

  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  const describe = (log, language) => {
    const { you, guide, conversation, language: choice } = words[language];
    set(document.documentElement, "lang", language);
    set(log, "role", "log");
    set(log, "aria-live", "polite");
    set(log, "aria-label", conversation);
    set(log, "tabindex", "-1");
    [...log.children].forEach((bubble, index) => {
      set(bubble, "role", "group");
      set(bubble, "aria-label", index % 2 ? you : guide);
    });
    document.querySelectorAll(".st-key-language button").forEach((button) => {
      set(button, "aria-label", `${choice}: ${button.querySelector("p")?.textContent ?? ""}`);
    });
  };

  const follow = (log) => {
    const now = log.children.length + document.querySelectorAll(".st-key-link").length;
    const grown = now > shown;
    const first = shown === 0;
    shown = now;
    const scroller = log.closest('[data-testid="stMain"]');
    if (!grown || !scroller) return;
    const still = first || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const down = () => scroller.scrollTo({ top: scroller.scrollHeight, behavior: still ? "auto" : "smooth" });
    down();
    setTimeout(down, 250);
  };

  // Remarks on a reply stand outside the log; a region that was there before them makes screen readers say them.
  const announce = () => {
    const remarks = [...document.querySelectorAll('.st-key-reply-area > * > [data-testid="stText"]')];
    const text = remarks.map((remark) => remark.textContent).join(" ");
    if (status.textContent !== text) status.textContent = text;
  };

  const keepFocus = (log) => {
    if (document.activeElement === document.body && shown > 1) log.focus({ preventScroll: true });
  };

  const apply = () => {
    const log = document.querySelector('[class*="st-key-conversation-"]');
    const language = log && log.className.match(/st-key-conversation-(\w+)/)[1];
    if (!(language in words)) return;
    if (document.documentElement.lang !== language) shown = 0;
    describe(log, language);
    announce();
    keepFocus(log);
    follow(log);
  };

  set(status, "role", "status");
  set(status, "class", "samtal-status");
  document.body.append(status);

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      apply();
    });
  }).observe(document.body, { childList: true, subtree: true });
})();
