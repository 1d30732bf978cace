// The configuration with everything in it, whatever an older or newer server leaves out.

import type { Config, Offset } from "./types.ts";

export function configured(given: Partial<Config>): Config {
  const offset = (own?: Partial<Offset>): Offset => ({ x: within(own?.x), y: within(own?.y) });
  return {
    title: "",
    greeting: "",
    color: "",
    corner: "right",
    mobile_full_screen: true,
    online: true,
    sound: true,
    ask_rating: false,
    edit_minutes: 0,
    max_file_bytes: 20 << 20,
    ...given,
    fields: given.fields ?? [],
    chooser: given.chooser ?? [],
    offline: given.offline ?? { mode: "form", text: "" },
    offsets: { desktop: offset(given.offsets?.desktop), mobile: offset(given.offsets?.mobile) },
  };
}

/** Pixels from the edge; a wrong number must not put the button out of sight. */
function within(pixels: number | undefined): number {
  return Number.isFinite(pixels) ? Math.min(400, Math.max(0, Number(pixels))) : 20;
}
