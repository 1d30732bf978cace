// The choice of ways for each kind, and the quiet hours.
import { Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { KindPreference, NewNotificationPreferences, NotificationPreferences } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { useForm } from "@/ui/use-form.ts";
import { Muted } from "./muted.tsx";
import styles from "./notify.module.css";
import { preferencesQuery } from "./queries.ts";
import { WaysTable } from "./ways-table.tsx";

export function PreferencesForm({ saved }: { saved: NotificationPreferences }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const form = useForm({
    kinds: saved.kinds,
    quiet: saved.quiet !== null,
    quiet_from: saved.quiet?.from ?? "22:00",
    quiet_until: saved.quiet?.until ?? "08:00",
  });
  const { kinds, quiet, quiet_from, quiet_until } = form.values;
  const save = useMutation({
    mutationFn: () =>
      put<NotificationPreferences>("/notifications/preferences", {
        kinds: kinds.map(({ title: _, ...ways }) => ways),
        quiet: quiet ? { from: quiet_from, until: quiet_until } : null,
      } satisfies NewNotificationPreferences),
    onSuccess: (answer) => {
      client.setQueryData(preferencesQuery.queryKey, answer);
      form.reset();
    },
    onError: form.fail,
  });
  const change = (changed: KindPreference) =>
    form.set({ kinds: kinds.map((each) => (each.kind === changed.kind ? changed : each)) });

  return (
    <>
      <FormSection title={t("notify:settings.kinds")} text={t("notify:settings.kindsText")}>
        <WaysTable kinds={kinds} onChange={change} />
      </FormSection>
      <FormSection
        title={t("notify:quiet.title")}
        text={t("notify:quiet.text", { zone: me.time_zone })}
        aside={<Switch aria-label={t("notify:quiet.title")} {...form.flag("quiet")} data-testid="quiet" />}
      >
        {quiet && (
          <div className={styles.hours}>
            <TextInput
              type="time"
              label={t("notify:quiet.from")}
              {...form.text("quiet_from")}
              data-testid="quiet-from"
            />
            <TextInput
              type="time"
              label={t("notify:quiet.until")}
              {...form.text("quiet_until")}
              data-testid="quiet-until"
            />
          </div>
        )}
      </FormSection>
      <Muted />
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={form.reset}
        error={form.message}
      />
    </>
  );
}
