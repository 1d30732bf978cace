// The composer: always there, with a tab for answers and one for notes.
import { IconLock } from "@tabler/icons-react";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { Conversation } from "@/api/types.ts";
import styles from "./composer.module.css";
import { ComposerForm, type ComposerFormHandle } from "./composer-form.tsx";
import { chooseDraft, type DraftKind, isBlank, readLocal } from "./drafts.ts";

export interface ComposerHandle {
  focus: (kind: DraftKind) => void;
  /** Opens the list of canned replies. */
  pickReply: () => void;
}

export function Composer({ conversation, ref }: { conversation: Conversation; ref?: Ref<ComposerHandle> }) {
  const { t } = useTranslation();
  const me = useMe();
  const { can, id } = conversation;
  const kinds = (["outbound", "note"] as const).filter((kind) => (kind === "note" ? can.note : can.reply));
  const [kind, setKind] = useState<DraftKind>(() => {
    const noteWaits = !isBlank(chooseDraft(readLocal(me.id, id, "note"), conversation.note_draft));
    const answerWaits = !isBlank(chooseDraft(readLocal(me.id, id, "outbound"), conversation.draft));
    return (noteWaits && !answerWaits && can.note) || !can.reply ? "note" : "outbound";
  });
  const [wantsFocus, setWantsFocus] = useState(false);
  const form = useRef<ComposerFormHandle>(null);

  useImperativeHandle(ref, () => ({
    focus: (next) => {
      if (next === kind) form.current?.focus();
      else {
        setWantsFocus(true);
        setKind(next);
      }
    },
    pickReply: () => form.current?.pickReply(),
  }));

  if (kinds.length === 0) {
    return (
      <p className={styles.readOnly}>
        <IconLock size={16} stroke={1.5} /> {t("desk:composer.readOnly")}
      </p>
    );
  }
  return (
    <section
      className={styles.composer}
      data-kind={kind}
      data-testid="composer"
      aria-label={t("desk:composer.title")}
    >
      <div className={styles.frame}>
        <div className={styles.tabs} role="tablist" aria-label={t("desk:composer.title")}>
          {kinds.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              id={`composer-tab-${each}`}
              aria-selected={each === kind}
              aria-controls="composer-panel"
              tabIndex={each === kind ? 0 : -1}
              className={styles.tab}
              data-testid={`tab-${each}`}
              onClick={() => {
                setWantsFocus(true);
                setKind(each);
              }}
              onKeyDown={(event) => {
                if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
                const other = kinds.find((found) => found !== kind);
                if (other) setKind(other);
              }}
            >
              {each === "note" && <IconLock size={14} stroke={1.6} />}
              {t(`desk:composer.${each}`)}
            </button>
          ))}
        </div>
        <div role="tabpanel" id="composer-panel" aria-labelledby={`composer-tab-${kind}`}>
          <ComposerForm
            key={kind}
            ref={form}
            conversation={conversation}
            kind={kind}
            autoFocus={wantsFocus}
          />
        </div>
      </div>
    </section>
  );
}
