/** What an operator has written and not sent stays with its conversation while they look elsewhere;
 *  a private note comes back as one. It goes with the tab, and when they sign out. */

export function keepDraft(desk, form) {
  const name = `cb.desk-draft.${desk.dataset.session}`;
  const { text, mode } = form.elements;
  let sent = false;
  recall(name, text, mode);
  desk.listen(form, "submit", () => { sent = true; });
  desk.listen(window, "pageshow", () => { sent = false; });
  desk.listen(window, "pagehide", () => {
    try {
      if (sent || !text.value.trim()) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify({ text: text.value, mode: mode.value }));
    } catch { /* no storage: nothing is kept */ }
  });
}

function recall(name, text, mode) {
  if (text.value) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(name));
    if (!kept) return;
    text.value = kept.text;
    mode.value = kept.mode;
  } catch { /* the same */ }
}
