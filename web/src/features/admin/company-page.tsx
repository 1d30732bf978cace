// The company: what clients read in letters, and what new staff start with.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { meQuery } from "@/api/me.ts";
import type { CompanySettings, Locale } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { companyQuery } from "./queries.ts";

export function CompanyPage() {
  return (
    <Allowed need="settings.manage">
      <Company />
    </Allowed>
  );
}

function Company() {
  const { t } = useTranslation();
  const company = useQuery(companyQuery);
  return (
    <PageFrame title={t("admin:section.company")} text={t("admin:company.text")}>
      {company.isPending && <RowSkeletons count={2} height={120} />}
      {company.isError && <ErrorState error={company.error} retry={() => void company.refetch()} />}
      {company.data && <CompanyForm company={company.data} />}
    </PageFrame>
  );
}

function CompanyForm({ company }: { company: CompanySettings }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(company);
  const save = useMutation({
    mutationFn: () => patch<CompanySettings>("/settings", form.changed),
    onSuccess: (next) => {
      client.setQueryData(companyQuery.queryKey, next);
      form.reset();
      notifyDone(t("admin:saved"));
      return client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
    onError: form.fail,
  });
  return (
    <>
      <FormSection title={t("admin:company.about")}>
        <TextInput
          label={t("admin:company.name")}
          description={t("admin:company.nameHelp")}
          {...form.text("company_name")}
          data-testid="company-name"
        />
      </FormSection>
      <FormSection title={t("admin:company.defaults")} text={t("admin:company.defaultsText")}>
        <div>
          <p className={styles.label} id="company-language">
            {t("admin:company.language")}
          </p>
          <SegmentedControl
            aria-labelledby="company-language"
            value={form.values.default_locale}
            data={[
              { value: "ru", label: "Русский" },
              { value: "en", label: "English" },
            ]}
            onChange={(locale) => form.set({ default_locale: locale as Locale })}
            data-testid="company-language"
          />
        </div>
        <TimeZoneSelect label={t("admin:company.timeZone")} {...form.choice("default_time_zone")} />
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
