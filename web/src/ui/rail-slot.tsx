// A place in the rail that the page of the moment may fill (the workspace puts its lists there when the column is folded).
import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

let target: HTMLElement | null = null;
const listeners = new Set<() => void>();

function setTarget(element: HTMLElement | null): void {
  target = element;
  for (const listener of listeners) listener();
}

export function RailSlotTarget({ className }: { className?: string }) {
  return <div ref={setTarget} className={className} />;
}

export function RailSlot({ children }: { children: ReactNode }) {
  const element = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => target,
  );
  return element ? createPortal(children, element) : null;
}
