// What the widget remembers on this device. A site or a browser may forbid storage: then it remembers until the page closes.

export interface Shelf {
  get<T>(name: string): T | null;
  set(name: string, value: unknown): void;
  remove(name: string): void;
}

/** `kind`: `localStorage` lives on, `sessionStorage` ends with the tab. Every name carries the widget's key. */
export function shelf(kind: "localStorage" | "sessionStorage", key: string): Shelf {
  const memory = new Map<string, string>();
  const prefix = `otklik:${key}:`;
  const storage = usable(kind);
  return {
    get<T>(name: string): T | null {
      const full = prefix + name;
      try {
        const text = memory.get(full) ?? storage?.getItem(full) ?? null;
        return text === null ? null : (JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
    set(name, value) {
      const full = prefix + name;
      const text = JSON.stringify(value);
      try {
        if (!storage) throw new Error("no storage");
        storage.setItem(full, text);
        memory.delete(full);
      } catch {
        // Full or forbidden: what is in memory goes before what was stored earlier.
        memory.set(full, text);
      }
    },
    remove(name) {
      memory.delete(prefix + name);
      try {
        storage?.removeItem(prefix + name);
      } catch {}
    },
  };
}

function usable(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
