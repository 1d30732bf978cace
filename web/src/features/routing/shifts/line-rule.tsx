// Whether a line gives new conversations only to people on shift.
import { SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { lineShiftRuleQuery } from "./queries.ts";

const choices = { same: null, on: true, off: false } as const;
type Choice = keyof typeof choices;

export function LineShiftRule({ line }: { line: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const rule = useQuery(lineShiftRuleQuery(line));
  const { queryKey } = lineShiftRuleQuery(line);
  const save = useMutation({
    mutationFn: (choice: Choice) => put(`/lines/${line}/shift-rule`, { only_on_shift: choices[choice] }),
    onSuccess: (_, choice) => {
      client.setQueryData(queryKey, choices[choice]);
      notifyDone(t("staff:saved"));
    },
    onError: (error) => notifyError(error),
  });
  const chosen = (Object.keys(choices) as Choice[]).find((each) => choices[each] === rule.data);
  return (
    <FormSection title={t("shifts:line.title")} text={t("shifts:line.text")}>
      {rule.error && rule.data === undefined ? (
        <ErrorState error={rule.error} retry={() => void rule.refetch()} compact />
      ) : rule.data === undefined ? (
        <RowSkeletons count={1} height={32} />
      ) : (
        <SegmentedControl
          aria-label={t("shifts:line.title")}
          data={(Object.keys(choices) as Choice[]).map((value) => ({
            value,
            label: t(`shifts:line.${value}`),
          }))}
          value={save.isPending ? save.variables : chosen}
          onChange={(value) => save.mutate(value as Choice)}
          data-testid="line-shift-rule"
        />
      )}
    </FormSection>
  );
}
