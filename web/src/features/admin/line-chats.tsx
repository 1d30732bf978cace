// How conversations of the line in messengers and on sites end, and what a client's next message does then.
import { NumberInput, Radio, Stack, Switch, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Form } from "@/ui/use-form.ts";
import type { LineValues } from "./line-form.ts";

export function LineChats({ form }: { form: Form<LineValues> }) {
  const { t } = useTranslation();
  const { values, errors } = form;
  const closes = values.chats_idle_close_minutes !== "";
  return (
    <>
      <Radio.Group
        label={t("admin:chats.afterClose")}
        value={values.chats_after_close}
        onChange={(next) => form.set({ chats_after_close: next as LineValues["chats_after_close"] })}
      >
        <Stack gap={8} mt={6}>
          {(["reopen", "new"] as const).map((each) => (
            <Radio
              key={each}
              value={each}
              label={t(`admin:chats.after.${each}`)}
              description={t(`admin:chats.afterHelp.${each}`)}
              data-testid={`chats-${each}`}
            />
          ))}
        </Stack>
      </Radio.Group>
      {values.chats_after_close === "reopen" && (
        <NumberInput
          label={t("admin:chats.reopenHours")}
          description={t("admin:chats.reopenHoursHelp")}
          value={values.chats_reopen_hours}
          onChange={(next) => form.set({ chats_reopen_hours: String(next) })}
          error={errors.chats_reopen_hours}
          min={1}
          max={8760}
          allowDecimal={false}
          hideControls
          maw={220}
          data-testid="chats-reopen-hours"
        />
      )}
      <Switch
        label={t("admin:chats.idle")}
        description={t("admin:chats.idleHelp")}
        checked={closes}
        onChange={(event) => form.set({ chats_idle_close_minutes: event.currentTarget.checked ? "60" : "" })}
        data-testid="chats-idle"
      />
      {closes && (
        <>
          <NumberInput
            label={t("admin:chats.idleMinutes")}
            value={values.chats_idle_close_minutes}
            onChange={(next) => form.set({ chats_idle_close_minutes: String(next) || "0" })}
            error={errors.chats_idle_close_minutes}
            min={5}
            max={43_200}
            allowDecimal={false}
            hideControls
            maw={220}
            data-testid="chats-idle-minutes"
          />
          <Textarea
            label={t("admin:chats.farewell")}
            description={t("admin:chats.farewellHelp")}
            autosize
            minRows={2}
            maxRows={6}
            {...form.text("chats_farewell_text")}
            data-testid="chats-farewell"
          />
        </>
      )}
      <Switch
        label={t("admin:chats.rating")}
        description={t("admin:chats.ratingHelp")}
        {...form.flag("chats_ask_rating")}
        data-testid="chats-rating"
      />
    </>
  );
}
