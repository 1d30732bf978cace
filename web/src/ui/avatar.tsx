// Who it is at a glance: initials on a colour that stays with the person.
import type { ReactNode } from "react";
import { initials } from "@/lib/text.ts";
import styles from "./avatar.module.css";

interface Props {
  name: string;
  /** 0..11, chosen by the server. */
  color: number;
  size?: number;
  /** A small mark at the corner: the channel, or presence. */
  mark?: ReactNode;
}

export function Avatar({ name, color, size = 32, mark }: Props) {
  const hue = ((Math.trunc(color) % 12) + 12) % 12;
  return (
    <span className={styles.avatar} style={{ width: size, height: size }} aria-hidden="true">
      <span
        className={styles.face}
        style={{ background: `var(--avatar-${hue})`, fontSize: Math.max(9, Math.round(size * 0.38)) }}
      >
        {initials(name)}
      </span>
      {mark && (
        <span className={styles.mark} data-small={size < 28 || undefined}>
          {mark}
        </span>
      )}
    </span>
  );
}
