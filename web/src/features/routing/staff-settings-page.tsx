// How work is distributed: how much one person has, when somebody counts as away, how offers and the queue behave.
import { NumberInput, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { type Form, useForm } from "@/ui/use-form.ts";
import styles from "./staff.module.css";
import { fromValues, type SettingsValues, toValues, weightKey } from "./staff-form.ts";
import { channelKinds, type RoutingSettings, settingsQuery } from "./staff-queries.ts";

export function DistributionPage() {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery);
  return (
    <Allowed need="lines.manage">
      <PageFrame title={t("staff:settings.title")} text={t("staff:settings.text")}>
        {settings.data ? (
          <SettingsForm saved={settings.data} />
        ) : settings.error ? (
          <ErrorState error={settings.error} retry={() => void settings.refetch()} />
        ) : (
          <RowSkeletons count={3} height={160} />
        )}
      </PageFrame>
    </Allowed>
  );
}

function SettingsForm({ saved }: { saved: RoutingSettings }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(toValues(saved));
  const save = useMutation({
    mutationFn: () => put<RoutingSettings>("/routing/settings", fromValues(form.values)),
    onSuccess: (next) => {
      client.setQueryData(settingsQuery.queryKey, next);
      form.reset();
      notifyDone(t("staff:saved"));
    },
    onError: form.fail,
  });
  return (
    <>
      <FormSection title={t("staff:settings.load")} text={t("staff:settings.loadText")}>
        <Amount form={form} name="default_limit" min={1} max={500} />
        <div>
          <p className={styles.label}>{t("staff:settings.weights")}</p>
          <p className={styles.help}>{t("staff:settings.weightsText")}</p>
          <ul className={styles.weights}>
            {channelKinds.map((kind) => (
              <li key={kind} className={styles.weight}>
                <ChannelMark kind={kind} size={18} colored />
                <span className={styles.weightName}>{t(`channels:kind.${kind}`)}</span>
                <Weight form={form} name={weightKey(kind)} label={t(`channels:kind.${kind}`)} />
              </li>
            ))}
          </ul>
        </div>
      </FormSection>
      <FormSection title={t("staff:settings.statuses")} text={t("staff:settings.statusesText")}>
        <Amount form={form} name="away_after_minutes" min={1} max={240} />
        <Amount form={form} name="offline_after_minutes" min={2} max={999} />
      </FormSection>
      <FormSection title={t("staff:settings.queue")} text={t("staff:settings.queueText")}>
        <Switch
          label={t("staff:settings.distribute_common_queue")}
          description={t("staff:settings.distribute_common_queueText")}
          {...form.flag("distribute_common_queue")}
          data-testid="setting-distribute"
        />
        <Amount form={form} name="offer_seconds" min={10} max={3600} />
        <Amount form={form} name="aging_minutes_per_level" min={1} max={1440} />
      </FormSection>
      <FormSection title={t("shifts:settings.title")}>
        <Switch
          label={t("shifts:settings.only_on_shift")}
          description={t("shifts:settings.only_on_shiftText")}
          {...form.flag("only_on_shift")}
          data-testid="setting-only-on-shift"
        />
      </FormSection>
      <FormSection title={t("staff:settings.transfer")}>
        <Switch
          label={t("staff:settings.only_online_assignable")}
          description={t("staff:settings.only_online_assignableText")}
          {...form.flag("only_online_assignable")}
          data-testid="setting-only-online"
        />
      </FormSection>
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

type AmountName =
  | "default_limit"
  | "away_after_minutes"
  | "offline_after_minutes"
  | "offer_seconds"
  | "aging_minutes_per_level";

function Amount({
  form,
  name,
  min,
  max,
}: {
  form: Form<SettingsValues>;
  name: AmountName;
  min: number;
  max: number;
}) {
  const { t } = useTranslation();
  return (
    <NumberInput
      label={t(`staff:settings.${name}`)}
      description={t(`staff:settings.${name}Text`)}
      value={form.values[name]}
      onChange={(value) => form.set({ [name]: value })}
      error={form.errors[name]}
      min={min}
      max={max}
      clampBehavior="none"
      allowDecimal={false}
      maw={360}
      data-testid={`setting-${name}`}
    />
  );
}

function Weight({
  form,
  name,
  label,
}: {
  form: Form<SettingsValues>;
  name: `channel_weights_${string}`;
  label: string;
}) {
  const { i18n } = useTranslation();
  return (
    <NumberInput
      aria-label={label}
      value={form.values[name]}
      onChange={(value) => form.set({ [name]: value })}
      error={form.errors[name]}
      placeholder="1"
      step={0.25}
      decimalScale={2}
      decimalSeparator={i18n.language === "ru" ? "," : "."}
      allowedDecimalSeparators={[",", "."]}
      allowNegative={false}
      clampBehavior="none"
      w={112}
      data-testid={`setting-${name}`}
    />
  );
}
