/** Links cannot carry the session's secret; where there is no cookie, files are fetched with it. */
import { heldToken } from "../lib/http.js";

export function downloads(log, failed) {
  log.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href*='/api/v1/sessions/']");
    if (!link || !heldToken()) return;
    event.preventDefault();
    try {
      const url = URL.createObjectURL(await fetched(link.href));
      const save = document.createElement("a");
      save.href = url;
      save.download = decodeURIComponent(new URL(link.href).pathname.split("/").at(-1));
      save.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      failed(error);
    }
  });
}

async function fetched(url) {
  const response = await fetch(url, { headers: { "X-Session-Token": heldToken() } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.blob();
}
