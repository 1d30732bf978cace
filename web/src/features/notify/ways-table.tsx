// A row for each kind: in the feed, by which sound, on the screen, by push, by mail. A sound is heard as soon as it is chosen.
import { Checkbox, Select } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { KindPreference } from "@/api/types.ts";
import { playSound, soundNames } from "@/lib/sound.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./notify.module.css";

const silent = "none";
const checks = ["feed", "desktop", "push", "mail"] as const;

export function WaysTable({
  kinds,
  onChange,
}: {
  kinds: readonly KindPreference[];
  onChange: (changed: KindPreference) => void;
}) {
  const { t } = useTranslation();
  return (
    <table className={styles.ways} data-testid="ways">
      <thead>
        <tr>
          <th scope="col">{t("notify:way.kind")}</th>
          <th scope="col">{t("notify:way.feed")}</th>
          <th scope="col">{t("notify:way.sound")}</th>
          <th scope="col">{t("notify:way.desktop")}</th>
          <th scope="col">{t("notify:way.push")}</th>
          <th scope="col">{t("notify:way.mail")}</th>
        </tr>
      </thead>
      <tbody>
        {kinds.map((row) => {
          const check = (way: (typeof checks)[number]) => (
            <td data-label={t(`notify:way.${way}`)}>
              <Checkbox
                className={styles.check}
                aria-label={`${row.title}: ${t(`notify:way.${way}`)}`}
                checked={row[way]}
                onChange={(event) => onChange({ ...row, [way]: event.currentTarget.checked })}
              />
            </td>
          );
          return (
            <tr key={row.kind} data-testid={`kind-${row.kind}`}>
              <td>{row.title}</td>
              {check("feed")}
              <td data-label={t("notify:way.sound")} data-sound>
                <span className={styles.sound}>
                  <Select
                    w={160}
                    aria-label={`${row.title}: ${t("notify:way.sound")}`}
                    allowDeselect={false}
                    data={[
                      { value: silent, label: t("notify:sound.none") },
                      ...soundNames.map((name) => ({ value: name, label: t(`notify:sound.${name}`) })),
                    ]}
                    value={row.sound ?? silent}
                    onChange={(value) => {
                      const sound = soundNames.find((name) => name === value) ?? null;
                      if (sound) void playSound(sound);
                      onChange({ ...row, sound });
                    }}
                  />
                  <IconButton
                    label={t("notify:sound.play")}
                    disabled={row.sound === null}
                    onClick={() => {
                      if (row.sound) void playSound(row.sound);
                    }}
                  >
                    <IconPlayerPlay size={18} stroke={1.5} />
                  </IconButton>
                </span>
              </td>
              {check("desktop")}
              {check("push")}
              {check("mail")}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
