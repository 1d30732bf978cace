// Which channel to connect: cards with the channel's mark, moved through with the arrows.
import { useTranslation } from "react-i18next";
import type { ChannelKind } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import styles from "./channels.module.css";

interface Props {
  kinds: readonly ChannelKind[];
  chosen: string;
  onChoose: (kind: ChannelKind) => void;
}

export function KindPicker({ kinds, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const move = (from: number, step: number) => {
    const next = kinds[(from + step + kinds.length) % kinds.length];
    if (!next) return;
    onChoose(next);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-testid="kind-${next.kind}"]`)?.focus(),
    );
  };
  return (
    <div className={styles.kinds} role="radiogroup" aria-label={t("channels:new.kind")}>
      {kinds.map((kind, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a card with a picture, moved through with the arrows as radio buttons are
        <button
          key={kind.kind}
          type="button"
          role="radio"
          aria-checked={kind.kind === chosen}
          tabIndex={kind.kind === chosen || (chosen === "" && index === 0) ? 0 : -1}
          className={styles.kind}
          onClick={() => onChoose(kind)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            move(index, step);
          }}
          data-testid={`kind-${kind.kind}`}
        >
          <ChannelMark kind={kind.kind} size={24} colored />
          <span className={styles.kindTitle}>{kind.title}</span>
          <span className={styles.kindText}>{kind.text}</span>
        </button>
      ))}
    </div>
  );
}
