// Rows that are dragged by a handle, by mouse and by touch: a neighbour gives way when the pointer passes its middle.
import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef, useState } from "react";

interface Dragging {
  /** What is being dragged. */
  dragged: string | null;
  /** For the handle of a row. */
  take: (uid: string) => (event: ReactPointerEvent<HTMLElement>) => void;
}

/** `rows` are the uids in the order of the list's children. */
export function useDrag(
  list: RefObject<HTMLElement | null>,
  rows: readonly string[],
  move: (from: number, to: number) => void,
): Dragging {
  const [dragged, setDragged] = useState<string | null>(null);
  const drag = (y: number) => {
    const from = dragged === null ? -1 : rows.indexOf(dragged);
    const boxes = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
    const up = boxes[from - 1];
    const down = boxes[from + 1];
    if (up && y < up.top + up.height / 2) move(from, from - 1);
    else if (down && y > down.top + down.height / 2) move(from, from + 1);
  };
  const latest = useRef(drag);
  useEffect(() => {
    latest.current = drag;
  });
  // On the window: a row that moves in the document loses the pointer it had captured.
  useEffect(() => {
    if (dragged === null) return;
    let pointer: number | null = null;
    const follow = (event: PointerEvent) => {
      pointer = event.clientY;
      latest.current(pointer);
    };
    const stop = () => setDragged(null);
    // A long list goes on under a pointer that stays at its edge.
    const scroller = scrollerOf(list.current);
    let frame = requestAnimationFrame(function roll() {
      const step = pointer === null ? 0 : scrollStep(pointer, scroller.getBoundingClientRect());
      if (step !== 0 && pointer !== null) {
        scroller.scrollTop += step;
        latest.current(pointer);
      }
      frame = requestAnimationFrame(roll);
    });
    addEventListener("pointermove", follow);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
    };
  }, [dragged, list]);
  return {
    dragged,
    take: (uid) => (event) => {
      if (event.button !== 0) return;
      // Nothing gets selected on the way.
      event.preventDefault();
      event.currentTarget.focus();
      event.currentTarget.releasePointerCapture(event.pointerId);
      setDragged(uid);
    },
  };
}

const edge = 64;

/** How far to scroll in a frame: faster, the nearer the pointer is to the edge of the box. */
export function scrollStep(pointer: number, { top, bottom }: { top: number; bottom: number }): number {
  if (pointer < top + edge) return -Math.ceil(Math.min(edge, top + edge - pointer) / 6);
  if (pointer > bottom - edge) return Math.ceil(Math.min(edge, pointer - bottom + edge) / 6);
  return 0;
}

function scrollerOf(element: HTMLElement | null): Element {
  for (let each = element?.parentElement; each; each = each.parentElement) {
    if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY))
      return each;
  }
  return document.documentElement;
}
