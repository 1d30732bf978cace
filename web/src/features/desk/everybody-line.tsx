// To whom a message of a group conversation goes: to everybody who takes part.
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types.ts";
import styles from "./members.module.css";

export function EverybodyLine({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const clients = conversation.members.flatMap((one) => (one.contact ? [one.contact.name] : []));
  return (
    <p className={styles.everybody} data-testid="everybody">
      <span className={styles.everybodyLabel}>{t("desk:composer.to")}</span>
      <Tooltip label={t("groups:toHelp")} multiline w={300}>
        <span className={styles.everybodyNames}>
          <strong>{t("groups:toAll")}</strong>
          {clients.length > 0 ? `: ${clients.join(", ")}` : ` ${t("groups:onlyStaff")}`}
        </span>
      </Tooltip>
    </p>
  );
}
