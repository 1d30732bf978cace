// What a ticket is about, changed where it stands.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./tickets.module.css";

interface Props {
  subject: string;
  editable: boolean;
  onChange: (subject: string) => void;
}

export function TicketSubject({ subject, editable, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(subject);
  if (!editable) return <p className={styles.subject}>{subject}</p>;
  return (
    <TextInput
      aria-label={t("desk:ticket.subject")}
      value={text}
      variant="unstyled"
      maxLength={500}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => {
        const next = text.trim();
        if (next === "" || next === subject) setText(subject);
        else onChange(next);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setText(subject);
      }}
      classNames={{ input: styles.subjectInput }}
      data-testid="ticket-subject"
    />
  );
}
