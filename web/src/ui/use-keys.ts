// Binds physical keys to actions while a component is shown. Bindings are written as in lib/keyboard.ts: "j", "mod+k", "g m".
import { useEffect, useRef } from "react";
import { chord, isTyping, noSequence, step } from "@/lib/keyboard.ts";

export type KeyMap = Record<string, (() => void) | undefined>;

function dialogOpen(): boolean {
  const layers = document.querySelectorAll(
    '[role="dialog"][aria-modal="true"], [role="menu"], [role="listbox"]',
  );
  return [...layers].some((layer) => layer.getClientRects().length > 0);
}

export function useKeys(bindings: KeyMap, enabled = true): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    if (!enabled) return;
    let state = noSequence;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const pressed = chord(event);
      if (!pressed) return;
      const withModifier = pressed.startsWith("mod+");
      if (!withModifier && (isTyping(event.target) || dialogOpen())) return;
      // A focused button or link keeps Enter for itself.
      if (
        pressed === "enter" &&
        event.target instanceof Element &&
        event.target.closest("button, a, [role=button]")
      )
        return;
      const known = new Set(Object.keys(latest.current).filter((key) => latest.current[key]));
      const result = step(state, pressed, event.timeStamp, known);
      state = result.state;
      if (!result.match) return;
      event.preventDefault();
      latest.current[result.match]?.();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [enabled]);
}
