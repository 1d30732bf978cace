// The subject, edited where it stands: Enter saves, Escape leaves it as it was.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./conversation-header.module.css";

interface Props {
  subject: string;
  editable: boolean;
  onSave: (subject: string) => void;
}

export function SubjectField({ subject, editable, onSave }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const shown = subject || t("common:noSubject");
  if (text === null) {
    return (
      <h1 style={{ margin: 0, font: "inherit" }} data-testid="conversation-subject">
        {editable ? (
          <button
            type="button"
            className={styles.subject}
            title={shown}
            aria-label={t("desk:header.rename", { subject: shown })}
            onClick={() => setText(subject)}
          >
            {shown}
          </button>
        ) : (
          <span className={styles.subject}>{shown}</span>
        )}
      </h1>
    );
  }
  const save = () => {
    const trimmed = text.trim();
    setText(null);
    if (trimmed && trimmed !== subject) onSave(trimmed);
  };
  return (
    <input
      className={styles.subject}
      value={text}
      maxLength={500}
      aria-label={t("desk:header.subject")}
      // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was just pressed
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
        if (event.key === "Escape") setText(null);
      }}
    />
  );
}
