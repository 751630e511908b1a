/** Keyboard shortcuts of the whole page; each has a button or a link as well. */

export function shortcuts({ commands, fresh, help, escape }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const modal = document.querySelector(".modal.show");
    if (control && key === "k" && !modal) act(event, commands);
    else if (event.altKey && !control && event.code === "KeyN") act(event, fresh);
    else if (control && event.key === "/") act(event, help);
    else if (event.key === "Escape" && !modal && !document.querySelector(".dropdown-menu.show, .offcanvas-md.show")) escape();
  });
}

function act(event, action) {
  event.preventDefault();
  action();
}
