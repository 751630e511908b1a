/** The catalogue of commands: fetched once, searched loosely, the recent ones first; and what was
 *  saved under a name, which changes while one talks. */
import { call } from "../lib/http.js";
import { read, write } from "../lib/store.js";
import { t } from "../lib/words.js";

const RECENT = "recent";
const FRESH = 2_000;

export class Operations {
  #loading = null;
  #saved = { at: -Infinity, list: Promise.resolve([]) };

  constructor(url, session) { Object.assign(this, { url, session }); }

  /** Without them the commands are still there. */
  saved(fresh = false) {
    if (fresh || performance.now() - this.#saved.at > FRESH) {
      const list = this.session.pipelines().then(({ pipelines }) => pipelines.map(named), () => []);
      this.#saved = { at: performance.now(), list };
    }
    return this.#saved.list;
  }

  async all(fresh) { return [...await this.saved(fresh), ...await this.load()]; }

  load() {
    this.#loading ??= call(this.url).then(({ operations }) => [...operations, ...SHORTCUTS]).catch((error) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async search(typed) {
    const recent = read(RECENT, []);
    const ranked = (await this.all(!typed))
      .map((operation) => ({ operation, score: best(operation, typed, recent) }))
      .filter(({ score }) => score > 0);
    return ranked.sort((a, b) => b.score - a.score).map(({ operation }) => operation);
  }

  async named(name) {
    return (await this.all()).find((one) => [one.command, one.name, ...one.aliases].includes(name));
  }

  used(command) {
    write(RECENT, [command, ...read(RECENT, []).filter((one) => one !== command)].slice(0, 5));
  }
}

const NAME = {
  name: "name", required: true, aliases: [], choices: [],
  get help() { return t("shortcut.name"); },
};
const shortcut = (command, example, ...needed) => ({
  name: command, command, aliases: [], arguments: needed, examples: [example],
  get summary() { return t(`shortcut.${command}`); },
});

/** What the bridge answers beside the operations. */
const SHORTCUTS = [
  shortcut("help", "/help"),
  shortcut("again", "/again"),
  shortcut("save", "/save monthly", NAME),
  shortcut("saved", "/saved"),
  shortcut("forget", "/forget monthly", NAME),
];

const named = ({ name, command }) => ({
  name, command: name, aliases: [], arguments: [], examples: [command], summary: t("palette.saved"),
});

function best(operation, typed, recent) {
  if (!typed) return 1 + (recent.includes(operation.command) ? 5 - recent.indexOf(operation.command) : 0);
  const names = [operation.command, operation.name, ...operation.aliases];
  const named = Math.max(...names.map((name, place) => likeness(name, typed) - (place ? 0.5 : 0)));
  return named > 0 ? named : operation.summary.toLowerCase().includes(typed) ? 0.25 : 0;
}

/** 0 where the letters do not occur in order; more the earlier and the closer they stand. */
function likeness(name, typed) {
  if (name.startsWith(typed)) return 10 - name.length / 100;
  let at = -1, gaps = 0;
  for (const letter of typed) {
    const next = name.indexOf(letter, at + 1);
    if (next < 0) return 0;
    gaps += next - at - 1;
    at = next;
  }
  return Math.max(0.5, 5 - gaps / 2);
}
