// The list of keys, opened by "?".
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Keys } from "@/ui/keys.tsx";
import { useGoTo } from "./go-to.ts";
import styles from "./shell.module.css";

const groups = {
  list: ["j", "k", "enter", "/", "mod+k"],
  conversation: ["r", "n", "a", "s", "z", "e", "t"],
  composer: ["mod+enter", "mod+shift+enter", "mod+/", "esc"],
  view: ["[", "]", "c", "?"],
} as const;

/** Names for the translation file: it cannot hold signs in its keys. */
const keyNames: Record<string, string> = {
  "/": "slash",
  "[": "left",
  "]": "right",
  "?": "question",
  "mod+k": "palette",
  "mod+/": "reply",
  "mod+enter": "send",
  "mod+shift+enter": "sendClose",
};

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const places = useGoTo();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("common:keys.title")}
      size={720}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <div className={styles.help}>
        {Object.entries(groups).map(([group, keys]) => (
          <section key={group} className={styles.helpGroup}>
            <h3>{t(`common:keys.group.${group}`)}</h3>
            {keys.map((key) => (
              <div key={key} className={styles.helpRow}>
                <span>{t(`common:keys.${keyNames[key] ?? key}`)}</span>
                <Keys keys={key} />
              </div>
            ))}
          </section>
        ))}
        <section className={styles.helpGroup}>
          <h3>{t("common:keys.group.go")}</h3>
          {places.map((place) => (
            <div key={place.id} className={styles.helpRow}>
              <span>{place.label}</span>
              <Keys keys={place.keys} />
            </div>
          ))}
        </section>
      </div>
    </Modal>
  );
}
