// Which promised times a rule assigns instead of the line's.
import { Select } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { normsInWords } from "@/lib/norms.ts";
import { policiesQuery } from "./queries.ts";
import styles from "./rules.module.css";

interface Props {
  value: Id | null;
  error?: string;
  onChange: (value: Id | null) => void;
}

export function PolicyField({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const { data: policies = [] } = useQuery(policiesQuery);
  const chosen = policies.find((policy) => policy.id === value);
  if (policies.length === 0 && value === null) return null;
  return (
    <div>
      <Select
        label={t("rules:set.policy")}
        description={t("rules:set.policyHelp")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={[
          { value: "", label: t("rules:set.linePolicy") },
          ...policies.map((policy) => ({ value: policy.id, label: policy.name })),
        ]}
        value={value ?? ""}
        allowDeselect={false}
        error={error}
        onChange={(next) => onChange(next || null)}
        data-testid="set-policy"
      />
      {chosen && (
        <p className={styles.note}>
          <Link to="/admin/sla-policies/$policyId" params={{ policyId: chosen.id }} target="_blank">
            {normsInWords(chosen.definition.norms, t) || chosen.name}{" "}
            <IconExternalLink size={14} stroke={1.5} aria-hidden />
          </Link>
        </p>
      )}
    </div>
  );
}
