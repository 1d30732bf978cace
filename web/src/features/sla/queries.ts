// What the pages of schedules read.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "@/api/http.ts";
import type {
  AvailabilityRow,
  ClientCompany,
  Group,
  Id,
  Items,
  Line,
  Operator,
  Page,
  ProductionCalendar,
  SchedulePreview,
  ServiceCatalogue,
  SlaPersonFigures,
  SlaPolicy,
  SlaRecord,
  SlaReport,
  SlaServiceFigures,
  SlaSubject,
  StageReport,
} from "@/api/types.ts";
import type { Question } from "./schedule-model.ts";

export const productionQuery = queryOptions({
  queryKey: ["production-calendars"],
  queryFn: ({ signal }) => get<Items<ProductionCalendar>>("/production-calendars", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});
/** What the server makes of a schedule that may not be saved yet; its complaints are the editor's. */
export const previewQuery = (question: Question) =>
  queryOptions({
    queryKey: ["schedule-preview", question],
    queryFn: () => post<SchedulePreview>("/schedules/preview", question),
    retry: false,
    gcTime: 60_000,
  });

export const policiesQuery = queryOptions({
  queryKey: ["sla", "policies"],
  queryFn: ({ signal }) => get<Items<SlaPolicy>>("/sla-policies", undefined, signal),
});
export const policyQuery = (id: Id) =>
  queryOptions({
    queryKey: ["sla", "policies", id],
    queryFn: ({ signal }) => get<SlaPolicy>(`/sla-policies/${id}`, undefined, signal),
  });
export const linesQuery = queryOptions({
  queryKey: ["lines"] as const,
  queryFn: ({ signal }) => get<Items<Line>>("/lines", undefined, signal),
  staleTime: 5 * 60_000,
});
export const allLinesQuery = queryOptions({
  queryKey: ["admin", "lines"],
  queryFn: ({ signal }) => get<Items<Line>>("/lines", { archived: true }, signal),
});
export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => get<Items<Group>>("/groups", undefined, signal),
});
export const operatorsQuery = queryOptions({
  queryKey: ["operators"] as const,
  queryFn: ({ signal }) => get<Items<Operator>>("/operators", undefined, signal),
  staleTime: 5 * 60_000,
  select: (answer) => answer.items,
});
export const companySearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["companies", "search", search],
    queryFn: ({ signal }) => get<Page<ClientCompany>>("/companies", { search, limit: 20 }, signal),
  });
/** How these companies are called: a policy keeps only their ids. */
export const companyNamesQuery = (ids: readonly Id[]) =>
  queryOptions({
    queryKey: ["companies", "names", ids],
    queryFn: async ({ signal }) => {
      const names: Record<Id, string> = {};
      let after: string | null = null;
      while (ids.some((id) => names[id] === undefined)) {
        const page: Page<ClientCompany> = await get("/companies", { limit: 200, after }, signal);
        for (const { id, name } of page.items) names[id] = name;
        after = page.next;
        if (after === null) break;
      }
      return names;
    },
  });

/** Figures are as of when they are asked for. */
export const reportQuery = (asked: { from: string; to: string; line?: Id; of?: SlaSubject }) =>
  queryOptions({
    queryKey: ["sla", "report", asked],
    queryFn: ({ signal }) => get<SlaReport>("/sla-report", asked, signal),
    staleTime: 0,
  });

export const servicesReportQuery = (asked: { from: string; to: string; line?: Id }) =>
  queryOptions({
    queryKey: ["sla", "report", "services", asked],
    queryFn: ({ signal }) => get<Items<SlaServiceFigures>>("/sla-report/services", asked, signal),
    staleTime: 0,
  });

export const peopleReportQuery = (asked: { from: string; to: string; line?: Id; of?: SlaSubject }) =>
  queryOptions({
    queryKey: ["sla", "report", "people", asked],
    queryFn: ({ signal }) => get<Items<SlaPersonFigures>>("/sla-report/people", asked, signal),
    staleTime: 0,
  });

export const stageReportQuery = (asked: { from: string; to: string; line?: Id }) =>
  queryOptions({
    queryKey: ["sla", "report", "stages", asked],
    queryFn: ({ signal }) => get<StageReport>("/stage-report", asked, signal),
    staleTime: 0,
  });

export const availabilityQuery = (asked: { from: string; to: string; by: "service" | "catalogue" }) =>
  queryOptions({
    queryKey: ["outages", "availability", asked],
    queryFn: ({ signal }) => get<Items<AvailabilityRow>>("/sla-report/availability", asked, signal),
    staleTime: 0,
  });

export const servicesQuery = queryOptions({
  queryKey: ["services"] as const,
  queryFn: ({ signal }) => get<Items<ServiceCatalogue>>("/services", undefined, signal),
});

/** What a number counts; the path says of which table it is. */
export const recordsQuery = (path: string, asked: Record<string, string | undefined>) =>
  queryOptions({
    queryKey: ["sla", "report", "records", path, asked],
    queryFn: ({ signal }) => get<Items<SlaRecord>>(path, asked, signal),
    staleTime: 0,
  });
