// Marks a service that is down now; leads to its outages.
import { IconPlugConnectedX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Outage } from "@/api/types.ts";
import styles from "./terms.module.css";

export function OutageMark({ outage }: { outage: Outage | undefined }) {
  const { t } = useTranslation();
  if (!outage) return null;
  return (
    <Link
      to="/admin/outages"
      search={{ open: true }}
      className={styles.badge}
      data-tone="down"
      data-testid="outage-mark"
    >
      <IconPlugConnectedX size={12} stroke={1.8} aria-hidden="true" />
      {t(outage.extent === "full" ? "terms:outage.mark" : "terms:outage.partlyMark")}
    </Link>
  );
}
