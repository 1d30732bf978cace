// Whose mail service it is. Choosing one fills in the servers and says what to prepare there.
import { IconBrandGmail, IconBrandWindows, IconBrandYandex, IconMail, IconServer } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxPreset } from "@/api/types.ts";
import styles from "./email.module.css";

const icon = { size: 24, stroke: 1.5 } as const;
const icons: Record<string, ReactNode> = {
  yandex: <IconBrandYandex {...icon} />,
  mailru: <IconMail {...icon} />,
  gmail: <IconBrandGmail {...icon} />,
  microsoft365: <IconBrandWindows {...icon} />,
  custom: <IconServer {...icon} />,
};

interface Props {
  presets: MailboxPreset[];
  chosen: string;
  onChoose: (preset: MailboxPreset) => void;
}

export function PresetPicker({ presets, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const move = (from: number, step: number) => {
    const next = presets[(from + step + presets.length) % presets.length];
    if (next) onChoose(next);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-testid="preset-${next?.key}"]`)?.focus(),
    );
  };
  return (
    <div className={styles.presets} role="radiogroup" aria-label={t("email:preset.title")}>
      {presets.map((preset, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a card with a picture, moved through with the arrows as radio buttons are
        <button
          key={preset.key}
          type="button"
          role="radio"
          aria-checked={preset.key === chosen}
          tabIndex={preset.key === chosen || (chosen === "" && index === 0) ? 0 : -1}
          className={styles.preset}
          onClick={() => onChoose(preset)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            move(index, step);
          }}
          data-testid={`preset-${preset.key}`}
        >
          {icons[preset.key] ?? icons.custom}
          {preset.key === "custom" ? t("email:preset.custom") : preset.name}
        </button>
      ))}
    </div>
  );
}
