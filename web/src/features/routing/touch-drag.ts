// Where a finger is on the board: how fast the board must move under it so that what is out of sight comes into sight. Pure.

/** From each edge so far. */
export const edge = 56;
/** Pixels a frame at the very edge. */
const fastest = 14;

/** How far to move along one axis, for a finger at `at` between `from` and `to`: nothing in the middle, faster to the edges. */
export function pull(at: number, from: number, to: number): number {
  // A box that is smaller than its two edges has a middle all the same.
  const reach = Math.min(edge, (to - from) / 3);
  if (reach <= 0) return 0;
  if (at < from + reach) return -Math.ceil(fastest * Math.min(1, (from + reach - at) / reach));
  if (at > to - reach) return Math.ceil(fastest * Math.min(1, (at - (to - reach)) / reach));
  return 0;
}
