// Short messages at the corner. Failures stay until closed or ten seconds pass; good news leaves by itself.
import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import { errorText } from "./states.tsx";

export function notifyError(error: unknown, title?: string): void {
  notifications.show({
    color: "red",
    title,
    message: errorText(error, (key) => i18next.t(key)),
    autoClose: 10_000,
    closeButtonProps: { "aria-label": i18next.t("common:close") },
  });
}

/** A failure in our own words, which say what to do. */
export function notifyProblem(message: string): void {
  notifications.show({
    color: "red",
    message,
    autoClose: 10_000,
    closeButtonProps: { "aria-label": i18next.t("common:close") },
  });
}

export function notifyDone(message: string): void {
  notifications.show({
    message,
    autoClose: 4_000,
    closeButtonProps: { "aria-label": i18next.t("common:close") },
  });
}
