// Mends what Streamlit's own elements lack for people who do not use a mouse. The studio loads it with every page.
(() => {
  if (window.samtalMends) return;
  window.samtalMends = true;

  // The place where files are dropped has a name and can hold the focus, yet says that it is only decoration.
  const mend = () => {
    for (const place of document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]'))
      place.setAttribute("role", "group");
  };

  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();
})();
