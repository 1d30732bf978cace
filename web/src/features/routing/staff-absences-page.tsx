// Who is not at work and who stands in: a calendar of four weeks, and the list, what is now and ahead first.
import { Button } from "@mantine/core";
import { IconBeach, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { Avatar } from "@/ui/avatar.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./staff.module.css";
import { AbsenceCalendar } from "./staff-absence-calendar.tsx";
import { AbsenceDialog } from "./staff-absence-dialog.tsx";
import { groupAbsences } from "./staff-absence-logic.ts";
import { useAbsenceDates } from "./staff-absence-words.ts";
import { type Absence, absencesQuery } from "./staff-queries.ts";

export function AbsencesPage() {
  return (
    <Allowed need="users.manage">
      <Absences />
    </Allowed>
  );
}

function Absences() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const time = useTime();
  const absences = useQuery(absencesQuery);
  const [edited, setEdited] = useState<Absence | "new" | null>(null);
  const [removed, setRemoved] = useState<Absence | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: absencesQuery.queryKey });
  useLiveEvents(["operator_changed"], (event) => {
    if (event.data?.change === "absence") void refresh();
  });
  const destroy = useMutation({
    mutationFn: ({ id }: Absence) => remove(`/absences/${id}`),
    onSuccess: (_, { user }) => {
      notifyDone(t("staff:absences.removed", { name: user.name }));
      return refresh();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setRemoved(null),
  });
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="absence-create"
    >
      {t("staff:absences.create")}
    </Button>
  );
  const groups = absences.data && groupAbsences(absences.data, time.now);
  return (
    <PageFrame
      wide
      title={t("staff:absences.title")}
      text={t("staff:absences.text")}
      actions={absences.data && absences.data.length > 0 && create}
    >
      {absences.error && !absences.data ? (
        <ErrorState error={absences.error} retry={() => void absences.refetch()} />
      ) : !groups ? (
        <RowSkeletons count={4} />
      ) : absences.data?.length === 0 ? (
        <EmptyState
          icon={<IconBeach size={28} stroke={1.5} />}
          title={t("staff:absences.emptyTitle")}
          text={t("staff:absences.emptyText")}
          action={create}
        />
      ) : (
        <>
          <AbsenceCalendar absences={[...groups.now, ...groups.ahead]} onOpen={setEdited} />
          {(["now", "ahead", "over"] as const).map(
            (when) =>
              groups[when].length > 0 && (
                <section key={when} aria-label={t(`staff:absences.${when}`)}>
                  <h2 className={styles.heading}>{t(`staff:absences.${when}`)}</h2>
                  <ul className={styles.rows}>
                    {groups[when].map((absence) => (
                      <AbsenceRow
                        key={absence.id}
                        absence={absence}
                        onEdit={() => setEdited(absence)}
                        onRemove={() => setRemoved(absence)}
                      />
                    ))}
                  </ul>
                </section>
              ),
          )}
        </>
      )}
      {edited && <AbsenceDialog absence={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        opened={removed !== null}
        title={t("staff:absences.removeTitle", { name: removed?.user.name })}
        text={t("staff:absences.removeText")}
        confirm={t("staff:delete")}
        loading={destroy.isPending}
        onConfirm={() => removed && destroy.mutate(removed)}
        onClose={() => setRemoved(null)}
      />
    </PageFrame>
  );
}

function AbsenceRow({
  absence,
  onEdit,
  onRemove,
}: {
  absence: Absence;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const dates = useAbsenceDates();
  const { user, reason, substitute } = absence;
  return (
    <li className={styles.row} data-testid="absence-row">
      <Avatar name={user.name} color={user.avatar_color} size={32} />
      <div className={styles.rowMain}>
        <p className={styles.strong}>{user.name}</p>
        <p className={styles.note}>
          <span className="tnum">{dates(absence)}</span>
          {reason && ` · ${reason}`}
        </p>
      </div>
      <p className={styles.rowAside}>
        {substitute ? (
          <>
            <Avatar name={substitute.name} color={substitute.avatar_color} size={20} />
            {t("staff:absences.standsIn", { name: substitute.name })}
          </>
        ) : (
          <span className={styles.note}>{t("staff:absences.nobodyStandsIn")}</span>
        )}
      </p>
      <IconButton
        label={t("staff:absences.edit", { name: user.name })}
        onClick={onEdit}
        data-testid="absence-edit"
      >
        <IconPencil size={18} stroke={1.5} />
      </IconButton>
      <IconButton
        label={t("staff:absences.remove", { name: user.name })}
        onClick={onRemove}
        data-testid="absence-remove"
      >
        <IconTrash size={18} stroke={1.5} />
      </IconButton>
    </li>
  );
}
