/** Keyboard shortcuts of the whole page; each has a button or a link as well. */

export function shortcuts({ commands, fresh, help, escape, box, step, copy }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const { altKey: alt, shiftKey: shift } = event;
    const key = event.key.toLowerCase();
    const modal = document.querySelector(".modal.show");
    if (control && event.key === "/") act(event, help);
    else if (modal) return;
    else if (control && shift && key === "c") act(event, copy);
    else if (control && key === "k") act(event, commands);
    else if (alt && !control && event.code === "KeyN") act(event, fresh);
    else if (alt && !control && /^arrow(up|down)$/.test(key)) act(event, () => step(key === "arrowup" ? -1 : 1));
    else if (key === "escape" && shift) act(event, box);
    else if (key === "escape" && !document.querySelector(".dropdown-menu.show, .offcanvas-md.show")) escape();
  });
}

function act(event, action) {
  event.preventDefault();
  action();
}
