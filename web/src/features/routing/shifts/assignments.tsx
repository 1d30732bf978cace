// To whom a schedule is given from when until when; each can be taken back.
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { dateName } from "./logic.ts";
import { assignmentsQuery, type ShiftAssignment, shiftsKey } from "./queries.ts";
import styles from "./shifts.module.css";

export function Assignments({ of, empty }: { of: { user?: Id; schedule?: Id }; empty: string }) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const client = useQueryClient();
  const assignments = useQuery(assignmentsQuery(of));
  const [removed, setRemoved] = useState<ShiftAssignment | null>(null);
  const destroy = useMutation({
    mutationFn: ({ id }: ShiftAssignment) => remove(`/shift-assignments/${id}`),
    onSuccess: () => {
      notifyDone(t("shifts:assign.removed"));
      return client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setRemoved(null),
  });
  if (assignments.error && !assignments.data)
    return <ErrorState error={assignments.error} retry={() => void assignments.refetch()} compact />;
  if (!assignments.data) return <RowSkeletons count={2} height={40} />;
  if (assignments.data.length === 0) return <p className={styles.muted}>{empty}</p>;
  const whose = ({ user, group, schedule }: ShiftAssignment) =>
    of.user ? schedule.name : (user?.name ?? group?.name ?? "");
  return (
    <>
      <ul className={styles.rows}>
        {assignments.data.map((each) => (
          <li key={each.id} className={styles.row} data-testid="assignment-row">
            <span className={styles.rowMain}>
              <span className={styles.strong}>{whose(each)}</span>
              <span className={styles.muted}>
                {each.to
                  ? t("shifts:assign.span", {
                      from: dateName(each.from, locale),
                      to: dateName(each.to, locale),
                    })
                  : t("shifts:assign.since", { from: dateName(each.from, locale) })}
              </span>
            </span>
            <IconButton
              label={t("shifts:assign.remove", { name: whose(each) })}
              onClick={() => setRemoved(each)}
              data-testid="assignment-remove"
            >
              <IconTrash size={18} stroke={1.5} />
            </IconButton>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={removed !== null}
        title={t("shifts:assign.removeTitle")}
        text={t("shifts:assign.removeText")}
        confirm={t("shifts:delete")}
        loading={destroy.isPending}
        onConfirm={() => removed && destroy.mutate(removed)}
        onClose={() => setRemoved(null)}
      />
    </>
  );
}
