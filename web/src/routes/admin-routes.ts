// The addresses of administration. A new page is one line here.
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "@/api/me.ts";
import type { JobState, LedgerOutcome, UpdateState } from "@/api/types.ts";
import { firstAdminPage } from "@/features/admin/sections.ts";
import { outcomes } from "@/features/email/outcomes.ts";
import { admin } from "./frame.tsx";
import {
  formTabs,
  jobStates,
  lineTabs,
  outagesSearch,
  routingTabs,
  slaReportSearch,
  text,
  updateStates,
  wordsSearch,
} from "./search.ts";

const adminHome = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    throw redirect({ to: firstAdminPage(me.permissions) });
  },
});
const overview = createRoute({
  getParentRoute: () => admin,
  path: "/overview",
  component: lazyRouteComponent(() => import("@/features/admin/overview-page.tsx"), "OverviewPage"),
});
const flag = (value: unknown) => value === true || undefined;
const lines = createRoute({
  getParentRoute: () => admin,
  path: "/lines",
  validateSearch: (search: Record<string, unknown>): { archived?: boolean } => ({
    archived: flag(search.archived),
  }),
  component: lazyRouteComponent(() => import("@/features/admin/lines-page.tsx"), "LinesPage"),
});
const lineFirst = createRoute({
  getParentRoute: () => admin,
  path: "/lines/first",
  component: lazyRouteComponent(() => import("@/features/admin/line-first-page.tsx"), "LineFirstPage"),
});
const lineNew = createRoute({
  getParentRoute: () => admin,
  path: "/lines/new",
  component: lazyRouteComponent(() => import("@/features/admin/line-new-page.tsx"), "LineNewPage"),
});
const line = createRoute({
  getParentRoute: () => admin,
  path: "/lines/$lineId",
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof lineTabs)[number] } => ({
    tab: lineTabs.find((tab) => tab === search.tab),
  }),
  component: lazyRouteComponent(() => import("@/features/admin/line-page.tsx"), "LinePage"),
});
const lineRouting = createRoute({
  getParentRoute: () => admin,
  path: "/lines/$lineId/routing",
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof routingTabs)[number] } => ({
    tab: routingTabs.find((tab) => tab === search.tab),
  }),
  component: lazyRouteComponent(() => import("@/features/routing/rules/routing-page.tsx"), "RoutingPage"),
});
const users = createRoute({
  getParentRoute: () => admin,
  path: "/users",
  validateSearch: (
    search: Record<string, unknown>,
  ): { search?: string; blocked?: boolean; create?: boolean } => ({
    search: text(search.search),
    blocked: flag(search.blocked),
    create: flag(search.create),
  }),
  component: lazyRouteComponent(() => import("@/features/admin/users-page.tsx"), "UsersPage"),
});
const user = createRoute({
  getParentRoute: () => admin,
  path: "/users/$userId",
  component: lazyRouteComponent(() => import("@/features/admin/user-page.tsx"), "UserPage"),
});
const userWork = createRoute({
  getParentRoute: () => admin,
  path: "/users/$userId/work",
  component: lazyRouteComponent(() => import("@/features/routing/staff-person-page.tsx"), "PersonWorkPage"),
});
const lineStaff = createRoute({
  getParentRoute: () => admin,
  path: "/lines/$lineId/staff",
  component: lazyRouteComponent(() => import("@/features/routing/staff-line-page.tsx"), "LineStaffPage"),
});
const distribution = createRoute({
  getParentRoute: () => admin,
  path: "/distribution",
  component: lazyRouteComponent(
    () => import("@/features/routing/staff-settings-page.tsx"),
    "DistributionPage",
  ),
});
const skills = createRoute({
  getParentRoute: () => admin,
  path: "/skills",
  component: lazyRouteComponent(() => import("@/features/routing/staff-skills-page.tsx"), "SkillsPage"),
});
const shifts = createRoute({
  getParentRoute: () => admin,
  path: "/shifts",
  component: lazyRouteComponent(() => import("@/features/routing/shifts/kinds-page.tsx"), "ShiftKindsPage"),
});
const workScheduleNew = createRoute({
  getParentRoute: () => admin,
  path: "/shifts/new",
  component: lazyRouteComponent(
    () => import("@/features/routing/shifts/schedule-page.tsx"),
    "WorkScheduleNewPage",
  ),
});
const workSchedule = createRoute({
  getParentRoute: () => admin,
  path: "/shifts/$scheduleId",
  component: lazyRouteComponent(
    () => import("@/features/routing/shifts/schedule-page.tsx"),
    "WorkSchedulePage",
  ),
});
const absences = createRoute({
  getParentRoute: () => admin,
  path: "/absences",
  component: lazyRouteComponent(() => import("@/features/routing/staff-absences-page.tsx"), "AbsencesPage"),
});
const activities = createRoute({
  getParentRoute: () => admin,
  path: "/activities",
  component: lazyRouteComponent(
    () => import("@/features/routing/staff-activities-page.tsx"),
    "ActivitiesPage",
  ),
});
const groups = createRoute({
  getParentRoute: () => admin,
  path: "/groups",
  component: lazyRouteComponent(() => import("@/features/admin/groups-page.tsx"), "GroupsPage"),
});
const group = createRoute({
  getParentRoute: () => admin,
  path: "/groups/$groupId",
  component: lazyRouteComponent(() => import("@/features/admin/group-page.tsx"), "GroupPage"),
});
const jobs = createRoute({
  getParentRoute: () => admin,
  path: "/jobs",
  validateSearch: (search: Record<string, unknown>): { state?: JobState; kind?: string } => ({
    state: jobStates.find((state) => state === search.state),
    kind: text(search.kind),
  }),
  component: lazyRouteComponent(() => import("@/features/admin/jobs-page.tsx"), "JobsPage"),
});
const company = createRoute({
  getParentRoute: () => admin,
  path: "/company",
  component: lazyRouteComponent(() => import("@/features/admin/company-page.tsx"), "CompanyPage"),
});
const mailboxes = createRoute({
  getParentRoute: () => admin,
  path: "/mailboxes",
  component: lazyRouteComponent(() => import("@/features/email/mailboxes-page.tsx"), "MailboxesPage"),
});
const mailboxNew = createRoute({
  getParentRoute: () => admin,
  path: "/mailboxes/new",
  validateSearch: (search: Record<string, unknown>): { line?: string } => ({ line: text(search.line) }),
  component: lazyRouteComponent(() => import("@/features/email/mailbox-new-page.tsx"), "MailboxNewPage"),
});
const mailbox = createRoute({
  getParentRoute: () => admin,
  path: "/mailboxes/$mailboxId",
  component: lazyRouteComponent(() => import("@/features/email/mailbox-page.tsx"), "MailboxPage"),
});
const ledger = createRoute({
  getParentRoute: () => admin,
  path: "/mailboxes/$mailboxId/ledger",
  validateSearch: (search: Record<string, unknown>): { outcome?: LedgerOutcome } => ({
    outcome: outcomes.find((outcome) => outcome === search.outcome),
  }),
  component: lazyRouteComponent(() => import("@/features/email/ledger-page.tsx"), "LedgerPage"),
});
const forms = createRoute({
  getParentRoute: () => admin,
  path: "/forms",
  component: lazyRouteComponent(() => import("@/features/forms/forms-page.tsx"), "FormsPage"),
});
const formNew = createRoute({
  getParentRoute: () => admin,
  path: "/forms/new",
  component: lazyRouteComponent(() => import("@/features/forms/form-new-page.tsx"), "FormNewPage"),
});
const form = createRoute({
  getParentRoute: () => admin,
  path: "/forms/$formId",
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof formTabs)[number] } => ({
    tab: formTabs.find((tab) => tab === search.tab),
  }),
  component: lazyRouteComponent(() => import("@/features/forms/form-page.tsx"), "FormPage"),
});
const schedules = createRoute({
  getParentRoute: () => admin,
  path: "/schedules",
  component: lazyRouteComponent(() => import("@/features/sla/schedules-page.tsx"), "SchedulesPage"),
});
const scheduleNew = createRoute({
  getParentRoute: () => admin,
  path: "/schedules/new",
  component: lazyRouteComponent(() => import("@/features/sla/schedule-page.tsx"), "ScheduleNewPage"),
});
const schedule = createRoute({
  getParentRoute: () => admin,
  path: "/schedules/$scheduleId",
  component: lazyRouteComponent(() => import("@/features/sla/schedule-page.tsx"), "SchedulePage"),
});
const slaPolicies = createRoute({
  getParentRoute: () => admin,
  path: "/sla-policies",
  component: lazyRouteComponent(() => import("@/features/sla/policies-page.tsx"), "PoliciesPage"),
});
const slaPolicyNew = createRoute({
  getParentRoute: () => admin,
  path: "/sla-policies/new",
  component: lazyRouteComponent(() => import("@/features/sla/policy-page.tsx"), "PolicyNewPage"),
});
const slaPolicy = createRoute({
  getParentRoute: () => admin,
  path: "/sla-policies/$policyId",
  component: lazyRouteComponent(() => import("@/features/sla/policy-page.tsx"), "PolicyPage"),
});
const services = createRoute({
  getParentRoute: () => admin,
  path: "/services",
  component: lazyRouteComponent(() => import("@/features/admin/services-page.tsx"), "ServicesPage"),
});
const processingRoutes = createRoute({
  getParentRoute: () => admin,
  path: "/routes",
  component: lazyRouteComponent(() => import("@/features/sla/routes/routes-page.tsx"), "RoutesPage"),
});
const processingRouteNew = createRoute({
  getParentRoute: () => admin,
  path: "/routes/new",
  component: lazyRouteComponent(() => import("@/features/sla/routes/route-page.tsx"), "RouteNewPage"),
});
const processingRoute = createRoute({
  getParentRoute: () => admin,
  path: "/routes/$routeId",
  component: lazyRouteComponent(() => import("@/features/sla/routes/route-page.tsx"), "RoutePage"),
});
const olaNew = createRoute({
  getParentRoute: () => admin,
  path: "/olas/new",
  component: lazyRouteComponent(() => import("@/features/sla/routes/ola-page.tsx"), "OlaNewPage"),
});
const ola = createRoute({
  getParentRoute: () => admin,
  path: "/olas/$olaId",
  component: lazyRouteComponent(() => import("@/features/sla/routes/ola-page.tsx"), "OlaPage"),
});
const clientCategories = createRoute({
  getParentRoute: () => admin,
  path: "/client-categories",
  component: lazyRouteComponent(
    () => import("@/features/admin/client-categories-page.tsx"),
    "ClientCategoriesPage",
  ),
});
const tariffPlans = createRoute({
  getParentRoute: () => admin,
  path: "/tariff-plans",
  component: lazyRouteComponent(() => import("@/features/admin/tariff-plans-page.tsx"), "TariffPlansPage"),
});
const outages = createRoute({
  getParentRoute: () => admin,
  path: "/outages",
  validateSearch: outagesSearch,
  component: lazyRouteComponent(() => import("@/features/sla/outages-page.tsx"), "OutagesPage"),
});
const slaReport = createRoute({
  getParentRoute: () => admin,
  path: "/sla-report",
  validateSearch: slaReportSearch,
  component: lazyRouteComponent(() => import("@/features/sla/report-page.tsx"), "ReportPage"),
});
const channels = createRoute({
  getParentRoute: () => admin,
  path: "/channels",
  component: lazyRouteComponent(() => import("@/features/channels/channels-page.tsx"), "ChannelsPage"),
});
const channelNew = createRoute({
  getParentRoute: () => admin,
  path: "/channels/new",
  validateSearch: (search: Record<string, unknown>): { kind?: string; line?: string } => ({
    kind: text(search.kind),
    line: text(search.line),
  }),
  component: lazyRouteComponent(() => import("@/features/channels/channel-new-page.tsx"), "ChannelNewPage"),
});
const channel = createRoute({
  getParentRoute: () => admin,
  path: "/channels/$channelId",
  component: lazyRouteComponent(() => import("@/features/channels/channel-page.tsx"), "ChannelPage"),
});
const channelUpdates = createRoute({
  getParentRoute: () => admin,
  path: "/channels/$channelId/updates",
  validateSearch: (search: Record<string, unknown>): { state?: UpdateState } => ({
    state: updateStates.find((state) => state === search.state),
  }),
  component: lazyRouteComponent(
    () => import("@/features/channels/channel-updates-page.tsx"),
    "ChannelUpdatesPage",
  ),
});
const blocks = createRoute({
  getParentRoute: () => admin,
  path: "/blocks",
  component: lazyRouteComponent(() => import("@/features/admin/blocks-page.tsx"), "BlocksPage"),
});
const properties = createRoute({
  getParentRoute: () => admin,
  path: "/properties",
  component: lazyRouteComponent(() => import("@/features/clients/properties-page.tsx"), "PropertiesPage"),
});
const cannedReplies = createRoute({
  getParentRoute: () => admin,
  path: "/canned-replies",
  validateSearch: wordsSearch,
  component: lazyRouteComponent(
    () => import("@/features/desk/canned-replies/canned-replies-page.tsx"),
    "SharedRepliesPage",
  ),
});
const sources = createRoute({
  getParentRoute: () => admin,
  path: "/sources",
  component: lazyRouteComponent(() => import("@/features/admin/sources-page.tsx"), "SourcesPage"),
});
const quarantine = createRoute({
  getParentRoute: () => admin,
  path: "/quarantine",
  component: lazyRouteComponent(() => import("@/features/email/quarantine-page.tsx"), "QuarantinePage"),
});
const quarantineItem = createRoute({
  getParentRoute: () => admin,
  path: "/quarantine/$itemId",
  component: lazyRouteComponent(
    () => import("@/features/email/quarantine-item-page.tsx"),
    "QuarantineItemPage",
  ),
});

export const adminRoutes = [
  adminHome,
  overview,
  lines,
  lineFirst,
  lineNew,
  line,
  lineRouting,
  lineStaff,
  distribution,
  users,
  user,
  userWork,
  skills,
  shifts,
  workScheduleNew,
  workSchedule,
  absences,
  activities,
  groups,
  group,
  jobs,
  company,
  mailboxes,
  mailboxNew,
  mailbox,
  ledger,
  forms,
  formNew,
  form,
  schedules,
  scheduleNew,
  schedule,
  slaPolicies,
  slaPolicyNew,
  slaPolicy,
  processingRoutes,
  processingRouteNew,
  processingRoute,
  olaNew,
  ola,
  slaReport,
  services,
  clientCategories,
  tariffPlans,
  outages,
  channels,
  channelNew,
  channel,
  channelUpdates,
  cannedReplies,
  sources,
  blocks,
  properties,
  quarantine,
  quarantineItem,
] as const;
