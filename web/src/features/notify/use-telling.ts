// Sounds and pops up for what is new, on one page of the browser's; opens what was clicked in a notification.
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { get } from "@/api/http.ts";
import type { Notification as Told } from "@/api/types.ts";
import { isSpeaking, joinPages, looked } from "@/lib/one-tab.ts";
import { playSound, type SoundName, soundNames } from "@/lib/sound.ts";
import { startWorker } from "@/lib/worker.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { pathOf, placeOf } from "./queries.ts";
import { type News, whatToDo } from "./tell.ts";

export function useTelling(): void {
  const navigate = useNavigate();
  useEffect(() => joinPages(), []);
  useEffect(() => {
    void startWorker();
    const workers = "serviceWorker" in navigator ? navigator.serviceWorker : null;
    const open = ({ data }: MessageEvent<{ type?: string; path?: string }>) => {
      if (data.type === "open" && data.path?.startsWith("/")) void navigate({ href: data.path });
    };
    workers?.addEventListener("message", open);
    return () => workers?.removeEventListener("message", open);
  }, [navigate]);

  useLiveEvents(["notification_created"], (event) => {
    const news = event.data as unknown as News;
    const { sound, desktop } = whatToDo(news, { speaks: isSpeaking(), looked: looked() });
    const known = soundNames.find((name): name is SoundName => name === news.sound);
    if (sound && known) void playSound(known);
    if (desktop) void popUp(news.id, (path) => void navigate({ href: path })).catch(() => undefined);
  });
}

/** Shows it on the desktop, when the person has allowed that. */
async function popUp(id: string, open: (path: string) => void): Promise<void> {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const told = await get<Told>(`/notifications/${id}`);
  const path = pathOf(told);
  const options = {
    body: [placeOf(told), told.preview].filter(Boolean).join("\n"),
    // The same tag as of the push message: the one takes the place of the other.
    tag: told.id,
    icon: "/icons/icon-192.png",
    data: { path },
  };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) {
    await registration.showNotification(told.text, options);
    return;
  }
  const shown = new Notification(told.text, options);
  shown.onclick = () => {
    window.focus();
    shown.close();
    open(path);
  };
}
