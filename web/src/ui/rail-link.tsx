// One icon of the rail: a link or a button, with its name as a tooltip and a counter when there is one.
import { Tooltip } from "@mantine/core";
import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Keys } from "./keys.tsx";
import styles from "./rail-link.module.css";

interface Props {
  label: string;
  keys?: string;
  children: ReactNode;
  to?: LinkProps["to"];
  params?: LinkProps["params"];
  search?: LinkProps["search"];
  /** Marked as current for every address below this one; `to` itself when not given. */
  activeFor?: string;
  active?: boolean;
  onClick?: () => void;
  /** Left out on a phone. */
  wideOnly?: boolean;
  counter?: string | null;
  counterTestId?: string;
  testId?: string;
}

export function RailLink({
  label,
  keys,
  children,
  to,
  params,
  search,
  activeFor,
  active,
  onClick,
  wideOnly,
  counter,
  counterTestId,
  testId,
}: Props) {
  const { pathname } = useLocation();
  const prefix = activeFor ?? to ?? "";
  const current = active ?? (to !== undefined && (pathname === prefix || pathname.startsWith(`${prefix}/`)));
  const inside = (
    <>
      {children}
      {counter && (
        <span
          className={styles.counter}
          data-long={counter.length > 2 || undefined}
          data-testid={counterTestId}
        >
          {counter}
        </span>
      )}
    </>
  );
  const shared = {
    className: styles.link,
    "data-testid": testId,
    "aria-label": counter ? `${label}, ${counter}` : label,
    "data-active": current || undefined,
    "data-wide-only": wideOnly || undefined,
  };
  return (
    <Tooltip
      position="right"
      label={
        <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
          {label}
          {keys && <Keys keys={keys} onDark />}
        </span>
      }
    >
      {to ? (
        <Link to={to} params={params} search={search} aria-current={current ? "page" : undefined} {...shared}>
          {inside}
        </Link>
      ) : (
        <button type="button" onClick={onClick} {...shared}>
          {inside}
        </button>
      )}
    </Tooltip>
  );
}
