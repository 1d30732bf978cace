// What holds for a client: the category, the plan and how much of it is used. Changed in a dialog.
import { IconPencil } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Contact } from "@/api/types.ts";
import { IconButton } from "./icon-button.tsx";
import { TariffUse, useTariff } from "./tariff-note.tsx";
import styles from "./terms.module.css";
import { useTime } from "./time.tsx";

const TermsDialog = lazy(() => import("./terms-dialog.tsx"));

type Card = Pick<Contact, "id" | "name" | "category" | "company">;

export function TermsBlock({ card }: { card: Card }) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const tariff = useTariff(card.id);
  const plan = tariff?.plan;
  const day = (date: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(date));
  const categories = [
    card.category,
    card.company?.category && t("terms:ofCompany", { name: card.company.category }),
  ].filter(Boolean);
  return (
    <div data-testid="terms">
      <dl className={styles.facts}>
        <dt>{t("terms:category.one")}</dt>
        <dd>{categories.join(", ") || <span className={styles.muted}>{t("terms:category.none")}</span>}</dd>
        <dt>{t("terms:tariff.one")}</dt>
        <dd>
          {plan ? plan.name : <span className={styles.muted}>{t("terms:tariff.none")}</span>}
          {plan?.schedule && <div className={styles.muted}>{plan.schedule}</div>}
          {plan?.valid_to && (
            <div className={styles.muted}>{t("terms:tariff.until", { date: day(plan.valid_to) })}</div>
          )}
        </dd>
      </dl>
      {plan && plan.used.length > 0 && (
        <div className={styles.uses}>
          <TariffUse used={plan.used} />
        </div>
      )}
    </div>
  );
}

/** The pencil that stands beside its title. */
export function TermsEdit({ card }: { card: Card }): ReactNode {
  const { t } = useTranslation();
  const can = useCan();
  const [editing, setEditing] = useState(false);
  if (!can("contacts.edit")) return null;
  return (
    <>
      <IconButton label={t("terms:edit")} size={24} onClick={() => setEditing(true)} data-testid="terms-edit">
        <IconPencil size={16} stroke={1.5} />
      </IconButton>
      {editing && (
        <Suspense>
          <TermsDialog card={card} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}
