/** `<time data-ago>` as a number and a unit that stays true, `<time data-clock>` in local time. */
const EVERY = 15_000;
const UNITS = [[86_400, "d"], [3_600, "h"], [60, "min"]];
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function span(seconds) {
  for (const [size, unit] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${Math.max(0, Math.floor(seconds))} s`;
}

export function showTimes(root) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const moment = Date.parse(time.dateTime);
    if (Number.isNaN(moment)) continue;
    time.textContent = span((Date.now() - moment) / 1000);
    time.title = whole.format(moment);
  }
  for (const time of root.querySelectorAll("time[data-clock]")) {
    const moment = Date.parse(time.dateTime);
    if (Number.isNaN(moment)) continue;
    const today = new Date(moment).toDateString() === new Date().toDateString();
    time.textContent = (today ? clock : day).format(moment);
    time.title = whole.format(moment);
  }
}

export function keepTimes(root) {
  showTimes(root);
  setInterval(() => document.hidden || showTimes(root), EVERY);
}
