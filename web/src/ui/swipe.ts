// Whether a finger's way is a swipe to the right: "back" on a phone. Pure.

export interface Point {
  x: number;
  y: number;
  /** Milliseconds. */
  at: number;
}

/** Pixels to the right that mean "back", and how far it may slip up or down on the way. */
const far = 72;
const slip = 48;
/** Longer is not a swipe but a search for something. */
const longest = 700;

export function isSwipeBack(from: Point, to: Point): boolean {
  const across = to.x - from.x;
  return across >= far && Math.abs(to.y - from.y) <= Math.min(slip, across / 2) && to.at - from.at <= longest;
}

/** How far the page follows the finger: less than the finger, and only to the right. */
export function follow(from: Point, to: Point): number {
  const across = to.x - from.x;
  return Math.abs(to.y - from.y) > across ? 0 : Math.min(Math.max(0, across - 12) * 0.4, 64);
}
