// The frame of the own settings.
import { IconUser } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SectionsLayout } from "@/ui/page.tsx";

export function SettingsLayout() {
  const { t } = useTranslation();
  const items = [
    { to: "/settings/profile", label: t("common:nav.profile"), icon: <IconUser size={18} stroke={1.5} /> },
  ];
  return (
    <SectionsLayout title={t("common:nav.profile")} groups={[{ items }]}>
      <Outlet />
    </SectionsLayout>
  );
}
