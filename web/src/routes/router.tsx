// Every address of the application in one list. Pages are loaded when they are first opened; a new page is one line here.
import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "@/api/me.ts";
import { onSignedOut, queryClient } from "@/api/query-client.ts";
import { setupQuery } from "@/features/auth/queries.ts";
import { adminRoutes } from "./admin-routes.ts";
import { NotFound, PageError, PagePending } from "./fallbacks.tsx";
import { admin, root, shell } from "./frame.tsx";
import {
  boardSearch,
  lastView,
  tasksSearch,
  text,
  ticketsSearch,
  views,
  wordsSearch,
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

const notifications = createRoute({
  getParentRoute: () => shell,
  path: "/notifications",
  validateSearch: (search: Record<string, unknown>): { unread?: boolean } => ({
    unread: search.unread === true || undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/notify/feed-page.tsx"), "FeedPage"),
});
const monitor = createRoute({
  getParentRoute: () => shell,
  path: "/monitor",
  component: lazyRouteComponent(() => import("@/features/routing/monitor-page.tsx"), "MonitorPage"),
});
const shifts = createRoute({
  getParentRoute: () => shell,
  path: "/shifts",
  validateSearch: (
    search: Record<string, unknown>,
  ): { month?: string; view?: "plan" | "fact"; group?: string } => ({
    month: /^\d{4}-\d\d$/.test(String(search.month)) ? String(search.month) : undefined,
    view: search.view === "fact" ? "fact" : undefined,
    group: text(search.group),
  }),
  component: lazyRouteComponent(() => import("@/features/routing/shifts/plan-page.tsx"), "PlanPage"),
});
const board = createRoute({
  getParentRoute: () => shell,
  path: "/board",
  validateSearch: boardSearch,
  component: lazyRouteComponent(() => import("@/features/routing/board-page.tsx"), "BoardPage"),
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

const tasks = createRoute({
  getParentRoute: () => shell,
  path: "/tasks",
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("@/features/desk/tasks/tasks-page.tsx"), "TasksPage"),
});
const tickets = createRoute({
  getParentRoute: () => shell,
  path: "/tickets",
  validateSearch: ticketsSearch,
  component: lazyRouteComponent(() => import("@/features/desk/tickets/tickets-page.tsx"), "TicketsPage"),
});
const ticket = createRoute({
  getParentRoute: () => shell,
  path: "/tickets/$number",
  component: lazyRouteComponent(() => import("@/features/desk/tickets/ticket-page.tsx"), "TicketPage"),
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
const ownDay = createRoute({
  getParentRoute: () => settings,
  path: "/day",
  component: lazyRouteComponent(() => import("@/features/routing/own-day-page.tsx"), "OwnDayPage"),
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
const notificationSettings = createRoute({
  getParentRoute: () => settings,
  path: "/notifications",
  component: lazyRouteComponent(() => import("@/features/notify/settings-page.tsx"), "NotificationSettings"),
});
const ownReplies = createRoute({
  getParentRoute: () => settings,
  path: "/canned-replies",
  validateSearch: wordsSearch,
  component: lazyRouteComponent(
    () => import("@/features/desk/canned-replies/canned-replies-page.tsx"),
    "OwnRepliesPage",
  ),
});

const routeTree = root.addChildren([
  login,
  setup,
  shell.addChildren([
    home,
    workspace.addChildren([conversation]),
    search,
    notifications,
    monitor,
    shifts,
    board,
    clients,
    tasks,
    tickets,
    ticket,
    settings.addChildren([
      settingsHome,
      profile,
      notificationSettings,
      ownReplies,
      ownDay,
      password,
      sessions,
      tokens,
    ]),
    admin.addChildren(adminRoutes),
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
