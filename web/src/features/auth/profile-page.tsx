// The own profile: how colleagues and clients see the name, and how the application looks.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe, useUpdateMe } from "@/api/me.ts";
import type { Locale, Theme } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./settings.module.css";

export function ProfilePage() {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdateMe();
  const form = useForm({ name: me.name, time_zone: me.time_zone });
  const save = useMutation({
    mutationFn: () => update(form.changed),
    onSuccess: form.reset,
    onError: form.fail,
  });

  return (
    <PageFrame title={t("common:nav.profile")}>
      <FormSection title={t("auth:profile.who")} text={t("auth:profile.whoText")}>
        <div className={styles.person}>
          <Avatar name={form.values.name || me.email} color={me.avatar_color} size={48} />
          <div className={styles.facts}>
            <p className={styles.fact}>{me.email}</p>
            <p className={styles.note}>
              {[me.role.name, ...me.groups.map((group) => group.name)].join(" · ")}
            </p>
          </div>
        </div>
        <TextInput label={t("auth:field.name")} {...form.text("name")} data-testid="profile-name" />
        <TimeZoneSelect
          label={t("auth:field.timeZone")}
          description={t("auth:profile.timeZoneHelp")}
          {...form.choice("time_zone")}
        />
      </FormSection>
      <FormSection title={t("auth:profile.look")} text={t("auth:profile.lookText")}>
        <div>
          <p className={styles.label} id="profile-language">
            {t("auth:field.language")}
          </p>
          <SegmentedControl
            aria-labelledby="profile-language"
            value={me.locale}
            data={[
              { value: "ru", label: "Русский" },
              { value: "en", label: "English" },
            ]}
            onChange={(locale) => void update({ locale: locale as Locale }).catch(notifyError)}
            data-testid="profile-language"
          />
        </div>
        <div>
          <p className={styles.label} id="profile-theme">
            {t("common:theme.title")}
          </p>
          <SegmentedControl
            aria-labelledby="profile-theme"
            value={me.theme}
            data={(["auto", "light", "dark"] as const).map((value) => ({
              value,
              label: t(`common:theme.${value}`),
            }))}
            onChange={(theme) => void update({ theme: theme as Theme }).catch(notifyError)}
            data-testid="profile-theme"
          />
        </div>
      </FormSection>
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={form.reset}
        error={form.message}
      />
    </PageFrame>
  );
}
