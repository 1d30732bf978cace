// Cards are moved by a finger too: held for a moment a card comes along, the board moves under it at its edges, and where it
// is let go it is dropped. A finger that moves at once scrolls, as everywhere. Phones are too narrow for it: there is the menu.
import { type RefObject, useEffect, useRef, useState } from "react";
import type { ConversationRow, Id } from "@/api/types.ts";
import styles from "./board.module.css";
import { pull } from "./touch-drag.ts";

const heldFor = 350;
const jitter = 8;
const phone = "(max-width: 820px)";

interface Options {
  find: (id: Id) => ConversationRow | undefined;
  onDrag: (card: ConversationRow | null) => void;
  /** The column by its `data-column`. */
  onDrop: (card: ConversationRow, column: string) => void;
}

/** The `data-column` that a finger is over with a card. */
export function useTouchDrag(board: RefObject<HTMLElement | null>, options: Options): string | null {
  const [over, setOver] = useState<string | null>(null);
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    const box = board.current;
    if (!box) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let card: HTMLElement | null = null;
    let row: ConversationRow | undefined;
    let ghost: HTMLElement | null = null;
    let grip = { x: 0, y: 0 };
    let at = { x: 0, y: 0 };

    const columnAt = () =>
      document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>("[data-column]") ?? null;
    const follow = () => {
      if (ghost) ghost.style.transform = `translate(${at.x - grip.x}px, ${at.y - grip.y}px)`;
      setOver(columnAt()?.dataset.column ?? null);
    };
    /** The board sideways, the cards of the column up and down. */
    const scroll = () => {
      const around = box.getBoundingClientRect();
      const sideways = pull(at.x, around.left, around.right);
      if (sideways !== 0) box.scrollLeft += sideways;
      const cards = columnAt()?.querySelector("ul");
      const inside = cards?.getBoundingClientRect();
      const along = inside ? pull(at.y, inside.top, inside.bottom) : 0;
      if (cards && along !== 0) cards.scrollTop += along;
      if (sideways !== 0 || along !== 0) follow();
      frame = requestAnimationFrame(scroll);
    };
    const lift = () => {
      if (!card || !row) return;
      const place = card.getBoundingClientRect();
      grip = { x: at.x - place.left, y: at.y - place.top };
      ghost = card.cloneNode(true) as HTMLElement;
      ghost.classList.add(styles.ghost ?? "");
      ghost.removeAttribute("data-testid");
      ghost.setAttribute("aria-hidden", "true");
      ghost.style.width = `${place.width}px`;
      document.body.append(ghost);
      navigator.vibrate?.(10);
      latest.current.onDrag(row);
      follow();
      frame = requestAnimationFrame(scroll);
    };
    const forget = () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      ghost?.remove();
      if (card) card.draggable = true;
      card = null;
      ghost = null;
      row = undefined;
      setOver(null);
    };

    const start = (event: TouchEvent) => {
      forget();
      const touch = event.touches[0];
      const target = event.target instanceof Element ? event.target : null;
      const held = target?.closest<HTMLElement>("[data-card]") ?? null;
      if (event.touches.length !== 1 || !touch || !held || target?.closest("[data-move]")) return;
      if (window.matchMedia(phone).matches) return;
      row = latest.current.find(held.dataset.card ?? "");
      if (!row) return;
      card = held;
      // The browser's own dragging would take the finger away from us.
      card.draggable = false;
      at = { x: touch.clientX, y: touch.clientY };
      timer = setTimeout(lift, heldFor);
    };
    const move = (event: TouchEvent) => {
      const touch = event.touches[0];
      if (!card || !touch) return;
      const now = { x: touch.clientX, y: touch.clientY };
      if (!ghost) {
        if (Math.hypot(now.x - at.x, now.y - at.y) > jitter) forget();
        return;
      }
      event.preventDefault();
      at = now;
      follow();
    };
    const end = (event: TouchEvent) => {
      if (ghost && row) {
        // No click follows: the card is not opened.
        event.preventDefault();
        const column = columnAt()?.dataset.column;
        const moved = row;
        forget();
        latest.current.onDrag(null);
        if (column !== undefined) latest.current.onDrop(moved, column);
        return;
      }
      forget();
    };
    const cancel = () => {
      if (ghost) latest.current.onDrag(null);
      forget();
    };
    /** A long press asks for the menu of the link. */
    const menu = (event: Event) => {
      if (card) event.preventDefault();
    };

    box.addEventListener("touchstart", start, { passive: true });
    box.addEventListener("touchmove", move, { passive: false });
    box.addEventListener("touchend", end, { passive: false });
    box.addEventListener("touchcancel", cancel);
    box.addEventListener("contextmenu", menu);
    return () => {
      cancel();
      box.removeEventListener("touchstart", start);
      box.removeEventListener("touchmove", move);
      box.removeEventListener("touchend", end);
      box.removeEventListener("touchcancel", cancel);
      box.removeEventListener("contextmenu", menu);
    };
  }, [board]);
  return over;
}
