// The frame of administration.
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SectionsLayout } from "@/ui/page.tsx";

export function AdminLayout() {
  const { t } = useTranslation();
  return (
    <SectionsLayout title={t("common:nav.admin")} groups={[]}>
      <Outlet />
    </SectionsLayout>
  );
}
