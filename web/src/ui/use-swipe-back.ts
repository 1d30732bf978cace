// A swipe to the right goes back, as in the apps of a phone. What scrolls sideways itself, and text being edited, keep the finger.
import { useReducedMotion } from "@mantine/hooks";
import { type RefObject, useEffect, useRef } from "react";
import { follow, isSwipeBack, type Point } from "./swipe.ts";

export function useSwipeBack<T extends HTMLElement>(onBack: (() => void) | undefined): RefObject<T | null> {
  const ref = useRef<T>(null);
  const back = useRef(onBack);
  back.current = onBack;
  const still = useReducedMotion();
  const able = onBack !== undefined;

  useEffect(() => {
    const page = ref.current;
    if (!page || !able) return;
    let from: Point | null = null;
    const move = (pixels: number) => {
      page.style.transform = pixels > 0 && !still ? `translateX(${pixels}px)` : "";
    };
    const point = (event: PointerEvent): Point => ({
      x: event.clientX,
      y: event.clientY,
      at: event.timeStamp,
    });
    const down = (event: PointerEvent) => {
      const own = event.target instanceof Element && keepsFinger(event.target, page);
      from = event.pointerType === "touch" && event.isPrimary && !own ? point(event) : null;
    };
    const moved = (event: PointerEvent) => {
      if (from) move(follow(from, point(event)));
    };
    const up = (event: PointerEvent) => {
      move(0);
      if (from && isSwipeBack(from, point(event))) back.current?.();
      from = null;
    };
    const cancel = () => {
      move(0);
      from = null;
    };
    // Up and down is the browser's, sideways is ours.
    page.style.touchAction = "pan-y pinch-zoom";
    page.addEventListener("pointerdown", down);
    page.addEventListener("pointermove", moved);
    page.addEventListener("pointerup", up);
    page.addEventListener("pointercancel", cancel);
    return () => {
      cancel();
      page.style.touchAction = "";
      page.removeEventListener("pointerdown", down);
      page.removeEventListener("pointermove", moved);
      page.removeEventListener("pointerup", up);
      page.removeEventListener("pointercancel", cancel);
    };
  }, [able, still]);
  return ref;
}

function keepsFinger(target: Element, page: Element): boolean {
  for (let each: Element | null = target; each && each !== page; each = each.parentElement) {
    if (each.matches("input, textarea, select, [contenteditable=true], audio, video")) return true;
    if (each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX))
      return true;
  }
  return false;
}
