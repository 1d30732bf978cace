// What a browser calls itself, in words a person recognises. Pure; an unknown one is told as it is.

export interface Device {
  kind: "computer" | "phone" | "tablet" | "program";
  /** "Chrome", "curl"; null when unknown. */
  browser: string | null;
  /** "Windows", "iPhone"; null when unknown. */
  system: string | null;
}

// The order matters: nearly every browser also claims to be Chrome and Safari.
const browsers: [RegExp, string][] = [
  [/YaBrowser\//, "Яндекс Браузер"],
  [/EdgA?\/|EdgiOS\//, "Edge"],
  [/OPR\/|OPT\//, "Opera"],
  [/Vivaldi\//, "Vivaldi"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/MiuiBrowser\//, "Mi Browser"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/HeadlessChrome\/|Chrome\/|CriOS\//, "Chrome"],
  [/Version\/.*Safari\//, "Safari"],
];
const systems: [RegExp, string, Device["kind"]][] = [
  [/iPhone/, "iPhone", "phone"],
  [/iPad/, "iPad", "tablet"],
  [/Android.*Mobile|Mobile.*Android/, "Android", "phone"],
  [/Android/, "Android", "tablet"],
  [/Windows NT/, "Windows", "computer"],
  [/Mac OS X|Macintosh/, "macOS", "computer"],
  [/CrOS/, "ChromeOS", "computer"],
  [/Linux|X11/, "Linux", "computer"],
];

export function parseUserAgent(userAgent: string): Device {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  const system = systems.find(([pattern]) => pattern.test(userAgent));
  if (browser === null && !userAgent.startsWith("Mozilla/")) {
    const program = userAgent.match(/^[^\s/()]+/)?.[0] ?? null;
    return { kind: "program", browser: program, system: system?.[1] ?? null };
  }
  return { kind: system?.[2] ?? "computer", browser, system: system?.[1] ?? null };
}

/** "Chrome, Windows"; null when nothing is known. */
export function deviceName(device: Device): string | null {
  const parts = [device.browser, device.system].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(", ") : null;
}
