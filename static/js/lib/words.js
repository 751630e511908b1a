/** Every sentence the scripts show, from static/i18n by way of the page. */
import { data } from "./dom.js";

const words = data("words");
const plural = new Intl.PluralRules(document.documentElement.lang || "en");

export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Why something failed, with the number under which the server has noted it. */
export const named = ({ message, requestId: id }) => (id ? t("error.request", { reason: message, id }) : message);

/** `rows.one` and `rows.other`, chosen by the number. */
export function count(key, number, values = {}) {
  const form = words[`${key}.${plural.select(number)}`] ? plural.select(number) : "other";
  return t(`${key}.${form}`, { n: number.toLocaleString(), ...values });
}
