// Tells the server that the person is at work, so that nobody who only reads and moves the mouse is taken for away.
// Invariant: at most one frame in thirty seconds, and none while the page is hidden.
import { useEffect } from "react";
import { live } from "@/api/live.ts";

const every = 30_000;
const signs = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"] as const;

export function useActivity(): void {
  useEffect(() => {
    let told = Number.NEGATIVE_INFINITY;
    const tell = () => {
      if (document.visibilityState !== "visible" || live.status !== "open") return;
      const now = performance.now();
      if (now - told < every) return;
      told = now;
      live.send({ type: "active" });
    };
    for (const sign of signs) window.addEventListener(sign, tell, { passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, tell);
    };
  }, []);
}
