// Where the application starts: texts first, then providers, then the router.
import "@fontsource-variable/inter/wght.css";
import "./ui/mantine-styles.css";
import "@mantine/notifications/styles.layer.css";
import "./ui/tokens.css";
import "./ui/global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query-client.ts";
import { startI18n } from "./i18n/index.ts";
import { router } from "./routes/router.tsx";
import { cssVariablesResolver, theme } from "./ui/theme.ts";

await startI18n();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Notifications position="bottom-left" limit={3} zIndex={400} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
