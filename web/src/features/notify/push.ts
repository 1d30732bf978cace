// Push messages to this browser: asked for by the person, taken back with one click, renewed when the server has forgotten.
import { get, post, remove } from "@/api/http.ts";
import type { Id, PushDevice } from "@/api/types.ts";
import { readStored, removeStored, writeStored } from "@/lib/storage.ts";
import { subscribe, subscription } from "@/lib/worker.ts";

const storageKey = "otklik.push";
const day = 24 * 3600_000;

/** Who asked for push in this browser, as which device, and when the server was last told. */
interface Kept {
  user: Id;
  device: Id;
  at: number;
}

/** `Chrome, Windows`: what a person calls this browser. */
export function browserName(agent: string): string {
  const browsers: [RegExp, string][] = [
    [/YaBrowser\//, "Яндекс Браузер"],
    [/Edg\//, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ];
  const systems: [RegExp, string][] = [
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ];
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  return [find(browsers), find(systems)].filter(Boolean).join(", ");
}

async function tellServer(found: PushSubscription, user: Id): Promise<void> {
  const { endpoint, keys } = found.toJSON();
  const name = browserName(navigator.userAgent);
  const device = await post<PushDevice>("/notifications/devices", { endpoint, keys, name });
  writeStored(storageKey, { user, device: device.id, at: Date.now() } satisfies Kept);
}

/** Fails with a DOMException when the browser refuses. */
export async function startPush(user: Id): Promise<void> {
  const { key } = await get<{ key: string }>("/notifications/push-key");
  await tellServer(await subscribe(key), user);
}

export async function stopPush(): Promise<void> {
  const kept = readStored<Kept | null>(storageKey, null);
  removeStored(storageKey);
  await (await subscription())?.unsubscribe();
  // The server may have forgotten it already.
  if (kept) await remove(`/notifications/devices/${kept.device}`).catch(() => undefined);
}

/** The device of this browser, when this person takes push messages here. */
export async function ownDevice(user: Id): Promise<Id | null> {
  const kept = readStored<Kept | null>(storageKey, null);
  if (kept?.user !== user || Notification.permission !== "granted") return null;
  return (await subscription()) ? kept.device : null;
}

/** A new password makes the server forget the device, a reset browser has another address: told anew once a day. */
export async function renewPush(user: Id): Promise<void> {
  const kept = readStored<Kept | null>(storageKey, null);
  if (kept?.user !== user || Date.now() - kept.at < day) return;
  const found = await subscription();
  if (found) await tellServer(found, user);
}
