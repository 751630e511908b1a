/** Times, sizes and counts as people read them; the server speaks UTC. */
import { t } from "./words.js";

const clockForm = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const wholeForm = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const dayForm = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const HOUR = 3_600_000;
let ahead = 0;

export const serverNow = () => Date.now() + ahead;
export const noteServerTime = (iso) => { ahead = Date.parse(iso) - Date.now() || 0; };
export const clock = (iso) => clockForm.format(new Date(iso));
export const whole = (iso) => wholeForm.format(new Date(iso));

export function dayKey(iso) {
  const day = new Date(iso);
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`;
}

export function dayName(iso) {
  const key = dayKey(iso);
  if (key === dayKey(Date.now())) return t("day.today");
  if (key === dayKey(Date.now() - 24 * HOUR)) return t("day.yesterday");
  return dayForm.format(new Date(iso));
}

/** A finished time: short ones to a tenth of a second. */
export function took(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds < 10 ? t("time.seconds", { n: seconds.toLocaleString(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) }) : elapsed(milliseconds);
}

export function elapsed(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

export function bytes(size) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = size, unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
  return `${value < 10 && unit > 1 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const number = (value) => Number(value).toLocaleString();

export const sleep = (milliseconds, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});
