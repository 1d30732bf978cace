// The frame of the own settings.
import {
  IconBell,
  IconDevices,
  IconHistory,
  IconKey,
  IconLock,
  IconMessage2Bolt,
  IconUser,
} from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { SectionsLayout } from "@/ui/page.tsx";

const icon = { size: 18, stroke: 1.5 } as const;

export function SettingsLayout() {
  const { t } = useTranslation();
  const can = useCan();
  const items = [
    { to: "/settings/profile", label: t("common:nav.profile"), icon: <IconUser {...icon} /> },
    { to: "/settings/notifications", label: t("notify:title"), icon: <IconBell {...icon} /> },
    { to: "/settings/day", label: t("staff:day.title"), icon: <IconHistory {...icon} /> },
    { to: "/settings/password", label: t("auth:password.title"), icon: <IconLock {...icon} /> },
    { to: "/settings/sessions", label: t("auth:sessions.title"), icon: <IconDevices {...icon} /> },
  ];
  if (can("conversations.reply"))
    items.splice(2, 0, {
      to: "/settings/canned-replies",
      label: t("answers:own.title"),
      icon: <IconMessage2Bolt {...icon} />,
    });
  if (can("tokens.own"))
    items.push({ to: "/settings/tokens", label: t("auth:tokens.title"), icon: <IconKey {...icon} /> });
  return (
    <SectionsLayout title={t("auth:settings")} groups={[{ items }]}>
      <Outlet />
    </SectionsLayout>
  );
}
