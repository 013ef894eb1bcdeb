// What Streamlit leaves out of a chat: the page's language, a live region, names for the bubbles, and the newest one in view.
(() => {
  const words = JSON.parse(document.querySelector('meta[name="samtal-words"]').content);
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

  const apply = () => {
    const log = document.querySelector('[class*="st-key-conversation-"]');
    const language = log && log.className.match(/st-key-conversation-(\w+)/)[1];
    if (!(language in words)) return;
    if (document.documentElement.lang !== language) shown = 0;
    describe(log, language);
    follow(log);
  };

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
