// How the browser is started, for the stories and for the screenshots.

export const browser = {
  viewport: { width: 1280, height: 800 },
  locale: "ru-RU",
  timezoneId: "Europe/Moscow",
  launchOptions: {
    executablePath: process.env.OTKLIK_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      // A container's root may not use Chromium's own sandbox.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};
