// A small client of the HTTP API, for what a story needs but is not about.

export class Api {
  /** The session, as `name=value`. */
  cookie = "";

  constructor(private readonly url: string) {}

  /** The same person on another node. */
  on(url: string): Api {
    const there = new Api(url);
    there.cookie = this.cookie;
    return there;
  }

  get<T = unknown>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  /** `key`: the Idempotency-Key; the same one again gives the first answer again. */
  post<T = unknown>(path: string, body: unknown = {}, key?: string): Promise<T> {
    return this.call("POST", path, body, key);
  }

  put<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.call("PUT", path, body);
  }

  patch<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.call("PATCH", path, body);
  }

  private async call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key ? { "idempotency-key": key } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        origin: this.url,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const cookie = answer.headers.get("set-cookie");
    if (cookie) this.cookie = cookie.split(";")[0] ?? "";
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
