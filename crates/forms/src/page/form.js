// Shows a form of Otklik where this script stands: <script async src="https://HOST/form.js" data-form="KEY"></script>
// data-lang: "ru" or "en", else the page's language. data-theme: "light" (unless told), "dark" or "auto", as the visitor's system has it.
// data-preview instead of data-form: shows what the builder around this frame sends, and sends nothing.
// No cookies, no inline styles or code, nothing of the page around it is touched.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const host = new URL(script.src).origin;
  const key = script.dataset.form;
  const preview = script.dataset.preview !== undefined && parent !== window;
  const theme = script.dataset.theme || "light";
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

  const dark = "--ink: #edeef0; --soft: #b0b4ba; --line: #5a6169; --ground: #1d2026; --wrong: #ff9592;";
  const style = (color) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    const ink = 1.05 / (light + 0.05) >= 4.5 ? "#fff" : "#111";
    return `
      :host { all: initial; display: block; color-scheme: ${theme === "auto" ? "light dark" : theme};
        --ink: #1c2024; --soft: #60646c; --line: #b9c0ca; --ground: #fff; --wrong: #c62a2f; }
      ${theme === "dark" ? `:host { ${dark} }` : ""}
      ${theme === "auto" ? `@media (prefers-color-scheme: dark) { :host { ${dark} } }` : ""}
      form, .done { box-sizing: border-box; background: var(--ground); color: var(--ink); border: 1px solid var(--line); border-radius: 12px;
        padding: 24px; font: 16px/24px Inter, system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
      h2 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 8px; }
      p { margin: 0 0 16px; color: var(--soft); white-space: pre-line; }
      label { display: block; font-weight: 500; font-size: 15px; margin: 16px 0 4px; }
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
      input[type=file] { font-size: 15px; font-family: inherit; max-width: 100%; color: var(--soft); }
      input[type=file]::file-selector-button { min-height: 44px; margin-inline-end: 12px; padding: 9px 16px; font: inherit; font-weight: 500;
        color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
      a { color: inherit; }
      button { margin-top: 24px; min-height: 44px; width: 100%; border: 0; border-radius: 8px; background: ${color}; color: ${ink}; font: inherit; font-weight: 600; cursor: pointer; }
      button:disabled { opacity: .6; cursor: default; }
      .general { margin-top: 16px; }
      .trap { position: absolute; left: -10000px; width: 1px; height: 1px; overflow: hidden; }
      .done { text-align: center; white-space: pre-line; }
      .done:focus { outline: none; }`;
  };

  let challenge;
  let puzzle;
  // The server takes nothing faster than a person types: a browser that fills everything in by itself waits a little.
  let unhurried;
  const load = async () => {
    const answer = await fetch(address, { headers: language, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const form = await answer.json();
    challenge = form.challenge;
    puzzle = solve(form.challenge, form.puzzle_bits);
    unhurried = new Promise((resolve) => setTimeout(resolve, 2_100));
    return form.definition;
  };

  const control = (field) => {
    const common = { id: `f-${field.name}`, name: field.name, placeholder: field.placeholder || null, "aria-required": field.required };
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
    const id = `f-${field.name}`;
    const help = field.help ? make("div", { class: "help", id: `${id}-help` }, field.help) : null;
    const error = make("div", { class: "error", id: `${id}-error`, role: "alert" });
    const star = field.required ? make("span", { class: "star", "aria-hidden": "true" }, " *") : null;
    const described = help ? `${id}-help ${id}-error` : `${id}-error`;
    if (field.type === "checkbox") {
      const tick = make("input", { type: "checkbox", id, name: field.name, "aria-describedby": described, "aria-required": field.required });
      tick.checked = field.preset === "да";
      return make("div", {}, make("label", { class: "tick" }, tick, make("span", {}, field.label, star)), help, error);
    }
    const input = control(field);
    input.setAttribute("aria-describedby", described);
    return make("div", {}, make("label", { for: id }, field.label, star), input, help, error);
  };

  const show = (definition) => {
    const color = /^#[0-9a-f]{6}$/i.test(definition.color) ? definition.color : "#5b5bd6";
    sheet.replaceSync(style(color));
    const general = make("div", { class: "error general", role: "alert" });
    const caption = definition.submit_text || say("Отправить", "Send");
    const button = make("button", { type: "submit" }, caption);
    const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
    let consent = null;
    if (definition.consent) {
      const { text, url } = definition.consent;
      // Beside the words, not around them: a click on the words must set the tick.
      const link = /^(https?:\/\/|\/)/i.test(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, say("Подробнее", "Read more")) : null;
      const tick = make("input", { type: "checkbox", id: "consent", "aria-describedby": "consent-error", "aria-required": true });
      consent = make("div", {}, make("label", { class: "tick" }, tick, make("span", {}, text, link ? " " : null, link)),
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
      if (preview || button.disabled) return;
      general.textContent = "";
      for (const error of form.querySelectorAll(".error")) error.textContent = "";
      for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
      if (complain(form, general, missing(definition, form))) return;
      button.disabled = true;
      button.textContent = say("Отправляем…", "Sending…");
      try {
        await send(definition, form, trap.value, general);
      } catch {
        general.textContent = say("Нет связи. Ваш текст сохранён здесь: отправьте ещё раз.", "No connection. Your text is kept here: send again.");
      }
      button.disabled = false;
      button.textContent = caption;
    });
    shadow.replaceChildren(form);
  };

  const inputOf = (form, name) => form.querySelector(`#${CSS.escape(name === "consent" ? name : `f-${name}`)}`);

  // Writes every complaint beside its field and goes to the first; true when there is one.
  const complain = (form, general, errors) => {
    let first = null;
    for (const { name, text } of errors) {
      const input = inputOf(form, name);
      const place = input && form.querySelector(`#${CSS.escape(`${input.id}-error`)}`);
      if (!place) {
        general.textContent = text;
        continue;
      }
      place.textContent = text;
      input.setAttribute("aria-invalid", "true");
      if (!first || input.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING) first = input;
    }
    first?.focus();
    return errors.length > 0;
  };

  // What can be told without the server, all at once.
  const missing = (definition, form) => {
    const errors = [];
    for (const field of definition.fields) {
      const input = inputOf(form, field.name);
      if (!input) continue;
      const name = field.name;
      if (field.type === "file") {
        const files = [...input.files];
        if (field.required && !files.length) errors.push({ name, text: say("Приложите файл", "Attach a file") });
        if (files.length > 10) errors.push({ name, text: say("Не больше 10 файлов", "At most 10 files") });
        const large = files.find((file) => file.size > 10 * 1024 * 1024);
        if (large) errors.push({ name, text: say(`Файл «${large.name}» больше 10 МБ`, `“${large.name}” is larger than 10 MB`) });
      } else if (field.required && !(field.type === "checkbox" ? input.checked : input.value.trim())) {
        // A half-typed date has no value: the browser shows it, so say what is wrong with it.
        const text = input.validity.badInput ? say("Выберите дату", "Choose a date") : say("Заполните это поле", "Fill in this field");
        errors.push({ name, text });
      }
    }
    if (definition.consent && !inputOf(form, "consent").checked) errors.push({ name: "consent", text: say("Нужно ваше согласие", "Your consent is needed") });
    return errors;
  };

  const send = async (definition, form, website, general, again = false) => {
    const answers = {};
    const body = new FormData();
    for (const field of definition.fields) {
      const input = inputOf(form, field.name);
      if (!input) continue;
      if (field.type === "file") for (const file of input.files) body.append(field.name, file);
      else answers[field.name] = field.type === "checkbox" ? input.checked : input.value;
    }
    const consent = inputOf(form, "consent")?.checked ?? false;
    await unhurried;
    const payload = { challenge, solution: await puzzle, answers, consent, page_url: location.href, website };
    body.append("answers", new Blob([JSON.stringify(payload)], { type: "application/json" }));
    const answer = await fetch(`${address}/submissions`, { method: "POST", body, headers: language, credentials: "omit" });
    const result = await answer.json().catch(() => ({}));
    if (answer.ok) {
      const thanks = result.thanks_text || say(`Спасибо, сообщение принято. Номер обращения: ${result.number}.`, `Thank you, we have your message. Its number is ${result.number}.`);
      const done = make("div", { class: "done", tabindex: "-1", role: "status" }, thanks);
      shadow.replaceChildren(done);
      done.focus();
      return;
    }
    const errors = result.errors || [];
    // The page was open for long: what was typed goes with a new challenge.
    if (!again && errors.some((error) => error.code === "stale")) {
      await load();
      return send(definition, form, website, general, true);
    }
    const known = errors.map((error) => ({ name: error.field.replace(/^answers\./, ""), text: error.detail || result.detail }));
    if (!complain(form, general, known)) general.textContent = result.detail || say("Не получилось отправить, попробуйте ещё раз", "Could not send, try again");
  };

  if (preview) {
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== parent || origin !== location.origin || !data?.definition) return;
      show(data.definition);
    });
    new ResizeObserver(() => parent.postMessage({ formHeight: root.offsetHeight }, location.origin)).observe(root);
    parent.postMessage({ formReady: true }, location.origin);
    return;
  }
  load().then(show, () => {
    sheet.replaceSync(style("#5b5bd6"));
    shadow.replaceChildren(make("div", { class: "done", role: "status" }, say("Форма сейчас недоступна", "This form is not available now")));
  });
})();
