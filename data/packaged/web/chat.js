// What Streamlit leaves out of a chat: the page's language, a live region, names for the bubbles, and the newest one in view.
(() => {
  if (window.samtalChat) return;
  window.samtalChat = true;
  let shown = 0;

  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  const nameBubbles = (log, page) => {
    for (const bubble of log.querySelectorAll('[data-testid="stChatMessage"]')) {
      const mine = bubble.querySelector('[data-testid="stChatMessageAvatarUser"]');
      const content = bubble.querySelector('[data-testid="stChatMessageContent"]');
      if (content) set(content, "aria-label", mine ? page.dataset.you : page.dataset.guide);
    }
  };

  const follow = (log) => {
    const now = document.querySelectorAll('[data-testid="stChatMessage"], .st-key-link').length;
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
    const page = document.querySelector("[data-samtal-chat]");
    set(document.documentElement, "lang", page ? page.dataset.lang : "en");
    const log = document.querySelector(".st-key-conversation");
    if (!page || !log) return;
    set(log, "role", "log");
    set(log, "aria-live", "polite");
    set(log, "aria-label", page.dataset.conversation);
    nameBubbles(log, page);
    follow(log);
  };

  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      apply();
    });
  };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  apply();
})();
