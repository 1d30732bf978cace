// Marks a ticket that its client's plan does not include; says why on demand.
import { Tooltip } from "@mantine/core";
import { IconReceipt2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Ticket } from "@/api/types.ts";
import styles from "./terms.module.css";

export function TariffBadge({ faults }: { faults: Ticket["tariff"] }) {
  const { t } = useTranslation();
  if (faults.length === 0) return null;
  const why = faults.map(({ text }) => text).join(" ");
  return (
    <Tooltip label={why} multiline maw={320}>
      <span className={styles.badge} data-testid="tariff-badge">
        <IconReceipt2 size={12} stroke={1.8} aria-hidden="true" />
        {t("terms:tariff.badge")}
        <span className="visually-hidden">: {why}</span>
      </span>
    </Tooltip>
  );
}

/** The same in full, for its card. */
export function TariffFaults({ faults }: { faults: Ticket["tariff"] }) {
  if (faults.length === 0) return null;
  return (
    <div className={styles.note} data-tone="warn" role="status" data-testid="tariff-faults">
      <IconReceipt2 size={18} stroke={1.5} aria-hidden="true" />
      <div className={styles.lines}>
        {faults.map(({ kind, text }) => (
          <span key={kind}>{text}</span>
        ))}
      </div>
    </div>
  );
}
