// The first run: who the company is and who looks after it. Everything here can be changed later.
import { Alert, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import { meQuery } from "@/api/me.ts";
import type { Me, Setup } from "@/api/types.ts";
import { currentLocale, setLocale } from "@/i18n/index.ts";
import { isEmail } from "@/lib/text.ts";
import { ownZone } from "@/lib/time-zones.ts";
import { PasswordField } from "@/ui/password-field.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./auth.module.css";
import { AuthFrame } from "./auth-frame.tsx";
import { setupQuery } from "./queries.ts";

const empty = { company_name: "", name: "", email: "", password: "", time_zone: ownZone() };

export function SetupPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm(empty);
  const locale = currentLocale();

  const found = useMutation({
    mutationFn: (setup: Setup) => post<{ user: Me }>("/setup", setup),
    onSuccess: ({ user }) => {
      client.setQueryData(setupQuery.queryKey, (old) => (old ? { ...old, needed: false } : old));
      client.setQueryData(meQuery.queryKey, user);
      void navigate({ to: "/admin" });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "setup_done") void navigate({ to: "/login" });
      else form.fail(error);
    },
  });

  const submit = () => {
    const { company_name, name, email, password } = form.values;
    const missing = (value: string) => (value.trim() === "" ? t("auth:error.required") : undefined);
    const fine = form.complain({
      company_name: missing(company_name),
      name: missing(name),
      email: missing(email) ?? (isEmail(email) ? undefined : t("auth:error.email")),
      password: [...password].length < 8 ? t("auth:error.short") : undefined,
    });
    if (fine) found.mutate({ ...form.values, locale });
  };

  return (
    <AuthFrame title={t("auth:setup.title")} text={t("auth:setup.text")} wide>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={styles.group}>
          <TextInput
            label={t("auth:field.company")}
            description={t("auth:setup.companyHelp")}
            autoComplete="organization"
            autoFocus
            {...form.text("company_name")}
            data-testid="setup-company"
          />
        </div>
        <div className={styles.group}>
          <h2 className={styles.groupTitle}>{t("auth:setup.you")}</h2>
          <TextInput
            label={t("auth:field.name")}
            description={t("auth:setup.nameHelp")}
            autoComplete="name"
            {...form.text("name")}
            data-testid="setup-name"
          />
          <TextInput
            label={t("auth:field.email")}
            description={t("auth:setup.emailHelp")}
            type="email"
            autoComplete="username"
            {...form.text("email")}
            data-testid="setup-email"
          />
          <PasswordField
            label={t("auth:field.password")}
            personal={[form.values.name, form.values.email, form.values.company_name]}
            {...form.text("password")}
            data-testid="setup-password"
          />
        </div>
        <div className={styles.group}>
          <div className={styles.pair}>
            <div>
              <p className={styles.label} id="setup-language">
                {t("auth:field.language")}
              </p>
              <SegmentedControl
                fullWidth
                aria-labelledby="setup-language"
                value={locale}
                data={[
                  { value: "ru", label: "Русский" },
                  { value: "en", label: "English" },
                ]}
                onChange={(value) => void setLocale(value)}
                data-testid="setup-language"
              />
            </div>
            <TimeZoneSelect label={t("auth:field.timeZone")} {...form.choice("time_zone")} />
          </div>
        </div>
        {form.message && Object.keys(form.errors).length === 0 && <Alert color="red">{form.message}</Alert>}
        <Button type="submit" size="md" loading={found.isPending} data-testid="setup-submit">
          {t("auth:setup.submit")}
        </Button>
      </form>
    </AuthFrame>
  );
}
