// One way to call the server: JSON in and out, problems as `ApiError`, a missing network as `OfflineError`.
// Invariant: every creating call that may be repeated carries the caller's Idempotency-Key, so that a retry never doubles.
import type { Problem } from "./types.ts";

export const apiBase = "/api/v1";

/** The server understood the call and said no; `problem.detail` is meant for the user. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
  /** Messages by field name, for forms. */
  get fields(): Record<string, string> {
    const found: Record<string, string> = {};
    if (this.problem.field) found[this.problem.field] = this.problem.detail;
    for (const error of this.problem.errors ?? []) found[error.field] = error.detail;
    return found;
  }
}

/** The server could not be reached, or answered that it is not ready. What was typed should be kept and tried again. */
export class OfflineError extends Error {
  constructor(cause?: unknown) {
    super("offline", { cause });
    this.name = "OfflineError";
  }
}

type QueryValue = string | number | boolean | null | undefined;

export interface CallOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** The address of a call: `/conversations` with `{view: "mine"}` gives `/api/v1/conversations?view=mine`. Empty values are left out. */
export function address(path: string, query: Record<string, QueryValue> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const tail = parameters.toString();
  return `${apiBase}${path}${tail ? `?${tail}` : ""}`;
}

/** Turns an answer that is not 2xx into the error to throw. */
export async function toError(response: Response): Promise<Error> {
  const problem: Problem = await response.json().catch(() => null);
  if (problem && typeof problem.code === "string") {
    const pause = Number(response.headers.get("Retry-After"));
    if (pause > 0) problem.retry_after = pause;
    return problem.status === 503 ? new OfflineError(new ApiError(problem)) : new ApiError(problem);
  }
  if (response.status === 502 || response.status === 503 || response.status === 504)
    return new OfflineError();
  return new ApiError({
    type: "about:blank",
    title: response.statusText || "Error",
    status: response.status,
    code: "internal",
    detail: `${response.status} ${response.statusText}`.trim(),
  });
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const language = document.documentElement.lang;
  if (language) headers["Accept-Language"] = language;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError(error);
  }
  if (!response.ok) throw await toError(response);
  if (response.status === 204 || response.headers.get("Content-Length") === "0") return undefined as T;
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string, query?: CallOptions["query"], signal?: AbortSignal) =>
  call<T>("GET", path, { query, signal });
export const post = <T>(path: string, body?: unknown, options: Omit<CallOptions, "body"> = {}) =>
  call<T>("POST", path, { ...options, body: body ?? {} });
export const put = <T>(path: string, body: unknown) => call<T>("PUT", path, { body });
export const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, { body });
export const remove = <T = void>(path: string, query?: CallOptions["query"]) =>
  call<T>("DELETE", path, { query });
