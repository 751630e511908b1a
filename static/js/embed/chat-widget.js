// The chat on a page of another site: <script src="https://…/widget/static/js/chat-widget.js"
// data-api-key="public"></script>. The conversation lives in a frame of the bridge's; this script
// only opens it. `apiKey` is a word of old: it is never sent, and must not be a key.
// It is served without comments and indentation, in less than 5 KB.
(() => {
  "use strict";
  const script = document.currentScript;
  const home = new URL("../../frame", script?.src || location.href);
  const STYLE = `.sanctum-widget{position:fixed;z-index:2147483000;margin:20px;bottom:0;right:0;
&[class*=top-]{top:0;bottom:auto;.sanctum-window{bottom:auto;top:68px}}
&[class$=left]{left:0;right:auto;.sanctum-window{right:auto;left:0}}
[hidden]{display:none}
.sanctum-button{width:56px;height:56px;padding:16px;border:0;border-radius:50%;background:var(--primary-color);cursor:pointer;&:hover{background:var(--primary-hover)}
&::before{content:"";display:block;height:24px;background:#fff;clip-path:path("M3 2h18l2 2v11l-2 2h-9l-6 5v-5H3l-2-2V4z")}}
.sanctum-badge{position:absolute;top:-4px;right:-4px;min-width:20px;border-radius:10px;background:#b00020;color:#fff;font:12px/20px sans-serif}
.sanctum-window{position:absolute;bottom:68px;right:0;width:380px;height:min(600px,100vh - 110px);border-radius:14px;overflow:hidden;box-shadow:0 8px 32px #0005}
.sanctum-frame{width:100%;height:100%;border:0}
@media(max-width:480px){.sanctum-window.sanctum-window{position:fixed;inset:0;width:auto;height:auto;border-radius:0}}}`;
  let config, state, root, button, badge, panel, frame, sheet, timer, ready, queue, ends;
  const listeners = {};

  const make = (tag, name, parent) => {
    const node = parent.appendChild(document.createElement(tag));
    node.id = "sanctum-chat-" + name;
    node.className = "sanctum-" + name;
    return node;
  };
  const emit = (type, detail) => listeners[type]?.forEach((listener) => listener(detail));
  const post = (data) => frame.contentWindow.postMessage(data, home.origin);
  const tell = (chatBridge, detail) => {
    const data = { chatBridge, ...detail };
    if (!frame) load();
    if (ready) post(data); else queue.push(data);
  };

  const wanted = ({ theme, title, sound, agent = "" } = config) => ({ theme, title, sound, agent });

  function load() {
    home.search = new URLSearchParams({ origin, ...wanted() });
    frame = make("iframe", "frame", panel);
    frame.title = config.title;
    frame.src = home;
  }

  function dress() {
    const { position, primaryColor, title } = config;
    const color = CSS.supports("color", primaryColor) ? primaryColor : "#007bff";
    root.className = "sanctum-widget sanctum-" + position;
    root.style.cssText = `--primary-color:${color};--primary-hover:color-mix(in srgb,${color} 85%,#000)`;
    panel.ariaLabel = title;
    count(state.unreadCount);
  }

  function count(unread) {
    state.unreadCount = unread;
    badge.hidden = !unread;
    badge.textContent = unread;
    button.ariaLabel = config.title + (unread ? ` (${unread})` : "");
  }

  function show(on) {
    if (!root || state.isOpen === on) return;
    state.isOpen = on;
    panel.hidden = !on;
    button.ariaExpanded = on;
    tell("shown", { on });
    if (on) count(0); else button.focus();
    emit(on ? "open" : "close");
  }

  function heard({ origin, source, data }) {
    if (origin !== home.origin || !frame || source !== frame.contentWindow) return;
    const { chatBridge: type, message } = data;
    if (type === "ready") {
      ready = true;
      queue.splice(0).forEach(post);
    }
    if (type === "close") show(false);
    if (type === "error") emit(type, { message });
    if (type !== "message") return;
    if (data.type === "bot" && (!state.isOpen || document.hidden)) {
      count(state.unreadCount + 1);
      if (config.notifications && self.Notification?.permission === "granted") new Notification(config.title, { body: message });
    }
    emit(type, { message, type: data.type });
  }

  const api = {
    init(options) {
      if (!options?.apiKey) throw new Error("API key is required");
      api.destroy();
      config = { position: "bottom-right", theme: "light", title: "Chat with us", primaryColor: "#007bff", language: "en", autoOpen: false, notifications: true, sound: true, ...options };
      state = { isOpen: false, unreadCount: 0 };
      queue = [];
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      document.adoptedStyleSheets.push(sheet);
      root = make("div", "widget", document.body);
      button = make("button", "button", root);
      button.type = "button";
      badge = make("span", "badge", button);
      panel = make("div", "window", root);
      panel.hidden = true;
      panel.role = "dialog";
      button.ariaExpanded = false;
      button.addEventListener("click", api.toggle);
      ends = new AbortController();
      addEventListener("message", heard, ends);
      addEventListener("keydown", ({ key }) => key === "Escape" && show(false), ends);
      addEventListener("pointerdown", ({ target }) => root.contains(target) || show(false), ends);
      dress();
      if (config.autoOpen) timer = setTimeout(api.open, 1000);
    },
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!state.isOpen),
    sendMessage: (text) => tell("send", { text: `${text}` }),
    updateConfig(changes) {
      Object.assign(config, changes);
      dress();
      if (frame) tell("config", wanted());
    },
    on: (type, listener) => void (listeners[type] ??= new Set()).add(listener),
    off: (type, listener) => void (listener ? listeners[type]?.delete(listener) : delete listeners[type]),
    destroy() {
      clearTimeout(timer);
      ends?.abort();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      root?.remove();
      root = frame = ready = ends = null;
    },
    getState: () => ({ ...state }),
    getConfig: () => ({ ...config }),
    simulateTyping: () => tell("typing"),
    clearChat: () => tell("clear"),
  };
  self.SanctumChat = api;
  const given = { ...script?.dataset };
  for (const name of ["autoOpen", "notifications", "sound"]) given[name] &&= given[name] === "true";
  if (given.apiKey) {
    const start = () => api.init(given);
    if (document.body) start(); else addEventListener("DOMContentLoaded", start);
  }
})();
