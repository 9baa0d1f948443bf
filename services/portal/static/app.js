// The only script written here; every page works without it.
(() => {
  const say = (text) => { document.getElementById("announce").textContent = text };
  const show = (root) => root.querySelectorAll("[data-script]").forEach((item) => item.removeAttribute("hidden"));
  show(document);

  const copy = async (button) => {
    try { await navigator.clipboard.writeText(location.href) } catch {
      // The clipboard needs TLS or localhost: elsewhere a selected field does the same.
      const field = document.createElement("input");
      field.value = location.href;
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    say(button.dataset.done);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    if (event.target.closest("[data-print]")) print();
  });

  document.addEventListener("keydown", (event) => {
    const typing = /INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName);
    const field = document.querySelector("[data-search]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !field) return;
    event.preventDefault();
    field.focus();
  });

  // What a filter changed is said once, in words, to whoever does not see it; and the file and language links follow the address.
  const follow = () => {
    document.querySelectorAll("a[hreflang], .actions a[download]").forEach((link) => { link.search = location.search });
  };
  document.addEventListener("htmx:after:swap", () => {
    const count = document.querySelector("#view [data-say]");
    if (count) say(count.textContent);
    follow();
  });
  document.addEventListener("htmx:after:push:into:history", follow);

  const note = document.getElementById("session-note");
  if (note) {
    const left = Number(note.dataset.ends) * 1000 - Date.now() - 15 * 60 * 1000;
    if (left > 0) setTimeout(() => { note.hidden = false; say(note.textContent.trim()) }, Math.min(left, 2 ** 31 - 1));
  }

  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
