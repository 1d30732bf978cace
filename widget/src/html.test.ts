// @vitest-environment jsdom
import { type ComponentChild, h, render } from "preact";
import { expect, test } from "vitest";
import { linked, rich } from "./html.ts";

const host = "https://desk.example/widget.js";

function shown(children: ComponentChild): string {
  const place = document.createElement("div");
  render(h("section", null, children), place);
  return place.innerHTML.replace(/^<section>|<\/section>$/g, "");
}
const html = (text: string) => shown(rich(text, "plain", host));

test("formatting stays", () => {
  const text =
    "<p>Счёт <strong>уже</strong> <em>в&nbsp;пути</em>.<br></p><ul><li>раз</li></ul><blockquote>два</blockquote>";
  expect(html(text)).toBe(text);
});

test("nothing that runs, loads or dresses gets through", () => {
  const attacks = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<a href=' jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<p style='position:fixed;inset:0' class='x' id='y'>x</p>",
    "<form action='https://evil.example'><input name='card'></form>",
    "<style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<object data='x'></object><embed src='x'><base href='https://evil.example'>",
  ];
  for (const attack of attacks) {
    const result = html(attack);
    expect(result, attack).not.toMatch(
      /<(script|svg|iframe|form|input|style|math|object|embed|base|template)/i,
    );
    expect(result, attack).not.toMatch(/\son\w+=|javascript:|data:|style=|class=|id=|evil\.example/i);
  }
  expect(html("<a href='javascript:alert(1)'>читать</a>")).toBe("читать");
});

test("links open in a new tab and tell the other site nothing", () => {
  expect(html("<a href='https://tea.example/a?b=1&amp;c=2'>чай</a>")).toBe(
    '<a href="https://tea.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">чай</a>',
  );
  expect(html("<a href='mailto:a@tea.example'>почта</a>")).toContain('href="mailto:a@tea.example"');
});

test("pictures come only from our own server", () => {
  expect(html("<p><img src='/api/v1/site/k/files/1/a.png?token=t' alt='чек'></p>")).toContain(
    'src="https://desk.example/api/v1/site/k/files/1/a.png?token=t"',
  );
  expect(html("<img src='https://tracker.example/1.gif' alt='чек'>")).toBe("чек");
});

test("addresses in text become links, the sentence around them does not", () => {
  expect(shown(linked("Смотрите https://tea.example/a(1), там всё. <b>"))).toContain(
    'href="https://tea.example/a(1"',
  );
  expect(shown(linked("Смотрите https://tea.example/shop."))).toContain(">https://tea.example/shop</a>.");
  expect(shown(linked("без адресов <b>"))).toBe("без адресов &lt;b&gt;");
});
