// A block of the panel that folds; what is folded stays folded in this browser.
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { readStored, writeStored } from "@/lib/storage.ts";
import styles from "./panel.module.css";

interface Props {
  id: string;
  title: string;
  count?: number;
  action?: ReactNode;
  /** Told whether the block is open, at first and when that changes: some blocks read only then. */
  onShown?: (shown: boolean) => void;
  children: ReactNode;
}

export function PanelBlock({ id, title, count, action, onShown, children }: Props) {
  const key = `otklik.block.${id}`;
  const [folded, setFolded] = useState(() => readStored(key, false));
  const bodyId = useId();
  useEffect(() => onShown?.(!folded), [onShown, folded]);
  return (
    <section className={styles.block}>
      <div className={styles.blockHead}>
        <h2 className={styles.blockTitle}>
          <UnstyledButton
            className={styles.fold}
            aria-expanded={!folded}
            aria-controls={bodyId}
            onClick={() => {
              setFolded(!folded);
              writeStored(key, !folded);
            }}
          >
            {title}
            {count !== undefined && count > 0 && <span className={styles.count}>{count}</span>}
            <IconChevronDown
              size={14}
              stroke={1.6}
              className={styles.chevron}
              data-folded={folded || undefined}
            />
          </UnstyledButton>
        </h2>
        {action}
      </div>
      <div id={bodyId} hidden={folded}>
        {children}
      </div>
    </section>
  );
}
