/** localStorage that may be full, forbidden or damaged: the page works without it. */
const PREFIX = "cb.";

export function read(name, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function write(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function remove(name) {
  try { localStorage.removeItem(PREFIX + name); } catch { /* nothing was kept either */ }
}

/** What one tab remembers, also across a reload. */
export function forTab(name) {
  let value = null;
  try { value = JSON.parse(sessionStorage.getItem(PREFIX + name)); } catch { /* then for this page */ }
  return {
    read: () => value,
    write(now) {
      value = now;
      try { sessionStorage.setItem(PREFIX + name, JSON.stringify(now)); } catch { /* as above */ }
    },
  };
}

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
