// Which policy holds on a line. It is saved at once: it is no part of the line's own form.
import { Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import type { HeldPolicy, Id } from "@/api/types.ts";
import { normsInWords } from "@/lib/norms.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import { ErrorState } from "@/ui/states.tsx";
import styles from "./admin.module.css";
import { lineSlaQuery, policiesQuery } from "./queries.ts";

export function LinePolicy({ line }: { line: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const policies = useQuery(policiesQuery);
  const held = useQuery(lineSlaQuery(line));
  const save = useMutation({
    mutationFn: (policy_id: Id | null) => put<HeldPolicy>(`/lines/${line}/sla`, { policy_id }),
    onMutate: (policy_id) => {
      const { queryKey } = lineSlaQuery(line);
      const before = client.getQueryData(queryKey);
      client.setQueryData(queryKey, { policy_id });
      return before;
    },
    onSuccess: () => {
      notifyDone(t("sla:line.saved"));
      return client.invalidateQueries({ queryKey: policiesQuery.queryKey });
    },
    onError: (error, _, before) => {
      client.setQueryData(lineSlaQuery(line).queryKey, before);
      notifyError(error);
    },
  });
  const id = held.data?.policy_id ?? null;
  const chosen = policies.data?.items.find((policy) => policy.id === id);
  const error = held.error ?? policies.error;
  return (
    <FormSection title={t("sla:line.title")} text={t("sla:line.text")}>
      {error ? (
        <ErrorState
          error={error}
          retry={() => {
            void held.refetch();
            void policies.refetch();
          }}
          compact
        />
      ) : (
        <Select
          label={t("sla:line.policy")}
          data={[
            { value: "", label: t("sla:line.none") },
            ...(policies.data?.items ?? []).map((policy) => ({ value: policy.id, label: policy.name })),
          ]}
          value={id ?? ""}
          allowDeselect={false}
          disabled={!held.data || !policies.data || save.isPending}
          onChange={(next) => {
            const policy = next || null;
            if (policy !== id) save.mutate(policy);
          }}
          data-testid="line-policy"
        />
      )}
      <p className={`${styles.note} ${styles.links}`}>
        {chosen && (
          <>
            <Link to="/admin/sla-policies/$policyId" params={{ policyId: chosen.id }}>
              {normsInWords(chosen.definition.norms, t) || chosen.name}
            </Link>
            {" · "}
          </>
        )}
        {policies.data?.items.length === 0 && (
          <>
            <Link to="/admin/sla-policies/new">{t("sla:policies.create")}</Link>
            {" · "}
          </>
        )}
        <Link to="/admin/sla-report" search={{ line }}>
          {t("sla:line.report")}
        </Link>
      </p>
    </FormSection>
  );
}
