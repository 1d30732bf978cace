// A number of a table that opens what it counts.
import { UnstyledButton } from "@mantine/core";
import { percentWords } from "@/lib/due.ts";
import { useTime } from "@/ui/time.tsx";
import styles from "./report.module.css";

interface Props {
  count: number;
  /** What it is a part of: then the part is told too. */
  of?: number;
  label: string;
  onOpen: () => void;
}

export function ReportNumber({ count, of, label, onOpen }: Props) {
  const { locale } = useTime();
  if (count === 0) return <span className={`${styles.zero} tnum`}>0</span>;
  return (
    <UnstyledButton className={`${styles.cell} tnum`} aria-label={`${label}: ${count}`} onClick={onOpen}>
      {count}
      {of !== undefined && of > 0 && (
        <span className={styles.share}>{percentWords(Math.round((count * 100) / of), locale)}</span>
      )}
    </UnstyledButton>
  );
}
