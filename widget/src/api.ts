// Requests to the visitor API. No cookies: a visitor is known by the token that the widget keeps.

import type { Attachment } from "./types.ts";

/** `status` 0: no answer at all. `wait`: seconds the server asked for. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly wait = 0,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get passes(): boolean {
    return (
      this.status === 0 ||
      this.status === 408 ||
      this.status === 425 ||
      this.status === 429 ||
      this.status >= 500
    );
  }
}

interface Problem {
  code?: string;
  title?: string;
  detail?: string;
}

export class Api {
  token: string | null = null;

  readonly #language: () => string;

  /** `base`: address of the widget's API without a slash at its end. */
  constructor(
    readonly base: string,
    language: () => string,
  ) {
    this.#language = language;
  }

  get<T>(path: string): Promise<T> {
    return this.#call("GET", path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call("POST", path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#call("PATCH", path, body);
  }

  delete(path: string): Promise<void> {
    return this.#call("DELETE", path);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { "accept-language": this.#language() };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), 20_000);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(this.base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "omit",
        signal: limit.signal,
      });
      text = await answer.text();
    } catch {
      throw new Refusal(0, "no_answer", "no answer");
    } finally {
      clearTimeout(timer);
    }
    if (!answer.ok) throw refusal(answer.status, text, answer.headers.get("retry-after"));
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** `fetch` tells nothing of an upload's progress, so this is the older way. */
  upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/files`);
      request.setRequestHeader("authorization", `Bearer ${this.token}`);
      request.setRequestHeader("accept-language", this.#language());
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = request.onabort = () => reject(new Refusal(0, "no_answer", "no answer"));
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
        else reject(refusal(request.status, request.responseText, request.getResponseHeader("retry-after")));
      };
      signal.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    });
  }
}

function refusal(status: number, text: string, wait: string | null): Refusal {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text);
  } catch {}
  const message = problem.detail || problem.title || `HTTP ${status}`;
  return new Refusal(status, problem.code ?? "", message, Number(wait) || 0);
}
