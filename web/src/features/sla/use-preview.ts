// Asks the server what the schedule in the editor makes of the question beside it, a moment after the last key.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ApiError } from "@/api/http.ts";
import type { SchedulePreview } from "@/api/types.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { previewQuery } from "./queries.ts";
import { type Asked, type Edited, type Faults, faultsOf, questionOf } from "./schedule-model.ts";

export interface Told {
  preview: SchedulePreview | undefined;
  error: Error | null;
  /** Complaints about the question. */
  fields: Record<string, string>;
  /** Complaints about the schedule. */
  faults: Faults;
}

export function usePreview(definition: Edited, asked: Asked): Told {
  const question = useDebounced(JSON.stringify(questionOf(definition, asked)), 250);
  const { data, error } = useQuery({
    ...previewQuery(JSON.parse(question)),
    placeholderData: keepPreviousData,
  });
  const fields = error instanceof ApiError ? error.fields : {};
  return { preview: error ? undefined : data, error, fields, faults: faultsOf(fields, "schedule.") };
}
