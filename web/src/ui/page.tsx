// The frame of pages outside the workspace (settings, administration): sections on the left, content at most 720 (forms) or 1080 (tables) wide.
import { Link, useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { setTitle } from "@/lib/title.ts";
import styles from "./page.module.css";

export interface Section {
  to: string;
  /** The beginning of other addresses that belong to it. */
  also?: string | undefined;
  label: string;
  icon: ReactNode;
}

/** Two panes: the sections and the page. On a phone the sections become a strip above the page. */
export function SectionsLayout({
  title,
  groups,
  children,
}: {
  title: string;
  groups: { label?: string; items: Section[] }[];
  children: ReactNode;
}) {
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // On a phone the strip may be wider than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path decides which section is marked
  useEffect(() => {
    nav.current
      ?.querySelector("[data-active]")
      ?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });
  }, [path]);
  // Somebody who may see one of these pages only, by a link to it, has nowhere else to go.
  if (groups.length === 0) return <div className={styles.scroll}>{children}</div>;
  return (
    <div className={styles.layout}>
      <nav ref={nav} className={styles.sections} aria-label={title}>
        <p className={styles.sectionsTitle}>{title}</p>
        {groups.map((group) => (
          <div key={group.items[0]?.to ?? group.label} className={styles.group}>
            {group.label && <p className={styles.groupLabel}>{group.label}</p>}
            {group.items.map((item) => (
              <Link
                key={item.to}
                to={item.to}
                className={styles.section}
                activeProps={{ "data-active": true }}
                data-active={(item.also && path.startsWith(item.also)) || undefined}
              >
                {item.icon}
                <span>{item.label}</span>
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <div className={styles.scroll}>{children}</div>
    </div>
  );
}

interface PageProps {
  title: string;
  /** One sentence on what this page is for. */
  text?: ReactNode;
  /** Where "back" leads: {to, label}. */
  back?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function PageFrame({ title, text, back, actions, wide = false, children }: PageProps) {
  useEffect(() => setTitle(title), [title]);
  return (
    <main className={styles.page} data-wide={wide || undefined}>
      {back && <div className={styles.back}>{back}</div>}
      <header className={styles.header}>
        <div className={styles.heading}>
          <h1 className={styles.title}>{title}</h1>
          {text && <p className={styles.lead}>{text}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </main>
  );
}

/** A titled card of fields inside a form page. */
export function FormSection({
  title,
  text,
  children,
  aside,
}: {
  title: string;
  text?: string;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <section className={styles.card}>
      <div className={styles.cardHead}>
        <div>
          <h2 className={styles.cardTitle}>{title}</h2>
          {text && <p className={styles.cardText}>{text}</p>}
        </div>
        {aside}
      </div>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}
