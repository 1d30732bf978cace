import { expect, test } from "vitest";
import { browserName } from "./push.ts";

const check = (agent: string, name: string) => expect(browserName(agent)).toBe(name);

test("a browser is called what people call it", () => {
  check(
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "Chrome, Windows",
  );
  check(
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/124.0 YaBrowser/24.6 Safari/537.36",
    "Яндекс Браузер, Windows",
  );
  check(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1",
    "Safari, iOS",
  );
  check("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux");
  check("curl/8", "");
});
