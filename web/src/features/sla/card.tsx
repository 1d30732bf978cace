// One of a list of settings: a sentence that opens to be edited. What the server refused is open.
import { UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./policy.module.css";

interface Props {
  title: string;
  note?: string;
  /** Just added: it is to be filled in. */
  open: boolean;
  wrong: boolean;
  removeLabel: string;
  testId: string;
  onRemove: () => void;
  children: ReactNode;
}

export function Card({ title, note, open, wrong, removeLabel, testId, onRemove, children }: Props) {
  const [opened, setOpened] = useState(open);
  const bodyId = useId();
  const shown = opened || wrong;
  return (
    <li className={styles.card} data-wrong={wrong || undefined} data-testid={testId}>
      <div className={styles.cardHead}>
        <UnstyledButton
          className={styles.cardToggle}
          aria-expanded={shown}
          aria-controls={bodyId}
          onClick={() => setOpened(!shown)}
          data-testid={`${testId}-toggle`}
        >
          <IconChevronRight size={16} stroke={1.5} className={styles.chevron} />
          <span className={styles.cardWords}>
            <span className={styles.cardTitle}>{title}</span>
            {note && <span className={styles.note}>{note}</span>}
          </span>
        </UnstyledButton>
        <IconButton label={removeLabel} onClick={onRemove} data-testid={`${testId}-remove`}>
          <IconTrash size={16} stroke={1.5} />
        </IconButton>
      </div>
      <div id={bodyId} hidden={!shown}>
        {shown && <div className={styles.cardBody}>{children}</div>}
      </div>
    </li>
  );
}
