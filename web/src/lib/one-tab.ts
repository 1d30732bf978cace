// Of several open pages of one browser only one sounds and pops up, and it knows what the others show.
// The lock is the browser's own: when the page that speaks is closed, the next one takes over.

interface Look {
  page: string;
  /** Where the person is looking; null: not at this page. */
  path: string | null;
}

let speaks = false;
let own: Look | null = null;
let channel: BroadcastChannel | null = null;
const looks = new Map<string, string>();

/** True when this page is the one that tells. */
export function isSpeaking(): boolean {
  return speaks;
}

/** Where the person is looking in any of the pages: their paths. */
export function looked(): string[] {
  const here = own?.path ?? null;
  return here === null ? [...looks.values()] : [here, ...looks.values()];
}

/** Takes part until the answer is called. */
export function joinPages(): () => void {
  // Without a secure connection a browser makes no UUIDs.
  const me: Look = { page: `${Date.now()}-${Math.random()}`, path: null };
  own = me;
  const leave = new AbortController();
  let release = () => {};
  if ("locks" in navigator) {
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    navigator.locks
      .request("otklik.voice", { signal: leave.signal }, () => {
        speaks = true;
        return held;
      })
      .catch(() => undefined);
  } else {
    // Without a secure connection there are no locks: better heard twice than not at all.
    speaks = true;
  }
  if ("BroadcastChannel" in window) {
    channel = new BroadcastChannel("otklik.looks");
    channel.onmessage = ({ data }: MessageEvent<Look>) => {
      if (data.path === null) looks.delete(data.page);
      else looks.set(data.page, data.path);
    };
  }
  const tell = () => {
    const path = document.hasFocus() ? location.pathname : null;
    if (path === me.path) return;
    me.path = path;
    channel?.postMessage(me);
  };
  tell();
  const timer = setInterval(tell, 1_000);
  const gone = () => channel?.postMessage({ ...me, path: null });
  window.addEventListener("focus", tell);
  window.addEventListener("blur", tell);
  window.addEventListener("pagehide", gone);
  return () => {
    clearInterval(timer);
    window.removeEventListener("focus", tell);
    window.removeEventListener("blur", tell);
    window.removeEventListener("pagehide", gone);
    gone();
    leave.abort();
    release();
    channel?.close();
    channel = null;
    looks.clear();
    own = null;
    speaks = false;
  };
}
