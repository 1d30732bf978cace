// Who gets the answer: the client in one line, copies as chips when they are wanted.
import { TagsInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address, Conversation } from "@/api/types.ts";
import { parseAddress } from "@/lib/text.ts";
import styles from "./composer.module.css";

interface Props {
  conversation: Conversation;
  cc: readonly Address[];
  /** The client is named here; else the line of channels has named him. */
  named: boolean;
  onChange: (cc: Address[]) => void;
}

export function Addressees({ conversation, cc, named, onChange }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const client = conversation.participants.find((participant) => participant.role === "client");
  const shown = opened || cc.length > 0;
  return (
    <div className={styles.addressees}>
      <p className={styles.to}>
        {named && (
          <>
            <span className={styles.toLabel}>{t("desk:composer.to")}</span>
            <span className={styles.toName} title={client?.address}>
              {client?.name || conversation.contact.name}
              {client && client.address !== client.name && (
                <span className={styles.toAddress}> {client.address}</span>
              )}
            </span>
          </>
        )}
        {!shown && (
          <button
            type="button"
            className={styles.copy}
            onClick={() => setOpened(true)}
            data-testid="add-copy"
          >
            {t("desk:composer.copy")}
          </button>
        )}
      </p>
      {shown && <CopyField cc={cc} autoFocus={opened} onChange={onChange} />}
    </div>
  );
}

export function CopyField({
  cc,
  autoFocus,
  onChange,
}: {
  cc: readonly Address[];
  autoFocus: boolean;
  onChange: (cc: Address[]) => void;
}) {
  const { t } = useTranslation();
  const [wrong, setWrong] = useState<string | null>(null);
  return (
    <>
      <div className={styles.copies}>
        <span className={styles.toLabel}>{t("desk:composer.copy")}</span>
        <TagsInput
          size="xs"
          variant="unstyled"
          className={styles.tags}
          aria-label={t("desk:composer.copy")}
          placeholder={cc.length === 0 ? t("desk:composer.copyPlaceholder") : undefined}
          value={cc.map((each) => each.address)}
          splitChars={[",", ";", " "]}
          acceptValueOnBlur
          autoFocus={autoFocus}
          data-testid="copy-input"
          onChange={(values) => {
            const known = new Map(cc.map((each) => [each.address, each]));
            const next: Address[] = [];
            setWrong(null);
            for (const value of values) {
              const address = parseAddress(value);
              if (address) next.push(known.get(value) ?? address);
              else setWrong(value);
            }
            onChange(next);
          }}
        />
      </div>
      {wrong && (
        <p className={styles.wrong} role="alert">
          {t("desk:composer.wrongAddress", { value: wrong })}
        </p>
      )}
    </>
  );
}
