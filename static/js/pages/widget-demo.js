/** The demo's buttons, and what the widget says of itself. */
const chat = window.SanctumChat;
const events = document.getElementById("events");

for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    chat[button.dataset.call]();
  });
}
for (const type of ["open", "close", "message", "error"]) {
  chat.on(type, (detail) => {
    const line = document.createElement("li");
    line.textContent = detail ? `${type}: ${JSON.stringify(detail)}` : type;
    events.append(line);
  });
}
document.getElementById("corner").addEventListener("change", ({ target }) => chat.updateConfig({ position: target.value }));
document.getElementById("theme").addEventListener("change", ({ target }) => chat.updateConfig({ theme: target.value }));
