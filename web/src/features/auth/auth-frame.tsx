// The frame of the pages before sign-in: the mark, one card, the choice of language.
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { setLocale } from "@/i18n/index.ts";
import { setTitle } from "@/lib/title.ts";
import styles from "./auth.module.css";

interface Props {
  title: string;
  text: string;
  wide?: boolean;
  children: ReactNode;
}

export function AuthFrame({ title, text, wide = false, children }: Props) {
  const { t, i18n } = useTranslation();
  useEffect(() => setTitle(title), [title]);
  const other = i18n.language === "en" ? "ru" : "en";
  return (
    <div className={styles.page}>
      <main className={styles.card} data-wide={wide || undefined}>
        <img src="/favicon.svg" width={40} height={40} alt="Otklik" className={styles.mark} />
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.text}>{text}</p>
        {children}
      </main>
      <footer className={styles.footer}>
        <button
          type="button"
          className={styles.language}
          lang={other}
          onClick={() => void setLocale(other)}
          data-testid="switch-language"
        >
          {t("common:nav.otherLanguage")}
        </button>
      </footer>
    </div>
  );
}
