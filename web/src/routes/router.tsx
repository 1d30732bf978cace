// Every address of the application in one list. Pages are loaded when they are first opened; a new page is one line here.
import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "@/api/me.ts";
import { onSignedOut, queryClient } from "@/api/query-client.ts";
import type { JobState, LedgerOutcome, UpdateState } from "@/api/types.ts";
import { firstAdminPage } from "@/features/admin/sections.ts";
import { setupQuery } from "@/features/auth/queries.ts";
import { NotFound, PageError, PagePending } from "./fallbacks.tsx";
import { admin, root, shell } from "./frame.tsx";
import {
  formTabs,
  jobStates,
  lastView,
  lineTabs,
  outcomes,
  text,
  updateStates,
  views,
  workspaceSearch,
} from "./search.ts";

// Without a login.
const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: text(search.next) }),
  beforeLoad: async ({ context }) => {
    // A server that cannot tell yet is no reason to hide the form.
    const state = await context.queryClient.fetchQuery(setupQuery).catch(() => null);
    if (state?.needed) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(() => import("@/features/auth/login-page.tsx"), "LoginPage"),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: async ({ context }) => {
    const state = await context.queryClient.fetchQuery(setupQuery);
    if (!state.needed) throw redirect({ to: "/" });
  },
  component: lazyRouteComponent(() => import("@/features/auth/setup-page.tsx"), "SetupPage"),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/c/$view", params: { view: lastView() } });
  },
});

const workspace = createRoute({
  getParentRoute: () => shell,
  path: "/c/$view",
  validateSearch: workspaceSearch,
  beforeLoad: ({ params }) => {
    if (!views.some((view) => view === params.view))
      throw redirect({ to: "/c/$view", params: { view: "open" } });
  },
  component: lazyRouteComponent(() => import("@/features/desk/workspace.tsx"), "Workspace"),
});
const conversation = createRoute({ getParentRoute: () => workspace, path: "/$conversationId" });
const search = createRoute({
  getParentRoute: () => shell,
  path: "/search",
  validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("@/features/desk/search-page.tsx"), "SearchPage"),
});

const monitor = createRoute({
  getParentRoute: () => shell,
  path: "/monitor",
  component: lazyRouteComponent(() => import("@/features/routing/monitor-page.tsx"), "MonitorPage"),
});
const clients = createRoute({
  getParentRoute: () => shell,
  path: "/clients",
  validateSearch: (search: Record<string, unknown>): { line?: string; client?: string } => ({
    line: text(search.line),
    client: text(search.client),
  }),
  component: lazyRouteComponent(() => import("@/features/clients/clients-page.tsx"), "ClientsPage"),
});

// Own settings.
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/auth/settings-layout.tsx"), "SettingsLayout"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile" });
  },
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: "/profile",
  component: lazyRouteComponent(() => import("@/features/auth/profile-page.tsx"), "ProfilePage"),
});
const password = createRoute({
  getParentRoute: () => settings,
  path: "/password",
  component: lazyRouteComponent(() => import("@/features/auth/password-page.tsx"), "PasswordPage"),
});
const sessions = createRoute({
  getParentRoute: () => settings,
  path: "/sessions",
  component: lazyRouteComponent(() => import("@/features/auth/sessions-page.tsx"), "SessionsPage"),
});
const tokens = createRoute({
  getParentRoute: () => settings,
  path: "/tokens",
  component: lazyRouteComponent(() => import("@/features/auth/tokens-page.tsx"), "TokensPage"),
});

// Administration.
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

const routeTree = root.addChildren([
  login,
  setup,
  shell.addChildren([
    home,
    workspace.addChildren([conversation]),
    search,
    monitor,
    clients,
    settings.addChildren([settingsHome, profile, password, sessions, tokens]),
    admin.addChildren([
      adminHome,
      overview,
      lines,
      lineNew,
      line,
      users,
      user,
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
      channels,
      channelNew,
      channel,
      channelUpdates,
      sources,
      blocks,
      properties,
      quarantine,
      quarantineItem,
    ]),
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 300,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// The session ended while the page was open: sign in again and come back to the same place.
onSignedOut(() => {
  const { location } = router.state;
  if (location.pathname === "/login" || location.pathname === "/setup") return;
  queryClient.removeQueries({ queryKey: meQuery.queryKey });
  void router.navigate({ to: "/login", search: { next: location.href } });
});
