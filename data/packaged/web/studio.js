// Mends what elements of others lack for people who do not use a mouse. The studio loads it with every page.
(() => {
  if (window.samtalMends) return;
  window.samtalMends = true;

  const MENDS = [
    // Streamlit's place for files has a name and can hold the focus, yet says that it is only decoration.
    ['[data-testid="stFileUploaderDropzone"][role="presentation"]', "role", "group"],
    // Vega announces the box that is drawn with the mouse as a symbol without a name, also when there is none.
    ['g[class*="_brush"][role="graphics-symbol"]:not([aria-hidden])', "aria-hidden", "true"],
  ];
  const mend = () => {
    for (const [wrong, name, value] of MENDS)
      for (const element of document.querySelectorAll(wrong)) element.setAttribute(name, value);
  };

  const watched = { childList: true, subtree: true, attributeFilter: ["role", "aria-hidden"] };
  new MutationObserver(mend).observe(document.body, watched);
  mend();
})();
