// What the addresses stand in: the root, the rail for those who are signed in, the frame of administration.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "@/api/http.ts";
import { meQuery } from "@/api/me.ts";
import { Shell } from "./shell.tsx";

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

// With a login: the rail and what it leads to.
export const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiError && error.code === "setup_required") throw redirect({ to: "/setup" });
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/login", search: { next: location.href === "/" ? undefined : location.href } });
      }
      throw error;
    }
  },
  component: Shell,
});

// Administration.
export const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  component: lazyRouteComponent(() => import("@/features/admin/admin-layout.tsx"), "AdminLayout"),
});
