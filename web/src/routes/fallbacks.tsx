// What the router shows while a page is on its way, when it failed, and when there is none.
import { Button, Loader } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState, ErrorState } from "@/ui/states.tsx";

export function PagePending() {
  const { t } = useTranslation();
  return (
    <div style={{ display: "grid", placeItems: "center", height: "100%" }}>
      <Loader size={24} color="gray" aria-label={t("common:loading")} />
    </div>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const boundary = useQueryErrorResetBoundary();
  return (
    <ErrorState
      error={error}
      retry={() => {
        boundary.reset();
        reset();
        void router.invalidate();
      }}
    />
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<IconMapOff size={28} stroke={1.5} />}
      title={t("common:notFound.title")}
      text={t("common:notFound.text")}
      action={
        <Button component={Link} to="/" variant="default">
          {t("common:notFound.home")}
        </Button>
      }
    />
  );
}
