/** Every page of the console: folds close when left, times stay true, forms are sent once, Ctrl K
 *  leads to the search. */
import "../elements/theme-menu.js";
import { keepTimes } from "./relative-times.js";

keepTimes(document);

const folds = () => document.querySelectorAll('details[data-part="fold"][open]');

document.addEventListener("click", (event) => {
  for (const fold of folds()) if (!fold.contains(event.target)) fold.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fold of folds()) {
    fold.open = false;
    fold.querySelector("summary").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== "KeyK") return;
  event.preventDefault();
  const fold = document.querySelector(".menu-phone details");
  if (fold.checkVisibility()) fold.open = true;
  const box = [...document.querySelectorAll('[data-part="find"]')].find((one) => one.checkVisibility());
  box.focus();
  box.select();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
