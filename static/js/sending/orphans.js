/** Messages left unsent in other conversations, by pages that are gone: whichever page is open
 *  sends them. Without locks (plain http) nobody knows who is gone; they wait to be opened. */
import { call } from "../lib/http.js";
import { read, write } from "../lib/store.js";
import { KEPT, post } from "../models/outbox.js";

export const deliver = (outbox) => navigator.locks?.request("cb.orphans", { ifAvailable: true }, async (lock) => {
  if (!lock) return;
  const alive = new Set((await navigator.locks.query()).held.map(({ name }) => name));
  const left = (one) => one.state === "sending" && !alive.has(`cb.${one.tab}`) && !outbox.holds(one.id);
  for (let entry; (entry = read(KEPT, []).find(left)); ) {
    try {
      if (entry.session_id) await post(entry.session_id, entry); else await open(entry, left);
    } catch (error) {
      if (error.passing || error.status === 401) return;
      change((one) => one.id === entry.id && Object.assign(one, { state: "failed", error: error.message }));
      continue;
    }
    if (entry.session_id) write(KEPT, read(KEPT, []).filter((one) => one.id !== entry.id));
  }
});

/** What was written into a new chat that never got as far as the server. */
async function open({ agent, id }, left) {
  const { session_id } = await call("/api/v1/sessions", { method: "POST", body: { agent_id: agent }, key: id });
  change((one) => left(one) && one.agent === agent && (one.session_id ??= session_id));
}

function change(apply) {
  const entries = read(KEPT, []);
  entries.forEach(apply);
  write(KEPT, entries);
}
