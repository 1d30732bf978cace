// Asks the server what the schedule in the editor makes of the question beside it, a moment after the last key.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http.ts";
import type { SchedulePreview } from "@/api/types.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { previewQuery } from "./queries.ts";
import {
  type Asked,
  type Edited,
  type Faults,
  faultsOf,
  questionOf,
  unreadableTimes,
} from "./schedule-model.ts";

export interface Told {
  preview: SchedulePreview | undefined;
  /** Why there is no answer, when it is not a field's fault. */
  error: Error | null;
  /** Some field has to be corrected first. */
  wrong: boolean;
  /** Complaints about the question. */
  fields: Record<string, string>;
  /** Complaints about the schedule. */
  faults: Faults;
}

export function usePreview(definition: Edited, asked: Asked): Told {
  const { t } = useTranslation();
  const unreadable = unreadableTimes(definition);
  const question = useDebounced(JSON.stringify(questionOf(definition, asked)), 250);
  const parsed = JSON.parse(question);
  const { data, error } = useQuery({
    ...previewQuery(parsed),
    placeholderData: keepPreviousData,
    enabled: unreadableTimes(parsed.schedule).length === 0,
  });
  const fields = error instanceof ApiError ? error.fields : {};
  const known = Object.keys(fields).length > 0;
  const own = Object.fromEntries(unreadable.map((at) => [at, t("sla:hours.wrong")]));
  const wrong = unreadable.length > 0 || known;
  return {
    preview: wrong || error ? undefined : data,
    error: known ? null : error,
    wrong,
    fields,
    faults: { ...faultsOf(fields, "schedule."), ...own },
  };
}
