// Conversations one does not want to hear of; left out while there are none.
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import styles from "./notify.module.css";
import { mutedQuery } from "./queries.ts";

export function Muted() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(mutedQuery);
  const hear = useMutation({
    mutationFn: (id: Id) => remove(`/notifications/muted/${id}`),
    onError: notifyError,
    onSettled: () => client.invalidateQueries({ queryKey: mutedQuery.queryKey }),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <FormSection title={t("notify:mute.title")} text={t("notify:mute.text")}>
      <ul className={styles.rows}>
        {data.items.map((each) => (
          <li key={each.id} className={styles.line} data-testid="muted">
            <Link
              to="/c/$view/$conversationId"
              params={{ view: "open", conversationId: each.id }}
              className={styles.lineText}
            >
              №{each.number} {each.subject}
            </Link>
            <Button variant="default" size="xs" onClick={() => hear.mutate(each.id)}>
              {t("notify:mute.hear")}
            </Button>
          </li>
        ))}
      </ul>
    </FormSection>
  );
}
