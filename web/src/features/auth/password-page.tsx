// The own password. Changing it ends every other login.
import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { PasswordField } from "@/ui/password-field.tsx";
import { useForm } from "@/ui/use-form.ts";
import { sessionsQuery } from "./queries.ts";
import styles from "./settings.module.css";

const empty = { current: "", new: "" };

export function PasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const form = useForm(empty);
  const change = useMutation({
    mutationFn: () => post<void>("/me/password", form.values),
    onSuccess: () => {
      form.reset();
      void client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
      notifyDone(t("auth:password.done"));
    },
    onError: form.fail,
  });

  return (
    <PageFrame title={t("auth:password.title")} text={t("auth:password.text")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const fine = form.complain({
            current: form.values.current === "" ? t("auth:error.required") : undefined,
            new: [...form.values.new].length < 8 ? t("auth:error.short") : undefined,
          });
          if (fine) change.mutate();
        }}
        noValidate
      >
        <FormSection title={t("auth:password.new")}>
          <PasswordField
            label={t("auth:password.current")}
            {...form.text("current")}
            data-testid="password-current"
          />
          <PasswordField
            label={t("auth:password.next")}
            personal={[me.name, me.email, me.company_name]}
            {...form.text("new")}
            data-testid="password-new"
          />
          {form.message && (
            <p className={styles.error} role="alert">
              {form.message}
            </p>
          )}
          <Group>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={!form.dirty}
              data-testid="password-save"
            >
              {t("auth:password.submit")}
            </Button>
          </Group>
        </FormSection>
      </form>
    </PageFrame>
  );
}
