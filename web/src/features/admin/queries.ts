// What the pages of administration read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type {
  Channel,
  CompanySettings,
  ConversationRow,
  Group,
  HeldPolicy,
  Id,
  Items,
  JobCounters,
  Line,
  Mailbox,
  Page,
  QuarantineItem,
  Role,
  ServiceCatalogue,
  ServicesSla,
  SlaPolicy,
  User,
} from "@/api/types.ts";

/** Archived lines are in the list too; pages filter. */
export const allLinesQuery = queryOptions({
  queryKey: ["admin", "lines"],
  queryFn: ({ signal }) => get<Items<Line>>("/lines", { archived: true }, signal),
});
export const lineQuery = (id: Id) =>
  queryOptions({
    queryKey: ["admin", "lines", id],
    queryFn: ({ signal }) => get<Line>(`/lines/${id}`, undefined, signal),
  });
export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => get<Items<Group>>("/groups", undefined, signal),
});
export const rolesQuery = queryOptions({
  queryKey: ["admin", "roles"],
  queryFn: ({ signal }) => get<Items<Role>>("/roles", undefined, signal),
});
export const userQuery = (id: Id) =>
  queryOptions({
    queryKey: ["admin", "users", id],
    queryFn: ({ signal }) => get<User>(`/users/${id}`, undefined, signal),
  });
export const userSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["admin", "users", "search", search],
    queryFn: ({ signal }) => get<Page<User>>("/users", { search, limit: 20 }, signal),
  });
export const companyQuery = queryOptions({
  queryKey: ["admin", "company"],
  queryFn: ({ signal }) => get<CompanySettings>("/settings", undefined, signal),
});
export const mailboxesQuery = queryOptions({
  queryKey: ["mailboxes"],
  queryFn: ({ signal }) => get<Items<Mailbox>>("/mailboxes", undefined, signal),
});
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => get<Items<Channel>>("/channels", undefined, signal),
});
export const jobCountersQuery = queryOptions({
  queryKey: ["jobs", "counters"],
  queryFn: ({ signal }) => get<JobCounters>("/jobs/counters", undefined, signal),
});
export const anyConversationQuery = queryOptions({
  queryKey: ["admin", "any-conversation"],
  queryFn: ({ signal }) => get<Page<ConversationRow>>("/conversations", { view: "all", limit: 1 }, signal),
  staleTime: 5_000,
});
export const firstQuarantineQuery = queryOptions({
  queryKey: ["quarantine", "first"],
  queryFn: ({ signal }) => get<Page<QuarantineItem>>("/quarantine", { limit: 50 }, signal),
});

export const policiesQuery = queryOptions({
  queryKey: ["sla", "policies"],
  queryFn: ({ signal }) => get<Items<SlaPolicy>>("/sla-policies", undefined, signal),
});
export const servicesQuery = queryOptions({
  queryKey: ["services"] as const,
  queryFn: ({ signal }) => get<Items<ServiceCatalogue>>("/services", undefined, signal),
});
/** Which policies hold for services, and which services have none. */
export const servicesSlaQuery = queryOptions({
  queryKey: ["sla", "services"],
  queryFn: ({ signal }) => get<ServicesSla>("/service-sla", undefined, signal),
});
export const lineSlaQuery = (line: Id) =>
  queryOptions({
    queryKey: ["sla", "line", line],
    queryFn: ({ signal }) => get<HeldPolicy>(`/lines/${line}/sla`, undefined, signal),
  });
