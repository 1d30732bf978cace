// Texts in two languages. A language is one chunk, loaded when it is first needed; switching needs no reload.
// Keys are "namespace:path.to.key"; the namespace is the file's name in ru/ and en/. Plurals follow Intl (`key_one`, `key_few`, ...).
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Locale } from "@/api/types.ts";

const loaders: Record<Locale, () => Promise<{ texts: Record<string, object> }>> = {
  ru: () => import("./ru/index.ts"),
  en: () => import("./en/index.ts"),
};
const storageKey = "otklik.locale";

/** The language to start with: the one used last in this browser, else the browser's, else Russian. */
export function initialLocale(): Locale {
  const stored = localStorage.getItem(storageKey);
  if (stored === "ru" || stored === "en") return stored;
  const first = navigator.languages.find((tag) => /^(ru|en|be|kk|uk)/i.test(tag)) ?? "ru";
  return first.toLowerCase().startsWith("en") ? "en" : "ru";
}

export async function setLocale(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, "common")) {
    const { texts } = await loaders[locale]();
    for (const [namespace, bundle] of Object.entries(texts))
      i18next.addResourceBundle(locale, namespace, bundle);
  }
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  localStorage.setItem(storageKey, locale);
}

export function currentLocale(): Locale {
  return i18next.language === "en" ? "en" : "ru";
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: undefined,
    resources: {},
    defaultNS: "common",
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await setLocale(initialLocale());
}
