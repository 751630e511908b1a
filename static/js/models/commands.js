/** What is being typed at the caret: the name of a command, its arguments, or plain words. */

export function commandAt(text, caret) {
  const before = text.slice(0, caret);
  if (!before.startsWith("/")) return null;
  const from = stageStart(before);
  const stage = before.slice(from);
  const indent = stage.length - stage.trimStart().length;
  const words = stage.trimStart();
  const name = words.replace(/^\//, "").split(/\s/, 1)[0];
  if (!/\s/.test(words)) {
    const rest = /^[^\s|]*/.exec(text.slice(caret))[0];
    return { typing: "name", name, from: from + indent, to: caret + rest.length };
  }
  return { typing: "arguments", name, argument: /(?:^|\s)([\w-]+)=[^\s]*$/.exec(words)?.[1] ?? null };
}

/** Behind the last `|` that does not stand in quotes. */
function stageStart(text) {
  let quote = null, start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quote) quote = letter === quote ? null : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "|") start = at + 1;
  }
  return start;
}
