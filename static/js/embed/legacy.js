// The founding servers' script for pages of other sites: `<script src="https://…/chat/widget.js">`,
// then `WebChatBridge.init()`. Each answer arrives once, as an event `webChatResponse`.
(() => {
  "use strict";
  const SHORTEST = 1000, LONGEST = 60000, KEPT = "web_chat_bridge_session";
  const own = document.currentScript ? document.currentScript.src : location.href;
  const config = { apiUrl: new URL("/chat/api", own).href, pollInterval: 3000 };
  const state = { sessionId: null, uid: null, isPolling: false, errorCount: 0, cursor: "0" };
  let timer = 0;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return "widget_" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function keptId() {
    try {
      const id = sessionStorage.getItem(KEPT) || newId();
      sessionStorage.setItem(KEPT, id);
      return id;
    } catch {
      return newId(); // storage is blocked on this site
    }
  }

  async function call(path, options) {
    const answer = await fetch(config.apiUrl + path, { credentials: "omit", ...options });
    const body = await answer.json();
    if (!body.success) throw new Error(body.error || `HTTP ${answer.status}`);
    return body.data;
  }

  function updateConfig(changes) {
    for (const name of ["apiUrl", "pollInterval"]) {
      if (changes && changes[name]) config[name] = changes[name];
    }
    return { ...config };
  }

  function init(options) {
    updateConfig(options);
    state.sessionId = (options && options.sessionId) || state.sessionId || keptId();
    if (!options || options.autoStart !== false) startPolling();
    return getState();
  }

  async function sendMessage(message) {
    if (!state.sessionId) state.sessionId = keptId();
    const body = JSON.stringify({ session_id: state.sessionId, message });
    const headers = { "Content-Type": "application/json" };
    const data = await call("/send_message", { method: "POST", headers, body });
    state.uid = data.uid;
    return data;
  }

  async function getResponses(since) {
    const query = new URLSearchParams({ session_id: state.sessionId || keptId() });
    if (since) query.set("since", since);
    return (await call(`/get_responses?${query}`)).responses;
  }

  async function poll() {
    const query = new URLSearchParams({ session_id: state.sessionId, cursor: state.cursor });
    try {
      const data = await call(`/get_responses?${query}`);
      state.cursor = data.cursor;
      state.errorCount = 0;
      data.responses.forEach(announce);
    } catch {
      state.errorCount += 1; // a bridge that restarts is asked again, less and less often
    }
    const pause = Math.max(SHORTEST, config.pollInterval) * 2 ** Math.min(state.errorCount, 5);
    if (state.isPolling) timer = setTimeout(poll, Math.min(pause, LONGEST));
  }

  function announce(item) {
    const detail = { response: item.response, sessionId: state.sessionId, timestamp: item.timestamp };
    document.dispatchEvent(new CustomEvent("webChatResponse", { detail }));
  }

  function startPolling() {
    if (state.isPolling) return;
    state.isPolling = true;
    poll();
  }

  function stopPolling() {
    state.isPolling = false;
    clearTimeout(timer);
  }

  function getState() {
    return { ...state, config: { ...config } };
  }

  function cleanup() {
    stopPolling();
    Object.assign(state, { sessionId: null, uid: null, errorCount: 0, cursor: "0" });
  }

  window.WebChatBridge = {
    init, sendMessage, getResponses, startPolling, stopPolling, getState, updateConfig, cleanup,
  };
})();
