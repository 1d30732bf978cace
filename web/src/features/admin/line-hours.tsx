// When a line serves its clients, and whether they may read it. It is saved at once: it is no part of the line's own form.
import { Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { schedulesQuery } from "@/api/schedules.ts";
import type { Line } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { lineQuery } from "./queries.ts";

export function LineHours({ line }: { line: Line }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const hours = { schedule_id: line.hours.schedule_id ?? null, published: line.hours.published ?? false };
  const save = useMutation({
    mutationFn: (change: Partial<typeof hours>) =>
      patch<Line>(`/lines/${line.id}`, { hours: { ...hours, ...change } }),
    onSuccess: (next) => {
      client.setQueryData(lineQuery(line.id).queryKey, next);
      notifyDone(t("sla:lineHours.saved"));
      return client.invalidateQueries({ queryKey: schedulesQuery.queryKey });
    },
    onError: (error) => notifyError(error),
  });
  const now = { ...hours, ...(save.isPending ? save.variables : {}) };
  return (
    <FormSection title={t("sla:lineHours.title")} text={t("sla:lineHours.text")}>
      <ScheduleSelect
        label={t("sla:lineHours.schedule")}
        first={[{ value: "", label: t("sla:lineHours.always") }]}
        value={now.schedule_id ?? ""}
        disabled={save.isPending}
        onChange={(value) => save.mutate({ schedule_id: value || null })}
        testId="line-schedule"
      />
      <Switch
        label={t("sla:lineHours.publish")}
        description={t("sla:lineHours.publishText")}
        checked={now.published}
        disabled={save.isPending}
        onChange={(event) => save.mutate({ published: event.currentTarget.checked })}
        data-testid="line-publish-hours"
      />
    </FormSection>
  );
}
