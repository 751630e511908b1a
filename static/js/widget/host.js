/** The page around the frame. Only the origin it was opened for is listened and spoken to, and
 *  only if that is really the page around it. */
export class Host {
  #origin;

  /** `parents` are the origins that may show the frame; "*" is any. */
  constructor(parents) {
    const claimed = originOf(new URLSearchParams(location.search).get("origin"));
    const actual = location.ancestorOrigins?.[0] ?? claimed;
    const allowed = parents.includes("*") || parents.includes(claimed) || claimed === location.origin;
    this.#origin = parent !== window && claimed === actual && allowed ? claimed : null;
  }

  tell(type, detail) {
    if (this.#origin) parent.postMessage({ ...detail, chatBridge: type }, this.#origin);
  }

  hear(commands) {
    addEventListener("message", ({ origin, source, data }) => {
      if (!this.#origin || origin !== this.#origin || source !== parent) return;
      const name = data?.chatBridge;
      if (!Object.hasOwn(commands, name ?? "")) return;
      if (name === "send" && typeof data.text !== "string") return;
      commands[name](data);
    });
  }
}

function originOf(text) {
  try {
    return new URL(text).origin;
  } catch {
    return null;
  }
}
