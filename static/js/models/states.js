/** The states of a visitor's message: a glyph, a word, and which may follow which. */
import { t } from "../lib/words.js";

export const GLYPHS = {
  sending: "clock", waiting: "clock", sent: "check", delivered: "checks",
  working: "spin", answered: "checks", failed: "warn",
};
const ORDER = ["waiting", "sending", "sent", "delivered", "working", "answered"];
const FINAL = new Set(["answered", "failed"]);

/** Late news do not undo newer ones; a lease that ended does go back to `sent`. */
export function follows(now, next, { released = false } = {}) {
  if (released) return !FINAL.has(now);
  if (now === "failed") return true;
  return next === "failed" || ORDER.indexOf(next) > ORDER.indexOf(now);
}

export const word = (state, values) => t(`state.${state}`, values);
export const open = (state) => !FINAL.has(state);
