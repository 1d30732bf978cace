// The faces of colleagues who have the conversation open; whoever types is named.
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/ui/avatar.tsx";
import type { Face } from "./presence.ts";
import styles from "./viewers.module.css";

const shownFaces = 3;

export function Viewers({ faces }: { faces: readonly Face[] }) {
  const { t } = useTranslation();
  if (faces.length === 0) return null;
  const typist = faces.find((face) => face.typing);
  const names = faces.map((face) => face.name).join(", ");
  return (
    <Tooltip label={t("desk:presence.here", { names })}>
      <span className={styles.viewers} role="status" data-testid="viewers">
        <span className={styles.faces}>
          {faces.slice(0, shownFaces).map((face) => (
            <span key={face.id} className={styles.face} data-typing={face.typing || undefined}>
              <Avatar name={face.name} color={face.avatar_color} size={24} />
            </span>
          ))}
          {faces.length > shownFaces && <span className={styles.rest}>+{faces.length - shownFaces}</span>}
        </span>
        {typist ? (
          <span className={styles.typing}>
            {t("desk:presence.typing", { name: typist.name.split(" ")[0] ?? typist.name })}
          </span>
        ) : (
          <span className="visually-hidden">{t("desk:presence.here", { names })}</span>
        )}
      </span>
    </Tooltip>
  );
}

/** Three dots under the last message while the client writes. */
export function ClientTyping({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <p className={styles.clientTyping} role="status" data-testid="client-typing">
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t("desk:presence.clientTyping", { name })}
    </p>
  );
}
