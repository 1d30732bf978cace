// What a client is served by and how much of it is used; before a ticket is made, whether one more is included.
import { IconReceipt2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { contactTariffQuery } from "@/api/terms.ts";
import type { ClientTariff, Id } from "@/api/types.ts";
import styles from "./terms.module.css";

type Plan = NonNullable<ClientTariff["plan"]>;
type Use = Plan["used"][number];

/** Nothing where nobody may see it, and while nothing is known. */
export function useTariff(contact: Id | null | undefined): ClientTariff | undefined {
  const can = useCan();
  const enabled = Boolean(contact) && can("contacts.view");
  return useQuery({ ...contactTariffQuery(contact ?? ""), enabled }).data;
}

/** Stands in the forms that make a ticket. */
export function TariffNote({ contact, service }: { contact: Id | null | undefined; service?: Id }) {
  const { t } = useTranslation();
  const plan = useTariff(contact)?.plan;
  if (!plan) return null;
  const full = plan.used.filter(({ used, limit }) => used >= limit);
  const beyond = service && plan.services.length > 0 && !plan.services.some(({ id }) => id === service);
  return (
    <div
      className={styles.note}
      data-tone={full.length > 0 || beyond ? "warn" : undefined}
      role="status"
      data-testid="tariff-note"
    >
      <IconReceipt2 size={18} stroke={1.5} aria-hidden="true" />
      <div className={styles.lines}>
        <span>{t("terms:tariff.of", { name: plan.name })}</span>
        {plan.used.map((use) => (
          <span key={use.period}>{usedWords(use, t)}</span>
        ))}
        {full.length > 0 && <span>{t("terms:tariff.beyond")}</span>}
        {beyond && <span>{t("terms:tariff.serviceBeyond")}</span>}
      </div>
    </div>
  );
}

/** "Использовано 5 из 5 за сегодня". */
export function usedWords({ period, used, limit }: Use, t: ReturnType<typeof useTranslation>["t"]): string {
  return t(`terms:tariff.used.${period}`, { used, limit });
}

/** The same as bars, for a card. */
export function TariffUse({ used }: { used: readonly Use[] }) {
  const { t } = useTranslation();
  return used.map(({ period, used: count, limit }) => (
    <div key={period} className={styles.use} data-testid="tariff-use">
      <span>{t(`terms:tariff.period.${period}`)}</span>
      <span className="tnum">{t("terms:tariff.usedOf", { used: count, limit })}</span>
      <span className={styles.bar} data-full={count >= limit || undefined} aria-hidden="true">
        <span style={{ width: `${limit === 0 ? 100 : Math.min(100, (count / limit) * 100)}%` }} />
      </span>
    </div>
  ));
}
