/** The only place that calls fetch or XMLHttpRequest; knows the envelope and its errors. */
import { t } from "./words.js";

const TIMEOUT = 15_000;
let token = null;

/** The visitor's secret, where no cookie of ours comes along. */
export const useToken = (secret) => { token = secret; };
export const heldToken = () => token;
const once = (key) => (key ? { "Idempotency-Key": key } : {});
const secret = () => (token ? { "X-Session-Token": token } : {});

export class ApiError extends Error {
  constructor(message, { status = 0, code = "unreachable", retryAfter = null, requestId = "" } = {}) {
    super(message);
    Object.assign(this, { status, code, retryAfter, requestId });
  }

  /** Whether the same request may work a little later. */
  get passing() { return this.status === 0 || this.status === 429 || this.status >= 500; }
}

export const query = (path, values) => `${path}?${new URLSearchParams(
  Object.entries(values).filter(([, value]) => value !== null && value !== undefined))}`;

export async function call(url, { method = "GET", body, key, signal, timeout = TIMEOUT } = {}) {
  const limit = AbortSignal.timeout(timeout);
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { ...secret(), ...once(key), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      credentials: "same-origin",
    });
    return opened(response.status, await response.text(), response.headers);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw unreachable();
  }
}

/** A page of ours as text, to take parts of; `form` is sent with POST. */
export async function page(url, { form, signal } = {}) {
  const limit = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(url, {
    method: form ? "POST" : "GET",
    body: form && new URLSearchParams(form),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    credentials: "same-origin",
  });
  if (!response.ok) throw new ApiError(String(response.status), { status: response.status });
  return response.text();
}

export function upload(url, file, { onProgress, signal, key } = {}) {
  const form = new FormData();
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    if (token) request.setRequestHeader("X-Session-Token", token);
    if (key) request.setRequestHeader("Idempotency-Key", key);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () => reject(new ApiError(t("upload.cancelled"), { code: "cancelled" })));
    request.addEventListener("load", () => {
      const headers = { get: (name) => request.getResponseHeader(name) };
      try {
        resolve(opened(request.status, request.responseText, headers));
      } catch (error) {
        reject(error);
      }
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function unreachable() {
  return new ApiError(t(navigator.onLine ? "error.unreachable" : "error.offline"));
}

function opened(status, text, headers) {
  let envelope = null;
  try { envelope = JSON.parse(text); } catch { /* a proxy's page: judged by its status below */ }
  if (status >= 200 && status < 300 && envelope?.success) return envelope.data;
  throw new ApiError(envelope?.error ?? t("error.status", { status }), {
    status: status < 300 ? 502 : status,
    code: envelope?.error_code ?? "unexpected",
    retryAfter: Number(envelope?.retry_after ?? headers.get("Retry-After")) || null,
    requestId: headers.get("X-Request-Id") ?? "",
  });
}
