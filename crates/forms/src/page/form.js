// Shows a form of Otklik where this script stands: <script async src="https://HOST/form.js" data-form="KEY"></script>
// No cookies, no inline styles or code, nothing of the page around it is touched.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const host = new URL(script.src).origin;
  const key = script.dataset.form;
  const russian = /^(ru|be|kk|uk)/i.test(script.dataset.lang || document.documentElement.lang || navigator.language);
  const say = (ru, en) => (russian ? ru : en);
  const root = document.createElement("div");
  script.after(root);
  const shadow = root.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  shadow.adoptedStyleSheets = [sheet];
  const address = `${host}/api/v1/forms/public/${encodeURIComponent(key)}`;
  const language = { "accept-language": russian ? "ru" : "en" };

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === false || value === null || value === undefined) continue;
      if (name === "class") element.className = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  // SHA-256 (FIPS 180-4) of a short ASCII text; only its first 32 bits are needed.
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
  const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
  const firstWord = (text) => {
    const length = text.length;
    const blocks = Math.ceil((length + 9) / 64);
    const words = new Uint32Array(blocks * 16);
    for (let i = 0; i < length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
    words[blocks * 16 - 1] = length * 8;
    const hash = Uint32Array.from(start);
    const w = new Uint32Array(64);
    const turn = (value, by) => (value >>> by) | (value << (32 - by));
    for (let block = 0; block < blocks; block += 1) {
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) w[i] = words[block * 16 + i];
        else {
          const [a, b] = [w[i - 15], w[i - 2]];
          const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
          const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
          w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i += 1) {
        const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i]) | 0;
        const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { hash[i] += value; });
    }
    return hash[0];
  };
  // Solved in small steps so that the page stays alive.
  const solve = (challenge, bits) => new Promise((resolve) => {
    if (!bits) return resolve(null);
    let number = 0;
    const step = () => {
      const until = performance.now() + 12;
      while (performance.now() < until) {
        if (Math.clz32(firstWord(`${challenge}:${number}`)) >= bits) return resolve(number);
        number += 1;
      }
      setTimeout(step, 0);
    };
    step();
  });

  const style = (color) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    const ink = 1.05 / (light + 0.05) >= 4.5 ? "#fff" : "#111";
    return `
      :host { all: initial; display: block; color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d0d5dd; --ground: #fff; --wrong: #c62a2f; }
      @media (prefers-color-scheme: dark) { :host { --ink: #edeef0; --soft: #b0b4ba; --line: #43484e; --ground: #1d2026; --wrong: #ff9592; } }
      form, .done { box-sizing: border-box; background: var(--ground); color: var(--ink); border: 1px solid var(--line); border-radius: 12px;
        padding: 24px; font: 16px/24px Inter, system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
      h2 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 8px; }
      p { margin: 0 0 16px; color: var(--soft); white-space: pre-line; }
      label, .label { display: block; font-weight: 500; font-size: 15px; margin: 16px 0 4px; }
      .star { color: var(--wrong); }
      .help { font-size: 14px; line-height: 20px; color: var(--soft); margin: 4px 0 0; }
      .error { font-size: 14px; line-height: 20px; color: var(--wrong); margin: 4px 0 0; }
      input:not([type=checkbox]):not([type=file]), textarea, select { box-sizing: border-box; width: 100%; min-height: 44px; padding: 9px 12px; font: inherit;
        color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
      textarea { min-height: 132px; resize: vertical; }
      [aria-invalid=true] { border-color: var(--wrong) !important; }
      :focus-visible { outline: 2px solid ${color}; outline-offset: 1px; }
      .tick { display: flex; gap: 10px; align-items: flex-start; font-weight: 400; }
      .tick input { width: 20px; height: 20px; margin: 2px 0; flex: none; accent-color: ${color}; }
      input[type=file] { font: inherit; max-width: 100%; }
      a { color: inherit; }
      button { margin-top: 24px; min-height: 44px; width: 100%; border: 0; border-radius: 8px; background: ${color}; color: ${ink}; font: inherit; font-weight: 600; cursor: pointer; }
      button:disabled { opacity: .6; cursor: default; }
      .trap { position: absolute; left: -10000px; width: 1px; height: 1px; overflow: hidden; }
      .done { text-align: center; }`;
  };

  let challenge;
  let puzzle;
  const load = async () => {
    const answer = await fetch(address, { headers: language, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const form = await answer.json();
    challenge = form.challenge;
    puzzle = solve(form.challenge, form.puzzle_bits);
    return form.definition;
  };

  const control = (field) => {
    const common = { id: field.name, name: field.name, placeholder: field.placeholder || null, "aria-required": field.required };
    if (field.type === "long_text") return make("textarea", common, field.preset);
    if (field.type === "choice") {
      const select = make("select", common, make("option", { value: "" }, say("Выберите", "Choose")), ...field.options.map((option) => make("option", { value: option }, option)));
      select.value = field.preset;
      return select;
    }
    if (field.type === "file") return make("input", { ...common, type: "file", multiple: true });
    const type = { email: "email", phone: "tel", number: "text", date: "date" }[field.type] || "text";
    const complete = { name: "name", email: "email", phone: "tel" }[field.means] || null;
    const mode = field.type === "number" ? "decimal" : null;
    return make("input", { ...common, type, value: field.preset, autocomplete: complete, inputmode: mode });
  };

  const row = (field) => {
    if (field.type === "hidden") return null;
    const help = field.help ? make("div", { class: "help", id: `${field.name}-help` }, field.help) : null;
    const error = make("div", { class: "error", id: `${field.name}-error`, role: "alert" });
    const star = field.required ? make("span", { class: "star", "aria-hidden": "true" }, " *") : null;
    if (field.type === "checkbox") {
      const tick = make("input", { type: "checkbox", id: field.name, name: field.name, "aria-describedby": `${field.name}-error` });
      tick.checked = field.preset === "да";
      return make("div", {}, make("label", { class: "tick" }, tick, make("span", {}, field.label, star)), help, error);
    }
    const input = control(field);
    input.setAttribute("aria-describedby", `${field.name}-help ${field.name}-error`);
    return make("div", {}, make("label", { for: field.name }, field.label, star), input, help, error);
  };

  const show = (definition) => {
    const color = /^#[0-9a-f]{6}$/i.test(definition.color) ? definition.color : "#5b5bd6";
    sheet.replaceSync(style(color));
    const general = make("div", { class: "error", role: "alert" });
    const button = make("button", { type: "submit" }, definition.submit_text || say("Отправить", "Send"));
    const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
    let consent = null;
    if (definition.consent) {
      const text = definition.consent.url
        ? make("a", { href: definition.consent.url, target: "_blank", rel: "noopener noreferrer" }, definition.consent.text)
        : definition.consent.text;
      consent = make("div", {}, make("label", { class: "tick" }, make("input", { type: "checkbox", id: "consent" }), make("span", {}, text)),
        make("div", { class: "error", id: "consent-error", role: "alert" }));
    }
    const form = make("form", { novalidate: true },
      definition.title ? make("h2", {}, definition.title) : null,
      definition.text ? make("p", {}, definition.text) : null,
      ...definition.fields.map(row),
      make("div", { class: "trap", "aria-hidden": "true" }, make("label", {}, "Website", trap)),
      consent, general, button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      general.textContent = "";
      for (const error of form.querySelectorAll(".error")) error.textContent = "";
      for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
      try {
        await send(definition, form, trap.value, general);
      } catch {
        general.textContent = say("Нет связи. Ваш текст сохранён здесь: отправьте ещё раз.", "No connection. Your text is kept here: send again.");
      }
      button.disabled = false;
    });
    shadow.replaceChildren(form);
  };

  const send = async (definition, form, website, general) => {
    const answers = {};
    const body = new FormData();
    for (const field of definition.fields) {
      const input = form.querySelector(`#${CSS.escape(field.name)}`);
      if (!input) continue;
      if (field.type === "file") for (const file of input.files) body.append(field.name, file);
      else answers[field.name] = field.type === "checkbox" ? input.checked : input.value;
    }
    const consent = form.querySelector("#consent")?.checked ?? false;
    const payload = { challenge, solution: await puzzle, answers, consent, page_url: location.href, website };
    body.append("answers", new Blob([JSON.stringify(payload)], { type: "application/json" }));
    const answer = await fetch(`${address}/submissions`, { method: "POST", body, headers: language, credentials: "omit" });
    const result = await answer.json();
    if (answer.ok) {
      const thanks = result.thanks_text || say(`Спасибо, сообщение принято. Номер обращения: ${result.number}.`, `Thank you, we have your message. Its number is ${result.number}.`);
      const done = make("div", { class: "done", tabindex: "-1", role: "status" }, thanks);
      shadow.replaceChildren(done);
      done.focus();
      return;
    }
    let first = null;
    for (const error of result.errors || []) {
      const name = error.field.replace(/^answers\./, "");
      const place = form.querySelector(`#${CSS.escape(name)}-error`);
      if (place) {
        place.textContent = error.detail || result.detail;
        const input = form.querySelector(`#${CSS.escape(name)}`);
        input?.setAttribute("aria-invalid", "true");
        first ||= input;
      } else general.textContent = error.detail || result.detail;
      if (error.code === "stale") await load();
    }
    if (!result.errors?.length) general.textContent = result.detail || say("Не получилось отправить", "Could not send");
    first?.focus();
  };

  load().then(show, () => {
    sheet.replaceSync(style("#5b5bd6"));
    shadow.replaceChildren(make("div", { class: "done", role: "status" }, say("Форма сейчас недоступна", "This form is not available now")));
  });
})();
