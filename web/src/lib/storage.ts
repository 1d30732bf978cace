// Values kept in this browser. A full or forbidden storage never breaks the page: the value then lives until it is closed.

const memory = new Map<string, string>();

export function readStored<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(key) ?? memory.get(key) ?? null;
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function writeStored(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    // An older value left behind would win over the one in memory.
    removeStored(key);
    memory.set(key, text);
  }
}

export function removeStored(key: string): void {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was stored then.
  }
}
